"""The editor as a machine: its state, its keys, its files, and the loop that ties the modes together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from maillab.shell.commands.vim_tiny._screen import ENTER, LEAVE, Screen
from maillab.shell.commands.vim_tiny._text import Position, Text
from maillab.shell.readline.keys import Keys
from maillab.sim.host.errno import SysError
from maillab.sim.host.signals import SIGCONT, SIGINT, SIGSTOP, SIGWINCH
from maillab.sim.host.stdio import decode, encode

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

SETTINGS = {"number": False, "ignorecase": False, "hlsearch": False, "list": False, "readonly": False, "autoindent": False, "wrapscan": True}


class Quit(Exception):
    """The editor ends."""

    def __init__(self, status: int = 0) -> None:
        super().__init__()
        self.status = status


class InputEnded(Quit):
    """Nobody types any more."""


class Refused(Exception):
    """A command cannot be done: `str(e)` is vim's message."""


@dataclass
class Change:
    """The keys of the last change, for `.`"""

    keys: list[str]


class Vi:
    """One editing session."""

    def __init__(self, sys: Process, files: list[str], *, readonly: bool) -> None:
        self.sys = sys
        self.files = files or [""]
        self.index = 0
        self.name = ""
        self.text = Text()
        self.settings = dict(SETTINGS, readonly=readonly)
        self.keys = Keys(sys)
        self.queue: list[str] = []  # keys to be obeyed before those typed
        self.recorded: list[str] | None = None
        self.change = Change([])
        self.message = ""
        self.inserting = False
        self.visual: tuple[Position, bool] | None = None  # where it began, whether it takes whole lines
        self.searched = ("", True)
        self.found_char = ("", "")
        self.substituted = ("", "", "")
        self.resized = False
        self.colours = "color" in sys.env.get("TERM", "")
        self.screen = Screen(self)

    # --- the terminal -------------------------------------------------------------------------------------------------

    async def write(self, text: str) -> None:
        """To the screen."""
        await self.sys.write(1, encode(text))

    async def refresh(self) -> None:
        """Show the present state, unless more keys wait."""
        if not self.queue:
            await self.write(self.screen.frame())

    def window_changed(self, number: int) -> None:
        """SIGWINCH."""
        self.resized = True

    async def next_key(self) -> str:
        """A key: a character or a name as "up"."""
        if self.queue:
            key = self.queue.pop(0)
        else:
            key = await self.typed_key()
        if self.recorded is not None:
            self.recorded.append(key)
        return key

    async def typed_key(self) -> str:
        """A key from the terminal; its end ends the editor."""
        while True:
            try:
                key = await self.keys.key(meta=False)
            except SysError as error:
                if error.name != "EINTR":
                    raise InputEnded(1) from None
                if self.resized:
                    self.resized = False
                    self.screen.measure()
                    await self.refresh()
                continue
            if not key:
                raise InputEnded(1)
            return key

    async def run(self, commands: list[str]) -> int:
        """From the first screen to the last key; the exit status."""
        from maillab.shell.commands.vim_tiny._ex import execute
        from maillab.shell.commands.vim_tiny._normal import Normal

        terminal = self.sys.isatty(0)
        saved = self.sys.tcgetattr(0) if terminal else None
        if saved is not None:
            self.sys.tcsetattr(0, saved.raw())
        self.sys.signal(SIGINT, "ignore")
        self.sys.signal(SIGWINCH, self.window_changed, restart=False)
        self.screen.measure()
        await self.write(ENTER)
        try:
            self.message = self.open(self.files[0])
            for command in commands:
                await execute(self, command)
            normal = Normal(self)
            while True:
                await self.refresh()
                await normal.step()
        except Quit as leaving:
            await self.write(f"\x1b[{self.screen.rows};1H\x1b[K{LEAVE}")
            if isinstance(leaving, InputEnded):
                await self.sys.stderr.write("Vim: Error reading input, exiting...\nVim: Finished.\n")
            return leaving.status
        finally:
            if saved is not None:
                self.sys.tcsetattr(0, saved)

    async def suspend(self) -> None:
        """^Z"""
        await self.write(LEAVE)
        saved = self.sys.tcgetattr(0)
        cooked = saved.copy()
        cooked.icanon = cooked.echo = cooked.isig = cooked.icrnl = cooked.opost = True
        self.sys.tcsetattr(0, cooked)
        self.sys.signal(SIGCONT, lambda number: None)
        self.sys.kill(0, SIGSTOP)
        await self.sys.sleep(0)
        self.sys.tcsetattr(0, saved)
        await self.write(ENTER)
        self.screen.measure()

    def selection(self, row: int) -> tuple[int, int] | None:
        """The columns of a line that visual mode has chosen."""
        if self.visual is None:
            return None
        start, end = sorted((self.visual[0], Position(self.text.row, self.text.col)))
        if not start.row <= row <= end.row:
            return None
        if self.visual[1]:
            return 0, 1 << 30
        return (start.col if row == start.row else 0), (end.col + 1 if row == end.row else 1 << 30)

    # --- files --------------------------------------------------------------------------------------------------------

    def open(self, name: str) -> str:
        """Read a file into the buffer: vim's message about it."""
        self.name = name
        if not name:
            self.text.load([])
            return ""
        if self.sys.isdir(name):
            self.text.load([])
            return f'"{name}" is a directory'
        try:
            data = self.sys.slurp(name)
        except SysError as error:
            self.text.load([])
            return f'"{name}" [New]' if error.name == "ENOENT" else f'"{name}" [Permission Denied]'
        lines = decode(data).split("\n")
        unfinished = lines.pop() if lines[-1] == "" else None
        self.text.load(lines)
        notes = "[readonly] " if self.settings["readonly"] or not self.sys.access(name, "w") else ""
        self.settings["readonly"] = bool(notes)
        notes += "[noeol] " if unfinished is None and data else ""
        return f'"{name}" {notes}{len(lines) if data else 0}L, {len(data)}B'

    def save(self, name: str, first: int, last: int, *, force: bool = False, append: bool = False) -> str:
        """Write lines to a file: vim's message. Raises Refused."""
        target = name or self.name
        if not target:
            raise Refused("E32: No file name")
        own = target == self.name
        exists = self.sys.exists(target)
        if own and self.settings["readonly"] and not force:
            raise Refused("E45: 'readonly' option is set (add ! to override)")
        if not own and exists and not force and not append:
            raise Refused("E13: File exists (add ! to override)")
        if self.sys.isdir(target):
            raise Refused(f'"{target}" is a directory')
        stored = self.text.stored()
        lines = stored[first : last + 1]
        data = encode("".join(line + "\n" for line in lines))
        try:
            self.sys.spew(target, data, "a" if append else "w")
        except SysError as error:
            if error.name == "ENOSPC":
                raise Refused("E514: Write error (file system full?)") from None
            raise Refused(f"\"{target}\" E212: Can't open file for writing") from None
        if not self.name:
            self.name = target
            own = True
        if own and len(lines) == len(stored):
            self.text.modified = False
        done = "appended" if append else "written"
        return f'"{target}" {"" if exists else "[New] "}{len(lines)}L, {len(data)}B {done}'
