"""Buffered input and output over descriptors, with the habits of the C library's stdio.

Output to a terminal is flushed at each newline, to anything else in blocks of 4096 bytes; standard error is never buffered.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

BLOCK = 4096


def encode(text: str) -> bytes:
    """Bytes of a text, undecodable bytes restored."""
    return text.encode("utf-8", "surrogateescape")


def decode(data: bytes) -> str:
    """Text of bytes, undecodable bytes kept as surrogates."""
    return data.decode("utf-8", "surrogateescape")


class WriteError(SysError):
    """Output could not be written. A program that does not catch it ends as GNU's do: `PROGRAM: write error: reason`, status 1."""


class Output:
    """A buffered writer on a descriptor."""

    def __init__(self, process: Process, fd: int, unbuffered: bool = False):
        self._process = process
        self._fd = fd
        self._unbuffered = unbuffered
        self._buffer = bytearray()
        self._tty: bool | None = None

    async def write(self, data: str | bytes) -> None:
        """Add text or bytes; goes out when the buffer's habit says so. Raises SysError as write(2) does."""
        self._buffer += encode(data) if isinstance(data, str) else data
        if self._tty is None:
            self._tty = self._process.isatty(self._fd)
        if self._unbuffered or len(self._buffer) >= BLOCK or (self._tty and b"\n" in self._buffer):
            await self.flush()

    async def print(self, *words: object, end: str = "\n") -> None:
        """Write words separated by spaces and a newline."""
        await self.write(" ".join(map(str, words)) + end)

    async def flush(self) -> None:
        """Write out what is waiting."""
        if self._buffer:
            data = bytes(self._buffer)
            self._buffer.clear()
            try:
                await self._process.write(self._fd, data)
            except SysError as error:
                raise WriteError(error.name, error.path) from None

    def discard(self) -> None:
        """Forget what is waiting (a process that dies of a signal does)."""
        self._buffer.clear()

    def pending(self) -> bytes:
        """What is waiting."""
        return bytes(self._buffer)


class Input:
    """A buffered reader on a descriptor."""

    def __init__(self, process: Process, fd: int):
        self._process = process
        self._fd = fd
        self._buffer = bytearray()
        self._start = 0
        self._ended = False

    async def _fill(self) -> bool:
        data = await self._process.read(self._fd, 65536)
        if not data:
            self._ended = True
            return False
        del self._buffer[: self._start]
        self._buffer += data
        self._start = 0
        return True

    async def readline(self, limit: int = 1 << 26, separator: bytes = b"\n") -> bytes:
        """The next line with its newline; the rest when the end comes first; b"" at the end. A longer line comes in pieces of `limit`."""
        searched = self._start
        while True:
            cut = self._buffer.find(separator, searched)
            if cut >= 0 or len(self._buffer) - self._start >= limit:
                end = cut + len(separator) if cut >= 0 else self._start + limit
                line = bytes(memoryview(self._buffer)[self._start : end])
                self._start = end
                return line
            before = len(self._buffer) - self._start
            if self._ended or not await self._fill():
                line = self.buffered()
                self._buffer, self._start = bytearray(), 0
                self._ended = False
                return line
            searched = max(0, before - len(separator) + 1)

    async def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes as they come, or everything to the end."""
        if size >= 0:
            if self._start >= len(self._buffer) and not await self._fill():
                return b""
            data = bytes(memoryview(self._buffer)[self._start : self._start + size])
            self._start += len(data)
            return data
        parts = [self.buffered()]
        self._buffer, self._start = bytearray(), 0
        while data := await self._process.read(self._fd, 65536):
            parts.append(data)
        return b"".join(parts)

    def buffered(self) -> bytes:
        """What was read from the descriptor and not yet taken."""
        return bytes(memoryview(self._buffer)[self._start :])

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while line := await self.readline():
            yield line
