"""What ed remembers beside the text: file name, prompt, errors; reading and writing files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from maillab.shell.commands.ed._buffer import Buffer, Refused
from maillab.sim.host.errno import SysError
from maillab.sim.host.stdio import decode, encode

if TYPE_CHECKING:
    from maillab.sim.host.process import Process


@dataclass
class Session:
    """One run of ed."""

    sys: Process
    buffer: Buffer
    name: str = ""
    quiet: bool = False
    explain: bool = False
    prompt: str = ""
    last_prompt: str = "*"
    error: str = ""
    warned: bool = False
    status: int = 0
    substitution: tuple[str, str, str] = ("", "", "")

    async def print(self, text: str, end: str = "\n") -> None:
        """To standard output, at once."""
        await self.sys.stdout.write(text + end)
        await self.sys.stdout.flush()

    async def complain(self, error: Refused) -> None:
        """`?`, and the reason when H is on."""
        self.error = str(error)
        self.status = 1
        await self.print(f"?\n{self.error}" if self.explain else "?")

    async def text_lines(self) -> list[str]:
        """What follows a, i and c: lines up to a single dot."""
        lines: list[str] = []
        while (data := await self.sys.stdin.readline()) and data != b".\n":
            lines.append(decode(data).rstrip("\n"))
        return lines

    async def read(self, name: str) -> list[str]:
        """The lines of a file, or of a command's output; its size is printed."""
        if name.startswith("!"):
            raise Refused("Cannot open input file")
        try:
            data = self.sys.slurp(name)
        except SysError as error:
            await self.sys.stderr.write(f"{name}: {error.strerror}\n")
            raise Refused("Cannot open input file") from None
        lines = decode(data).split("\n")
        if lines[-1] == "":
            lines.pop()
        elif not self.quiet:
            await self.print("Newline appended")
            data += b"\n"
        if not self.quiet:
            await self.print(str(len(data)))
        return lines

    async def load(self, name: str) -> None:
        """e: a file in the place of the buffer."""
        self.name = name
        self.buffer.lines, self.buffer.current, self.buffer.modified, self.buffer.kept = [], 0, False, None
        self.buffer.lines = await self.read(name)
        self.buffer.current = len(self.buffer.lines)

    async def save(self, name: str, lines: list[str], *, append: bool) -> None:
        """w and W."""
        target = name or self.name
        if not target:
            raise Refused("No current filename")
        self.name = self.name or target
        data = encode("".join(line + "\n" for line in lines))
        try:
            self.sys.spew(target, data, "a" if append else "w")
        except SysError as error:
            await self.sys.stderr.write(f"{target}: {error.strerror}\n")
            raise Refused("Cannot open output file") from None
        if len(lines) == len(self.buffer.lines):
            self.buffer.modified = False
        if not self.quiet:
            await self.print(str(len(data)))
