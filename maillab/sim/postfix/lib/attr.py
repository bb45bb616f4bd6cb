"""The attribute protocol between Postfix daemons: `name NUL value NUL ... NUL` over local sockets.

A list ends with an empty name. Values are text (bytes that are not UTF-8 as surrogateescape) or decimal numbers.

    reply = await attr.call(stream, request="rewrite", rule="local", address="toto")
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError
from maillab.sim.postfix.lib.vstream import Closed, Stream, TimedOut

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

Value = str | int


def encode(attributes: dict[str, Value]) -> bytes:
    """One attribute list as it goes over the wire."""
    parts = [f"{name}\0{value}\0" for name, value in attributes.items()]
    parts.append("\0")
    return "".join(parts).encode("utf-8", "surrogateescape")


def send(stream: Stream, **attributes: Value) -> None:
    """Queue one attribute list (sent by the next read or `flush`)."""
    stream.put(encode(attributes))


def _split(stream: Stream) -> tuple[dict[str, str], int] | None:
    """The first complete list of the buffer and where it ends, or None when more bytes must come."""
    buffer, position = stream.buffer, stream.start
    attributes: dict[str, str] = {}
    while True:
        name_end = buffer.find(b"\0", position)
        if name_end < 0:
            return None
        if name_end == position:
            return attributes, name_end + 1
        value_end = buffer.find(b"\0", name_end + 1)
        if value_end < 0:
            return None
        name = buffer[position:name_end].decode("utf-8", "surrogateescape")
        attributes[name] = buffer[name_end + 1 : value_end].decode("utf-8", "surrogateescape")
        position = value_end + 1


async def receive(stream: Stream) -> dict[str, str]:
    """The next attribute list. Raises Closed at the end of the stream, TimedOut."""
    while True:
        found = _split(stream)
        if found is not None:
            stream.start = found[1]
            return found[0]
        await stream.more()


async def call(stream: Stream, **attributes: Value) -> dict[str, str]:
    """Send one list and await the answer. Raises Closed, TimedOut."""
    send(stream, **attributes)
    return await receive(stream)


async def connect(sys: Process, path: str, timeout: float | None = None) -> Stream:
    """A stream to the service that listens at `path` (`private/rewrite`: relative to the queue directory). Raises SysError."""
    fd = sys.socket("unix", "stream")
    try:
        await sys.connect(fd, path)
    except SysError:
        sys.close(fd)
        raise
    return Stream(sys, fd, timeout)


class Client:
    """A lasting connection to a service, made when first used and made again when the service has gone away."""

    def __init__(self, sys: Process, path: str, timeout: float | None = 3600.0, tries: int = 2) -> None:
        self.sys = sys
        self.path = path
        self.timeout = timeout
        self.tries = tries
        self.stream: Stream | None = None

    async def ask(self, **attributes: Value) -> dict[str, str] | None:
        """The answer to one request, or None when the service cannot be reached."""
        for _ in range(self.tries):
            try:
                if self.stream is None:
                    self.stream = await connect(self.sys, self.path, self.timeout)
                return await call(self.stream, **attributes)
            except (Closed, TimedOut, SysError):
                self.close()
        return None

    def close(self) -> None:
        """Hang up."""
        if self.stream is not None:
            self.stream.close()
            self.stream = None
