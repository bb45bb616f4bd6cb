"""One line asked for on a terminal: keys in, screen out, history, search and completion (readline(3) as bash 5.2 sets it up)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.lineread import PlainReader
from maillab.shell.readline import completion
from maillab.shell.readline.buffer import Buffer, KillRing
from maillab.shell.readline.display import Display
from maillab.shell.readline.emacs import EmacsKeys
from maillab.shell.readline.keys import Keys
from maillab.shell.readline.search import incremental_search
from maillab.shell.readline.vi import ViKeys
from maillab.sim.host.errno import SysError
from maillab.sim.host.signals import SIGWINCH

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

DUMB = ("", "dumb", "unknown", "network")
PASTE_ON, PASTE_OFF = "\x1b[?2004h", "\x1b[?2004l\r"
MANY = 100  # completion-query-items


class TerminalReader:
    """The line reader of an interactive bash; on a terminal that cannot move its cursor the terminal edits the line itself."""

    def __init__(self, sh: Shell) -> None:
        self.sh = sh
        self.plain = PlainReader(sh)
        self.keys = Keys(sh.sys)
        self.ring = KillRing()
        self.next_history: int | None = None  # where ^O goes on
        self.last_search = ""

    def able(self) -> bool:
        """Whether lines are edited here."""
        options = self.sh.state.options
        term = self.sh.state.variables.text("TERM")
        return (options["emacs"] or options["vi"]) and term not in DUMB and self.sh.sys.isatty(0)

    async def read_line(self, prompt: str) -> str | None:
        """The line without its newline, None at the end of input. Raises SysError EINTR when a signal broke it off."""
        if self.plain.buffer or not self.able():
            return await self.plain.read_line(prompt)
        sys = self.sh.sys
        saved = sys.tcgetattr(0)
        raw = saved.copy()
        raw.icanon = raw.echo = raw.iexten = False
        sys.tcsetattr(0, raw)
        editor = Editor(self, prompt)
        sys.signal(SIGWINCH, editor.window_changed, restart=False)
        try:
            return await editor.run()
        finally:
            sys.signal(SIGWINCH, "default")
            sys.tcsetattr(0, saved)


class Editor:
    """The editing of one line."""

    def __init__(self, reader: TerminalReader, prompt: str) -> None:
        self.reader = reader
        self.sh = reader.sh
        self.keys = reader.keys
        self.ring = reader.ring
        self.buffer = Buffer()
        self.prompt = prompt
        self.history = self.sh.history.lines if self.sh.history is not None else []
        self.index = len(self.history)  # len(history) is the line being typed
        self.edited: dict[int, str] = {}
        self.resized = False
        self.last = ""  # the name of the command before, for those that go on with it
        self.done: str | None = None
        self.ended = False
        self.display = Display(self.columns())
        self.mode: EmacsKeys | ViKeys = ViKeys(self) if self.sh.state.options["vi"] else EmacsKeys(self)
        if reader.next_history is not None:
            self.visit(reader.next_history)
            reader.next_history = None

    # --- the terminal -------------------------------------------------------------------------------------------------

    def columns(self) -> int:
        """The window's width."""
        return self.sh.sys.winsize(0)[1] or 80

    def window_changed(self, number: int) -> None:
        """SIGWINCH."""
        self.resized = True

    async def write(self, text: str) -> None:
        """To the screen."""
        if text:
            await self.sh.complain(text)

    async def bell(self) -> None:
        """Something cannot be done."""
        await self.write("\a")

    async def refresh(self) -> None:
        """Bring the screen up to date."""
        await self.write(self.display.update(self.buffer.text, self.buffer.point))

    async def redraw(self) -> None:
        """Draw the line anew below what was written."""
        await self.write(self.display.start(self.prompt))
        await self.refresh()

    # --- the loop -----------------------------------------------------------------------------------------------------

    async def run(self) -> str | None:
        """Keys until Enter, the end of input or a signal."""
        await self.write(PASTE_ON)
        await self.redraw()
        try:
            while self.done is None and not self.ended:
                await self.handle(await self.next_key())
                await self.refresh()
        except SysError as error:
            await self.write(("^C" if error.name == "EINTR" and self.sh.interrupted else "") + PASTE_OFF)
            if error.name == "EINTR":
                raise
            return None
        if self.ended:
            await self.write(PASTE_OFF + "\n")
            return None
        await self.write(self.display.finish(self.buffer.text) + PASTE_OFF)
        return self.done

    async def next_key(self) -> str:
        """A key; a window that changed meanwhile is drawn anew."""
        while True:
            try:
                return await self.keys.key(meta=self.mode.meta)
            except SysError as error:
                if error.name != "EINTR" or not self.resized or self.sh.interrupted or self.sh.pending:
                    raise
                self.resized = False
                await self.write(self.display.resized(self.columns(), self.buffer.text, self.buffer.point))

    async def handle(self, key: str) -> None:
        """One key."""
        if key == "":
            self.ended = True
        elif key in ("\r", "\n"):
            self.accept()
        elif key == "paste":
            self.buffer.insert((await self.keys.paste()).rstrip("\n"))
        else:
            await self.mode.press(key)

    def accept(self) -> None:
        """Enter."""
        self.done = self.buffer.text

    # --- history ------------------------------------------------------------------------------------------------------

    def visit(self, index: int) -> bool:
        """Show another line of the history; changes to the one left are kept until Enter."""
        if not 0 <= index <= len(self.history):
            return False
        self.edited[self.index] = self.buffer.text
        self.index = index
        known = self.history[index] if index < len(self.history) else ""
        self.buffer = Buffer(self.edited.get(index, known))
        return True

    async def search(self, forward: bool) -> None:
        """^R and ^S."""
        await incremental_search(self, forward)

    # --- completion ---------------------------------------------------------------------------------------------------

    async def complete(self, *, list_now: bool = False) -> None:
        """Tab: insert what is certain; a second Tab lists what is possible."""
        place = completion.locate(self.buffer.text, self.buffer.point)
        found = completion.complete(self.sh, place)
        if not found.words:
            await self.bell()
        elif len(found.words) == 1:
            self.insert_completion(place, found, whole=True)
        elif list_now or (self.last == "complete" and found.common() == place.text):
            await self.show(found)
        else:
            if len(found.common()) > len(place.text):
                self.insert_completion(place, found, whole=False)
            await self.bell()

    def insert_completion(self, place: completion.Place, found: completion.Found, *, whole: bool) -> None:
        """Put the completion in the place of the word."""
        word = found.words[0] if whole else found.common()
        opening = self.buffer.text[place.start : place.start + 1] if place.quote else ""
        head = opening if opening and opening == place.quote else ""
        text = head + completion.quoted(word, place.quote, files=found.files)
        if whole and not (found.files and word.endswith("/")):
            text += place.quote + ("" if word.startswith("${") else " ")
        self.buffer.delete(place.start, self.buffer.point)
        self.buffer.insert(text)

    async def insert_all(self) -> None:
        """M-*: all completions."""
        place = completion.locate(self.buffer.text, self.buffer.point)
        found = completion.complete(self.sh, place)
        if not found.words:
            await self.bell()
            return
        self.buffer.delete(place.start, self.buffer.point)
        self.buffer.insert("".join(completion.quoted(word, "", files=found.files) + " " for word in found.words))

    async def show(self, found: completion.Found) -> None:
        """The list below the line, then the line again."""
        await self.write(self.display.finish(self.buffer.text))
        if len(found.words) > MANY and not await self.confirm(len(found.words)):
            await self.redraw()
            return
        await self.write(completion.listing(found, self.display.columns))
        await self.redraw()

    async def confirm(self, count: int) -> bool:
        """Whether a long list is wanted."""
        await self.write(f"Display all {count} possibilities? (y or n)")
        while True:
            key = await self.next_key()
            if key in ("y", "Y", " "):
                await self.write("\r\n")
                return True
            if key in ("n", "N", "\x7f", "\x07", ""):
                await self.write("\r\n")
                return False
            await self.bell()
