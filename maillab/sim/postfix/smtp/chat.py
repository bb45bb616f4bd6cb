"""chat - the dialogue with an SMTP or LMTP server: commands, replies, what goes wrong with the connection"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from maillab.sim.mail import dsn as codes
from maillab.sim.mail.dsn import Dsn
from maillab.sim.postfix.lib.vstream import Closed, Stream, TimedOut

if TYPE_CHECKING:
    from maillab.sim.postfix._server import Service
    from maillab.sim.postfix.smtp.addresses import Address

LINE_LIMIT = 2048
REPLY = re.compile(r"(\d{3})([ -]|$)(.*)", re.S)


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply of the server: its code, its enhanced status, all its lines joined with newlines."""

    code: int
    status: str
    text: str

    @property
    def positive(self) -> bool:
        """2xx."""
        return self.code // 100 == 2

    def shown(self) -> str:
        """The text on one line."""
        return self.text.replace("\n", " ")


class Broken(Exception):
    """The connection is of no use any more; `dsn` says why."""

    def __init__(self, dsn: Dsn) -> None:
        super().__init__(dsn.reason)
        self.dsn = dsn


class Session:
    """One connection to one server."""

    def __init__(self, service: Service, stream: Stream, address: Address, port: int, best: bool = False) -> None:
        self.service = service
        self.stream = stream
        self.host = address.name
        self.ip = address.ip
        self.best = best
        self.shown = f"{address.name}[{address.ip}]" if address.ip else address.name
        self.relay = f"{self.shown}:{port}" if port else self.shown
        self.features: dict[str, str] = {}
        self.extended = False
        self.history: list[str] = []
        self.secure = False

    def send(self, line: str) -> None:
        """Queue one command."""
        self.history.append(f"Out: {line}")
        self.stream.put(line.encode("utf-8", "surrogateescape") + b"\r\n")

    async def reply(self, doing: str, timeout: float) -> Reply:
        """The next reply. Raises Broken: `doing` says what we were at."""
        lines: list[str] = []
        self.stream.timeout = timeout
        while True:
            line = await self._line(doing)
            self.history.append(f"In:  {line}")
            lines.append(line)
            match = REPLY.match(line)
            if match is None:
                continue
            if match[2] != "-":
                break
        code = int(match[1])
        first = lines[-1]
        status, _ = codes.split(first[4:], "")
        if not status or status[0] != first[0]:
            status = f"{code // 100}.0.0" if code // 100 in (2, 4, 5) else "5.5.0"
        return Reply(code, status, "\n".join(lines))

    async def _line(self, doing: str) -> str:
        try:
            data = await self.stream.take_until(b"\n", LINE_LIMIT)
        except Closed:
            raise Broken(Dsn("4.4.2", f"lost connection with {self.shown} while {doing}")) from None
        except TimedOut:
            raise Broken(Dsn("4.4.2", f"conversation with {self.shown} timed out while {doing}")) from None
        return data.rstrip(b"\r\n").decode("utf-8", "surrogateescape")

    async def flush(self, doing: str) -> None:
        """Send what is queued. Raises Broken."""
        try:
            await self.stream.flush()
        except Closed:
            raise Broken(Dsn("4.4.2", f"lost connection with {self.shown} while {doing}")) from None

    async def ask(self, line: str, doing: str, timeout: float) -> Reply:
        """One command and its reply. Raises Broken."""
        self.send(line)
        return await self.reply(doing, timeout)

    def said(self, reply: Reply, command: str) -> Dsn:
        """The status of a recipient that a reply decided."""
        return Dsn(reply.status, f"host {self.shown} said: {reply.shown()} (in reply to {command})", "",
                   "smtp", reply.text.replace("\n", " "), "dns", self.host)

    def refused(self, reply: Reply) -> Dsn:
        """The status when the server does not want to talk to us."""
        status = reply.status if reply.status[0] in "45" else "4.5.0"
        return Dsn(status, f"host {self.shown} refused to talk to me: {reply.shown()}", "",
                   "smtp", reply.text.replace("\n", " "), "dns", self.host)

    def close(self) -> None:
        """Hang up."""
        self.stream.close()
