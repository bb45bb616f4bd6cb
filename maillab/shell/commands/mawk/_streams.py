"""Records in, text out: the files and commands an awk program reads and writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from maillab.shell.commands.mawk._values import AwkError
from maillab.sim.host.errno import SysError
from maillab.sim.host.posix_regex import Regex

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

LONGEST_RECORD = 16 << 20
BUFFER = 65536
FALSE_STATUS = 256

Separator = str | Regex
"""What ends a record: a text (one character; "" is blank lines) or an expression."""


class Reader:
    """Cuts what a descriptor gives into records; never reads on once a record is complete."""

    def __init__(self, sys: Process, fd: int) -> None:
        self.sys = sys
        self.fd = fd
        self.text = ""
        self.at = 0
        self.ended = False

    async def record(self, separator: Separator) -> str | None:
        """The next record without its separator, None at the end."""
        if separator == "\n" or (isinstance(separator, str) and separator):
            return await self._until(lambda start: self._find_text(separator, start), keeps=0)
        if separator == "":
            return await self._paragraph()
        return await self._until(lambda start: self._find_regex(separator), keeps=0)

    def _find_text(self, separator: Separator, start: int) -> tuple[int, int] | None:
        assert isinstance(separator, str)
        found = self.text.find(separator, start)
        return None if found < 0 else (found, found + len(separator))

    def _find_regex(self, separator: Regex) -> tuple[int, int] | None:
        position = self.at
        while found := separator.search(self.text, position):
            if found.end() > found.start():
                return None if found.end() == len(self.text) and not self.ended else found.span()
            position = found.end() + 1
            if position > len(self.text):
                return None
        return None

    async def _until(self, find: Callable[[int], tuple[int, int] | None], keeps: int) -> str | None:
        looked = self.at
        while True:
            found = find(looked)
            if found is not None:
                record = self.text[self.at : found[0]]
                self.at = found[1]
                return record
            before = self.at
            looked = max(self.at, len(self.text) - keeps)
            if not await self._more():
                break
            looked -= before
        if self.at >= len(self.text):
            return None
        record = self.text[self.at :]
        self.at = len(self.text)
        return record

    async def _paragraph(self) -> str | None:
        while True:
            while self.at < len(self.text) and self.text[self.at] == "\n":
                self.at += 1
            if self.at < len(self.text) or not await self._more():
                break
        record = await self._until(lambda start: self._find_text("\n\n", max(self.at, start - 1)), keeps=1)
        return record.rstrip("\n") if record is not None else None

    async def _more(self) -> bool:
        """Read on; False at the end of the file."""
        if self.ended:
            return False
        data = await self.sys.read(self.fd, BUFFER)
        if not data:
            self.ended = True
            return False
        self.text = self.text[self.at :] + data.decode("latin-1")
        self.at = 0
        if len(self.text) > LONGEST_RECORD:
            raise AwkError("out of memory")
        return True


class Writer:
    """Buffered output to a file or a command."""

    def __init__(self, sys: Process, fd: int, *, pid: int = 0, limit: int = BUFFER, by_line: bool = False) -> None:
        self.sys = sys
        self.fd = fd
        self.pid = pid
        self.parts: list[str] = []
        self.size = 0
        self.limit = limit
        self.by_line = by_line

    async def write(self, text: str) -> None:
        """Keep the text; send it on when there is enough."""
        self.parts.append(text)
        self.size += len(text)
        if self.size >= self.limit or (self.by_line and "\n" in text):
            await self.flush()

    async def flush(self) -> None:
        """Send on what is kept."""
        if self.parts:
            data = "".join(self.parts).encode("latin-1")
            self.parts.clear()
            self.size = 0
            await self.sys.write(self.fd, data)


class Streams:
    """All open files and commands by name."""

    def __init__(self, sys: Process) -> None:
        self.sys = sys
        self.stdout = Writer(sys, 1, by_line=sys.isatty(1))
        self.outputs: dict[str, Writer] = {"/dev/stdout": self.stdout, "-": self.stdout}
        self.outputs["/dev/stderr"] = Writer(sys, 2, limit=0)
        self.inputs: dict[str, Reader] = {}
        self.children: dict[str, int] = {}

    async def output(self, how: str, name: str) -> Writer:
        """The writer of a redirection, opened on first use."""
        writer = self.outputs.get(name)
        if writer is None:
            writer = await self._start(name) if how == "|" else self._create(name, "w" if how == ">" else "a")
            self.outputs[name] = writer
        return writer

    def _create(self, name: str, flags: str) -> Writer:
        try:
            return Writer(self.sys, self.sys.open(to_path(name), flags))
        except SysError as error:
            raise OutputError(f'cannot open "{name}" for output ({error.strerror})') from None

    async def _start(self, command: str) -> Writer:
        await self.flush()
        reading, writing = self.sys.pipe()
        pid = self.shell(command, {0: reading, 1: 1, 2: 2})
        self.sys.close(reading)
        return Writer(self.sys, writing, pid=pid)

    def shell(self, command: str, fds: dict[int, int]) -> int:
        """Start `sh -c command`."""
        return self.sys.spawn("/bin/sh", ["sh", "-c", to_path(command)], fds=fds)

    def input(self, name: str) -> Reader | None:
        """The reader of `getline < name`; None when it cannot be opened."""
        reader = self.inputs.get(name)
        if reader is None:
            try:
                fd = 0 if name in ("-", "/dev/stdin") else self.sys.open(to_path(name), "r")
            except SysError:
                return None
            reader = self.inputs[name] = Reader(self.sys, fd)
        return reader

    async def command(self, command: str) -> Reader:
        """The reader of `command | getline`, started on first use."""
        reader = self.inputs.get(command)
        if reader is None:
            await self.flush()
            reading, writing = self.sys.pipe()
            self.children[command] = self.shell(command, {0: 0, 1: writing, 2: 2})
            self.sys.close(writing)
            reader = self.inputs[command] = Reader(self.sys, reading)
        return reader

    async def close(self, name: str) -> float:
        """close(): the status of a command, 0 for a file, -1 when nothing of that name is open."""
        result = -1.0
        writer = self.outputs.pop(name, None)
        if writer is not None:
            result = await self._finish(writer)
        reader = self.inputs.pop(name, None)
        if reader is not None:
            self.sys.close(reader.fd)
            pid = self.children.pop(name, 0)
            result = await self.wait(pid) if pid else 0.0
        return result

    async def _finish(self, writer: Writer) -> float:
        try:
            await writer.flush()
        except SysError:
            writer.parts.clear()
        if writer.fd > 2:
            self.sys.close(writer.fd)
        return await self.wait(writer.pid) if writer.pid else 0.0

    async def wait(self, pid: int) -> float:
        """A child's end: its exit code, or 256 and its signal."""
        _, status = await self.sys.waitpid(pid)
        if status is None:
            return -1.0
        return float(status.code) if status.code is not None else float(FALSE_STATUS + (status.signal or 0))

    async def flush(self, name: str | None = None) -> float:
        """fflush(): one output or all of them."""
        if name is not None and name not in self.outputs:
            return -1.0
        for writer in [self.outputs[name]] if name is not None else list(self.outputs.values()):
            await writer.flush()
        return 0.0

    async def end(self) -> None:
        """The end of the program: everything is written, commands that were fed are waited for."""
        await self.stdout.flush()
        for name in [name for name in self.outputs if self.outputs[name].fd > 2]:
            await self._finish(self.outputs.pop(name))


class OutputError(AwkError):
    """A redirection that cannot be opened: the message stands alone."""


def to_path(text: str) -> str:
    """Text of the program (a character a byte) as a file name or an argument."""
    return text.encode("latin-1", "replace").decode("utf-8", "surrogateescape")


def from_path(text: str) -> str:
    """A file name or an argument as text of the program."""
    return text.encode("utf-8", "surrogateescape").decode("latin-1")
