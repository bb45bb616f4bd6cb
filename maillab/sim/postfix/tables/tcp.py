"""tcp - a server that answers `get KEY` with `200 VALUE`, `500 not found` or `400 error`: `tcp:host:port` (tcp_table(5))"""

from __future__ import annotations

import re

from maillab.sim.postfix.lib.table import Spec, Table, TableError
from maillab.sim.postfix.lib.vstream import Closed, Stream, TimedOut
from maillab.sim.postfix.tables._remote import Unreachable, connect

SINCE = (2, 1)
SOURCE_SINCE = (3, 0)
QUOTED = re.compile(rb"%([0-9A-Fa-f]{2})")
MAX_REPLY = 4096


def quote(text: str) -> bytes:
    """A key without blanks, control characters and percent signs."""
    return b"".join(
        b"%%%02x" % byte if byte <= 32 or byte == 37 or byte >= 127 else bytes([byte])
        for byte in text.encode("utf-8", "surrogateescape")
    )


def unquote(data: bytes) -> str:
    """What `quote` wrote."""
    return QUOTED.sub(lambda match: bytes([int(match[1], 16)]), data).decode("utf-8", "surrogateescape")


class TcpTable(Table):
    """A client that keeps its connection."""

    def __init__(self, spec: Spec) -> None:
        super().__init__(spec)
        self.server = spec.name
        self.stream: Stream | None = None

    async def lookup(self, key: str) -> str | None:
        for last in (False, True):
            try:
                if self.stream is None:
                    self.stream = await connect(self.sys, self.server)
                self.stream.put(b"get " + quote(key) + b"\n")
                reply = (await self.stream.take_until(b"\n", MAX_REPLY)).rstrip(b"\r\n")
                return self._answer(reply)
            except Unreachable as error:
                self.log.warning(f"connect to TCP map {self.server}: {error}")
                raise TableError(str(error)) from error
            except (Closed, TimedOut) as error:
                self._hang_up()
                if last:
                    self.log.warning(f"read TCP map reply from {self.server}: unexpected EOF (Success)")
                    raise TableError from error
        return None

    def _answer(self, reply: bytes) -> str | None:
        code, _, text = reply.partition(b" ")
        if code == b"200":
            return unquote(text)
        if code == b"500":
            return None
        self.log.warning(f"lookup of TCP map {self.server} failed: {unquote(reply)}")
        self._hang_up()
        raise TableError

    def _hang_up(self) -> None:
        if self.stream is not None:
            self.stream.close()
            self.stream = None


def open_table(spec: Spec) -> Table:
    """The connection is made at the first lookup."""
    return TcpTable(spec)
