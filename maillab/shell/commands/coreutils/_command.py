"""What all programs of GNU coreutils share: help and version texts, complaints, exit status, opening of operands.

A program's docstring is its help text (as coreutils' own man pages are made from it): first the line `name - purpose`, then what
`--help` prints, then perhaps a section headed `BUGS`, which only the man page shows.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import TYPE_CHECKING, NoReturn, TypeVar

from maillab.shell import options as optionlib
from maillab.shell.locale import is_utf8
from maillab.shell.options import TRY_HELP, Given, Options, UsageError
from maillab.shell.quotearg import message_quote, name_quote, name_quote_if_needed
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

T = TypeVar("T")

_FOOTER = """
GNU coreutils online help: <https://www.gnu.org/software/coreutils/>
Report any translation bugs to <https://translationproject.org/team/>
Full documentation <https://www.gnu.org/software/coreutils/{name}>
or available locally via: info '(coreutils) {name} invocation'
"""
_VERSION = """{name} (GNU coreutils) {version}
Copyright (C) {year} Free Software Foundation, Inc.
License GPLv3+: GNU GPL version 3 or later <{scheme}://gnu.org/licenses/gpl.html>.
This is free software: you are free to change and redistribute it.
There is NO WARRANTY, to the extent permitted by law.

Written by {authors}.
"""
MODERN = (9, 1)
"""The version assumed where the program's file does not say its own."""


class Command:
    """A running coreutils program. `status` is the exit status so far, `trouble` the one complaints set (1, for ls 2).

    `cannot_open` and `cannot_read` are the program's sentences about operands: {odd} or {file} is the name as `odd` or `file` quote it.
    """

    def __init__(self, sys: Process, argv: Sequence[str], doc: str | None, authors: str, *, trouble: int = 1, name: str = ""):
        self.sys = sys
        self.argv = argv
        self.program = argv[0]
        self.doc = doc or ""
        self.name = name or self.doc.split(" ", 1)[0]
        self.authors = authors
        self.trouble = trouble
        self.status = 0
        self.utf8 = is_utf8(sys.env)
        self.version: tuple[int, ...] = package_version(sys)
        self.cannot_open = "{odd}"
        self.cannot_read = "{odd}"

    # --- the command line ----------------------------------------------------------------------------------------------

    async def read(self, table: Options) -> Given:
        """The options and operands; ends the process for --help, --version and usage errors."""
        return await table.read(self.sys, self.argv, help=self.help_text(), version=self.version_text(), status=self.trouble, hint=TRY_HELP)

    def help_text(self) -> str:
        """What --help prints."""
        body = self.doc.split("\n", 2)[2].split("\nBUGS\n")[0].rstrip("\n")
        named = re.sub(rf"^(Usage:|  or: ) {re.escape(self.name)}\b", rf"\1 {self.program}", body, flags=re.M)
        return f"{named}\n" + _FOOTER.format(name="test" if self.name == "[" else self.name)

    def version_text(self) -> str:
        """What --version prints."""
        number = ".".join(map(str, self.version))
        old = self.version < (7,)
        return _VERSION.format(
            name=self.name, version=number, year=2008 if old else 2022, scheme="http" if old else "https", authors=self.authors
        )

    def choice(self, value: str, option: str, words: Mapping[str, T]) -> T:
        """`options.choice` of the argument of `option`."""
        return optionlib.choice(value, option, words)

    # --- quoting and complaints ------------------------------------------------------------------------------------------

    def q(self, text: str) -> str:
        """A word in a message."""
        return message_quote(text, self.utf8)

    def file(self, name: str) -> str:
        """A file name inside a message: always quoted."""
        return name_quote(name, self.utf8)

    def odd(self, name: str) -> str:
        """A file name that opens a message: quoted only when it is odd."""
        return name_quote_if_needed(name, self.utf8)

    async def note(self, message: str, error: SysError | None = None) -> None:
        """Print ``program: message[: reason]`` on stderr (after what stdout still holds); the status stays."""
        await self.sys.stdout.flush()
        reason = f": {error.strerror}" if error else ""
        await self.sys.stderr.write(f"{self.program}: {message}{reason}\n")

    async def complain(self, message: str, error: SysError | None = None) -> None:
        """`note`, and the program will end with the status of trouble."""
        await self.note(message, error)
        self.status = max(self.status, self.trouble)

    async def die(self, message: str, error: SysError | None = None, status: int | None = None) -> NoReturn:
        """`note`, and end now."""
        await self.note(message, error)
        self.sys.exit(self.trouble if status is None else status)

    async def usage(self, message: str | UsageError, status: int | None = None) -> NoReturn:
        """`note`, then the hint at --help, and end now."""
        await self.note(str(message))
        await self.sys.stderr.write(TRY_HELP.replace("{prog}", self.program))
        self.sys.exit(self.trouble if status is None else status)

    async def need_operand(self, operands: Sequence[str], least: int = 1, most: int | None = None) -> None:
        """End with a usage error when there are too few or too many operands."""
        if len(operands) < least:
            await self.usage(f"missing operand after {self.q(operands[-1])}" if operands else "missing operand")
        if most is not None and len(operands) > most:
            await self.usage(f"extra operand {self.q(operands[most])}")

    # --- files -------------------------------------------------------------------------------------------------------------

    async def open(self, name: str) -> int | None:
        """A descriptor to read an operand from (0 for `-`); complains and returns None when it cannot be opened."""
        if name == "-":
            return 0
        try:
            return await open_waiting(self.sys, name)
        except SysError as error:
            await self.complain(self.about(self.cannot_open, name), error)
            return None

    def about(self, sentence: str, name: str) -> str:
        """A sentence about an operand."""
        if name == "-" and "{file}" in sentence:
            name = "standard input"
        return sentence.format(odd=self.odd(name), file=self.file(name))

    async def blocks(self, fd: int, name: str = "-") -> AsyncIterator[bytes]:
        """The bytes of a descriptor as they come; complains about a read error and ends."""
        while True:
            try:
                block = await self.sys.read(fd, 65536)
            except SysError as error:
                await self.complain(self.about(self.cannot_read, name), error)
                return
            if not block:
                return
            yield block

    async def lines(self, fd: int, name: str = "-", end: bytes = b"\n") -> AsyncIterator[bytes]:
        """The lines of a descriptor with their end; the last may lack it."""
        rest = b""
        async for block in self.blocks(fd, name):
            parts = (rest + block).split(end) if rest else block.split(end)
            rest = parts.pop()
            for part in parts:
                yield part + end
        if rest:
            yield rest

    def done(self, fd: int) -> None:
        """Close what `open` returned."""
        if fd != 0:
            self.sys.close(fd)


async def open_waiting(sys: Process, name: str, flags: str = "r") -> int:
    """open(2) of a path that may be a fifo, which waits for the other side."""
    try:
        waits = sys.stat(name).kind == "p"
    except SysError:
        waits = False
    return await sys.open_fifo(name, flags) if waits else sys.open(name, flags)


def package_version(sys: Process) -> tuple[int, ...]:
    """The version of coreutils that the running program's file belongs to."""
    program = sys.program
    return program.version if program.package == "coreutils" and program.version else MODERN
