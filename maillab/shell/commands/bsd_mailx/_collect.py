"""Writing a letter: reading its text line by line, with the ~ escapes."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from maillab.shell.commands.bsd_mailx._letter import Letter
from maillab.shell.commands.bsd_mailx._messages import split_addresses
from maillab.shell.locale import is_utf8
from maillab.sim.host.errno import SysError
from maillab.sim.host.stdio import decode, encode

if TYPE_CHECKING:
    from maillab.shell.commands.bsd_mailx._session import Session

NEWLINE = b"\n"
TILDE_HELP = "/usr/share/bsd-mailx/mail.tildehelp"


class Aborted(Exception):
    """The letter was given up; `keep` says whether its text goes to dead.letter."""

    def __init__(self, keep: bool, said: str = ""):
        super().__init__()
        self.keep = keep
        self.said = said


class Collector:
    """Reads one letter."""

    def __init__(self, session: Session, letter: Letter):
        self.session = session
        self.sys = session.sys
        self.letter = letter
        self.text = bytearray()
        self.escape = session.variables.get("escape", "~")[:1]
        self.interrupted = False

    async def collect(self, show_head: bool) -> bytes:
        """The text of the letter. Raises Aborted."""
        session = self.session
        if session.interactive and self.letter.subject is None and ("ask" in session.variables or "asksub" in session.variables):
            self.letter.subject = await self._ask_subject()
        if show_head:
            await session.out(self.letter.head(is_utf8(self.sys.env), joint=" "))
        while True:
            try:
                line = await self.sys.stdin.readline()
            except SysError as error:
                if error.name != "EINTR":
                    raise
                await self._interrupt()
                continue
            if not line:
                if session.interactive and "ignoreeof" in session.variables:
                    await session.say('Use "." to terminate letter')
                    continue
                break
            self.interrupted = False
            if not await self._line(decode(line.removesuffix(b"\n"))):
                break
        if session.interactive:
            await self._ask_copies()
        return bytes(self.text)

    async def _ask_subject(self) -> str | None:
        return await self._ask("Subject: ", "")

    async def _ask(self, prompt: str, value: str) -> str:
        """A header line to be completed: what is there, and what is typed after it."""
        await self.session.out(prompt + value)
        while True:
            try:
                line = await self.sys.stdin.readline()
                return value + decode(line.removesuffix(b"\n"))
            except SysError as error:
                if error.name != "EINTR":
                    raise
                await self._interrupt()
                await self.session.out(prompt + value)

    async def _ask_copies(self) -> None:
        session, letter = self.session, self.letter
        if "askcc" in session.variables:
            letter.cc = split_names(await self._ask("Cc: ", ", ".join(letter.cc)))
        if "askbcc" in session.variables:
            letter.bcc = split_names(await self._ask("Bcc: ", ", ".join(letter.bcc)))
        if "askcc" not in session.variables and "askbcc" not in session.variables:
            await session.say("EOT")

    async def _interrupt(self) -> None:
        if "ignore" in self.session.variables:
            await self.session.say("@")
            return
        if self.interrupted:
            raise Aborted(True)
        self.interrupted = True
        await self.session.out("\n(Interrupt -- one more to kill letter)\n")

    async def _line(self, line: str) -> bool:
        """One typed line; False ends the letter."""
        session = self.session
        if line == "." and session.interactive and ("dot" in session.variables or "ignoreeof" in session.variables):
            return False
        if not session.interactive or not line.startswith(self.escape):
            self._add(encode(line) + b"\n")
            return True
        return await self._tilde(line[1:2], line[2:])

    def _add(self, data: bytes) -> None:
        self.text += data

    async def _tilde(self, letter: str, rest: str) -> bool:
        """A ~ escape."""
        words = rest.strip()
        head = self.letter
        match letter:
            case ".":
                return False
            case "x" | "q":
                raise Aborted(letter == "q", "Interrupt" if letter == "q" else "")
            case "~":
                self._add(encode("~" + rest) + b"\n")
            case "s":
                head.subject = words
            case "t":
                head.to += split_names(words)
            case "c":
                head.cc += split_names(words)
            case "b":
                head.bcc += split_names(words)
            case "R":
                head.reply_to = words
            case "h":
                await self._edit_head()
            case "p":
                await self._print()
            case "?":
                await self._help()
            case "d" | "r" | "<":
                await self._read("dead.letter" if letter == "d" else words, dead=letter == "d")
            case "w":
                await self._write(words)
            case "m" | "M" | "f" | "F":
                await self._interpolate(letter, words)
            case "!":
                await self.session.shell(words)
                await self.session.say("!")
            case "|":
                await self._filter(words)
            case ":" | "_":
                await self.session.execute(words, composing=True)
                await self.session.say("(continue)")
            case "e" | "v":
                await self._edit(letter)
            case _:
                await self.session.say("Unknown tilde escape.")
        return True

    async def _edit_head(self) -> None:
        head = self.letter
        head.to = split_names(await self._ask("To: ", " ".join(head.to)))
        head.subject = await self._ask("Subject: ", head.subject or "")
        head.cc = split_names(await self._ask("Cc: ", " ".join(head.cc)))
        head.bcc = split_names(await self._ask("Bcc: ", " ".join(head.bcc)))
        await self.session.say("(continue)")

    async def _print(self) -> None:
        head = self.letter.head(is_utf8(self.sys.env), joint=" ")
        await self.session.out("-------\nMessage contains:\n" + head)
        await self.session.out(bytes(self.text))
        await self.session.say("(continue)")

    async def _help(self) -> None:
        try:
            await self.session.out(self.sys.slurp(TILDE_HELP))
        except SysError as error:
            await self.session.warn(TILDE_HELP, error)

    async def _read(self, name: str, dead: bool = False) -> None:
        if not name:
            await self.session.say("Interpolate what file?")
            return
        path = self.session.dead_letter() if dead else await self.session.expand(name)
        try:
            data = self.sys.slurp(path)
        except SysError as error:
            await self.session.warn(path, error)
            return
        if self.sys.isdir(path):
            await self.session.say(f"{path}: Directory")
            return
        self._add(data)
        await self.session.say(f'"{path}" {data.count(NEWLINE)}/{len(data)}')

    async def _write(self, name: str) -> None:
        if not name:
            await self.session.warn_text("Write what file!?")
            return
        path = await self.session.expand(name)
        if self.sys.exists(path):
            await self.session.warn_text(f"{path}: File exists")
            return
        try:
            self.sys.spew(path, bytes(self.text))
        except SysError as error:
            await self.session.warn(path, error)
            return
        lines = self.text.count(NEWLINE)
        await self.session.say(f'"{path}" {lines}/{len(self.text)}')

    async def _interpolate(self, letter: str, words: str) -> None:
        """Put messages into the letter, indented for ~m."""
        session = self.session
        numbers = await session.selection(words) if session.messages else []
        if numbers is None:
            return
        if not numbers and session.messages and not words:
            numbers = session.default_message()
        if not numbers:
            await session.say("No appropriate messages\n(continue)")
            return
        prefix = encode(session.variables.get("indentprefix", "\t")) if letter in "mM" else b""
        await session.say("Interpolating: " + " ".join(map(str, numbers)))
        for number in numbers:
            message = session.messages[number - 1]
            message.touch()
            self._add(message.shown(session.is_ignored if letter in "mf" else None, prefix))
        await session.say("(continue)")

    async def _filter(self, command: str) -> None:
        """Pipe the text through a command and take what it prints, unless it fails or prints nothing."""
        data, status = await self.session.through(command, bytes(self.text))
        if status:
            await self.session.say(f'"{command}" failed!?')
        elif not data:
            await self.session.say(f'No bytes from "{command}" !?')
        else:
            self.text = bytearray(data)
        await self.session.say("(continue)")

    async def _edit(self, letter: str) -> None:
        data = await self.session.edit(bytes(self.text), "VISUAL" if letter == "v" else "EDITOR")
        if data is not None:
            self.text = bytearray(data)
        await self.session.say("(continue)")


def split_names(text: str) -> list[str]:
    """Names typed on a line: separated by commas, or by blanks when there is no comma."""
    if "," in text:
        return split_addresses(text)
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()
