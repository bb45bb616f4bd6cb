"""socketmap - a server of Sendmail's protocol: `socketmap:inet:host:port:name`, `socketmap:unix:path:name` (Postfix 2.10)

The request is the netstring `NAME KEY`; the answer a netstring `OK VALUE`, `NOTFOUND`, `TEMP REASON`, `TIMEOUT REASON` or
`PERM REASON`.
"""

from __future__ import annotations

from maillab.sim.postfix.lib.table import Spec, Table, TableError, Unavailable
from maillab.sim.postfix.lib.vstream import Closed, Stream, TimedOut
from maillab.sim.postfix.tables._remote import Unreachable, connect

SINCE = (2, 10)
FAILURES = ("TEMP", "TIMEOUT", "PERM")


class SocketTable(Table):
    """A client that keeps its connection."""

    def __init__(self, spec: Spec) -> None:
        super().__init__(spec)
        self.server, colon, self.map = spec.name.rpartition(":")
        if not colon or not self.server or not self.map or not self.server.startswith(("inet:", "unix:")):
            raise Unavailable(f"{spec.title}: bad syntax: need socketmap:server:socketmap-name")
        self.stream: Stream | None = None

    async def lookup(self, key: str) -> str | None:
        for last in (False, True):
            try:
                if self.stream is None:
                    self.stream = await connect(self.sys, self.server)
                return await self._ask(self.stream, key)
            except Unreachable as error:
                shown = self.server.removeprefix("inet:")
                self.log.warning(f"connect to {shown}: {error}")
                self.log.warning(f"table {self.title} lookup error: {error}")
                raise TableError(str(error)) from error
            except (Closed, TimedOut) as error:
                if self.stream is not None:
                    self.stream.close()
                self.stream = None
                if last:
                    self.log.warning(f"table {self.title} lookup error: lost connection")
                    raise TableError from error
        return None

    async def _ask(self, stream: Stream, key: str) -> str | None:
        request = f"{self.map} {key}".encode("utf-8", "surrogateescape")
        stream.put(b"%d:%s," % (len(request), request))
        size = (await stream.take_until(b":", 12)).removesuffix(b":")
        if not size.isdigit():
            raise Closed
        reply = (await stream.take(int(size) + 1)).removesuffix(b",").decode("utf-8", "surrogateescape")
        word, _, text = reply.partition(" ")
        if word == "OK":
            return text
        if word == "NOTFOUND":
            return None
        if word in FAILURES:
            self.log.warning(f"table {self.title} server error: {text}")
        else:
            self.log.warning(f"table {self.title} malformed reply status: {word}")
        raise TableError


def open_table(spec: Spec) -> Table:
    """The connection is made at the first lookup. Raises Unavailable."""
    return SocketTable(spec)
