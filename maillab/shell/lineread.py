"""Reading command lines from a person: the interface of a line editor, and the simplest one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from maillab.sim.host.errno import SysError
from maillab.sim.host.stdio import decode, encode

if TYPE_CHECKING:
    from maillab.shell.shell import Shell


class LineReader(Protocol):
    """Asks for a line. Raises SysError EINTR when a signal's handler broke the reading off."""

    async def read_line(self, prompt: str) -> str | None:
        """The line without its newline, None at the end of input."""


class PlainReader:
    """The terminal in canonical mode edits the line; the prompt goes to standard error."""

    def __init__(self, sh: Shell) -> None:
        self.sh = sh
        self.buffer = b""

    async def read_line(self, prompt: str) -> str | None:
        """A line of the terminal (or of whatever standard input is)."""
        await self.sh.sys.write(2, encode(prompt))
        while b"\n" not in self.buffer:
            try:
                data = await self.sh.sys.read(0, 4096)
            except SysError as error:
                self.buffer = b""
                if error.name == "EINTR":
                    raise
                return None
            if not data:
                rest, self.buffer = self.buffer, b""
                return decode(rest) if rest else None
            self.buffer += data
        line, self.buffer = self.buffer.split(b"\n", 1)
        return decode(line)
