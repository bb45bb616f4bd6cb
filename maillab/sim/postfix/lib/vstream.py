"""A buffered, two-way stream over one descriptor: lines, counted bytes, attribute lists and records share its buffers.

Reads raise `Closed` when the peer has gone and `TimedOut` when it stays silent for `timeout` seconds. Writes gather until `flush`;
every read flushes first, so that a request is on its way before its answer is awaited.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

CHUNK = 65536
GONE = ("EPIPE", "ECONNRESET", "ENOTCONN", "ESHUTDOWN", "ETIMEDOUT")


class Closed(Exception):
    """The peer closed the connection."""


class TimedOut(Exception):
    """The peer did not answer, or did not take what we sent, in time."""


class Stream:
    """Buffered bytes over descriptor `fd`. `timeout` is in seconds (None: wait forever)."""

    def __init__(self, sys: Process, fd: int, timeout: float | None = None, out_fd: int | None = None) -> None:
        self.sys = sys
        self.fd = fd
        self.out_fd = fd if out_fd is None else out_fd
        self.timeout = timeout
        self.buffer = b""
        self.start = 0
        self.out: list[bytes] = []
        self.deadline: float | None = None
        self.closed = False

    def peek(self) -> bytes:
        """What has been received and not yet been taken."""
        return self.buffer[self.start :] if self.start else self.buffer

    def pending(self) -> bool:
        """Whether received bytes wait in the buffer."""
        return self.start < len(self.buffer)

    def put(self, data: bytes) -> None:
        """Queue bytes for the peer."""
        self.out.append(data)

    async def flush(self) -> None:
        """Send what was queued. Raises Closed when the peer has gone."""
        if not self.out:
            return
        data = b"".join(self.out)
        self.out.clear()
        try:
            await self.sys.write(self.out_fd, data)
        except SysError as error:
            if error.name in GONE:
                raise Closed from error
            raise

    async def more(self) -> None:
        """Receive at least one byte more. Raises Closed, TimedOut."""
        if self.out:
            await self.flush()
        patience = self._patience()
        try:
            data = await (self.sys.read(self.fd, CHUNK) if patience is None else self.sys.read_within(self.fd, patience, CHUNK))
        except SysError as error:
            if error.name in GONE:
                raise Closed from error
            raise
        if data is None:
            raise TimedOut
        if not data:
            raise Closed
        self.buffer = self.buffer[self.start :] + data if self.start < len(self.buffer) else data
        self.start = 0

    def _patience(self) -> float | None:
        if self.deadline is None:
            return self.timeout
        return max(0.0, self.deadline - self.sys.monotonic() / 1_000_000)

    async def take(self, count: int) -> bytes:
        """Exactly `count` bytes. Raises Closed, TimedOut."""
        while len(self.buffer) - self.start < count:
            await self.more()
        data = self.buffer[self.start : self.start + count]
        self.start += count
        return data

    def take_ready(self, count: int) -> bytes:
        """At most `count` of the bytes already received."""
        data = self.buffer[self.start : self.start + count]
        self.start += len(data)
        return data

    async def take_until(self, end: bytes, limit: int = 1 << 30) -> bytes:
        """The bytes up to and with `end`; without it when `limit` bytes came first. Raises Closed, TimedOut."""
        scanned = self.start
        while True:
            found = self.buffer.find(end, scanned, self.start + limit)
            if found >= 0:
                data = self.buffer[self.start : found + len(end)]
                self.start = found + len(end)
                return data
            have = len(self.buffer) - self.start
            if have >= limit:
                return self.take_ready(limit)
            await self.more()
            scanned = max(self.start + have - len(end) + 1, self.start)

    def close(self) -> None:
        """Close the descriptor; what was queued and not flushed is lost. Closing twice is harmless."""
        if not self.closed:
            self.closed = True
            self.sys.close(self.fd)
            if self.out_fd != self.fd:
                self.sys.close(self.out_fd)
