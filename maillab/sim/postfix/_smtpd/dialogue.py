"""The SMTP dialogue: commands in, replies out, within limits of time, length, junk and errors."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from maillab.sim.mail.smtp_grammar import Word, tokenize
from maillab.sim.postfix._smtpd import notices
from maillab.sim.postfix._smtpd.session import POLICY, PROTOCOL, Counter, Disconnect, Reject, Session
from maillab.sim.postfix.lib.vstream import Closed, TimedOut

if TYPE_CHECKING:
    from maillab.sim.postfix._smtpd.commands import Commands

JUNK = ("helo", "ehlo", "noop", "vrfy", "rset", "etrn")
HEADER = re.compile(r"[!-9;-~]+[ \t]*:")
Handler = Callable[["Dialogue", list[Word], str], Awaitable[bool]]
REPORTED = (
    "helo",
    "ehlo",
    "starttls",
    "auth",
    "mail",
    "rcpt",
    "data",
    "bdat",
    "rset",
    "noop",
    "vrfy",
    "etrn",
    "quit",
    "xclient",
    "xforward",
    "unknown",
)
SHOWN_PIPELINED = 100
_ESCAPES = {9: "\\t", 10: "\\n", 13: "\\r", 92: "\\\\"}


def escape(data: bytes) -> str:
    """Bytes as Postfix shows them in a log: control and 8-bit ones as escapes."""
    return "".join(_ESCAPES.get(byte) or (chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}") for byte in data)


class Dialogue:
    """Talks to one client."""

    def __init__(self, session: Session, commands: Commands) -> None:
        self.session = session
        self.stream = session.stream
        self.commands = commands
        self.params = session.service.params
        self.log = session.service.log
        self.limit = self.params.integer("line_length_limit")
        self.stream.timeout = self.params.seconds("smtpd_timeout")
        self.improper = False
        limits = commands.config
        self.soft, self.hard, self.junk, self.delay = limits.soft_errors, limits.hard_errors, limits.junk, limits.error_sleep

    # --- replies -----------------------------------------------------------------------------------------------------

    def reply(self, text: str) -> None:
        """Queue a reply."""
        self.session.history.append(f"Out: {text}")
        self.stream.put(text.encode("utf-8", "surrogateescape") + b"\r\n")

    def replies(self, code: str, lines: list[str]) -> None:
        """Queue a reply of several lines."""
        shown = [f"{code}-{line}" for line in lines[:-1]] + [f"{code} {lines[-1]}"]
        self.session.history += [f"Out: {line}" for line in shown]
        self.stream.put("".join(line + "\r\n" for line in shown).encode("utf-8", "surrogateescape"))

    async def flush(self) -> None:
        """Send the replies, late to clients that made many errors, unless more commands wait to be answered."""
        if self.session.errors >= self.soft and self.delay:
            await self.session.service.sys.sleep(self.delay)
        if not self.stream.pending():
            await self.stream.flush()

    # --- the loop ----------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """The whole session, from the banner to the end."""
        session = self.session
        try:
            await self.commands.greet(self)
            while True:
                if session.errors >= self.hard:
                    self._too_many()
                await self.step()
        except Disconnect as end:
            await self._end(end)
        except (Closed, TimedOut) as end:
            await self._end(Disconnect("timeout" if isinstance(end, TimedOut) else "lost connection"))
        self._abandon()
        await notices.postmaster(session)
        await self.commands.rates.disconnect(session)
        self._log_end()

    def _too_many(self) -> None:
        name = self.params["myhostname"]
        self.session.error_mask.add(PROTOCOL)
        raise Disconnect("too many errors", f"421 4.7.0 {name} Error: too many errors")

    async def _end(self, end: Disconnect) -> None:
        """Say goodbye as far as possible, and log why."""
        session = self.session
        if end.reason == "timeout":
            end.reply = f"421 4.4.2 {self.params['myhostname']} Error: timeout exceeded"
        try:
            if end.reply:
                self.stream.timeout = 10
                session.history.append(f"Out: {end.reply}")
                self.stream.put(end.reply.encode("utf-8", "surrogateescape") + b"\r\n")
            await self.stream.flush()
        except (Closed, TimedOut):
            pass
        if end.reason:
            session.end_reason = end.reason
            session.error_mask.add(PROTOCOL)
            self.log.info(f"{end.reason} after {session.where} from {session.client.shown}")

    def _abandon(self) -> None:
        if self.session.transaction.submission is not None:
            self.session.transaction.submission.abandon()
        if self.session.transaction.proxy is not None:
            self.session.transaction.proxy.close()

    def _log_end(self) -> None:
        session = self.session
        line = f"disconnect from {session.client.shown}"
        if self.params.version >= (3, 0):
            line += self._totals()
        self.log.info(line)

    def _totals(self) -> str:
        total = good = 0
        parts = []
        for name in REPORTED:
            counter = self.session.counters.get(name)
            if counter is None:
                continue
            total += counter.total
            good += counter.good
            parts.append(f"{name}={counter.good}" + ("" if counter.good == counter.total else f"/{counter.total}"))
        parts.append(f"commands={good}" + ("" if good == total and total else f"/{total}"))
        return " " + " ".join(parts)

    # --- commands ----------------------------------------------------------------------------------------------------

    async def read_line(self) -> str:
        """One command line, without its end."""
        data = await self.stream.take_until(b"\n", self.limit)
        line = data.rstrip(b"\n").rstrip(b"\r") if data.endswith(b"\n") else data
        return line.replace(b"\0", b"").decode("utf-8", "surrogateescape")

    async def step(self) -> None:
        """Read a command and answer it."""
        session = self.session
        line = await self.read_line()
        session.history.append(f"In:  {line}")
        words = tokenize(line)
        if not words:
            await self._refuse("500 5.5.2 Error: bad syntax", PROTOCOL)
            return
        name = words[0].lower()
        handler = self.commands.find(name)
        if handler is None:
            await self._unknown(name, line)
        else:
            session.where = name.upper()
            await self._known(name, handler, words, line)

    async def _refuse(self, text: str, kind: str, name: str = "") -> None:
        """A command that is not even tried."""
        self.reply(text)
        await self.flush()
        self.session.error_mask.add(kind)
        self.session.errors += 1
        if name:
            self._count(name, False)

    def _count(self, name: str, good: bool) -> None:
        counter = self.session.counters.setdefault(name, Counter())
        counter.total += 1
        counter.good += good

    async def _known(self, name: str, handler: Handler, words: list[Word], line: str) -> None:
        session, config = self.session, self.commands.config
        if session.access_denied and name != "quit":
            await self._refuse(f"503 5.7.0 Error: access denied for {session.client.shown}", POLICY, name)
            return
        if config.need_tls and name not in self.commands.TLS_FREE:
            await self._refuse("530 5.7.0 Must issue a STARTTLS command first", PROTOCOL, name)
            return
        if name not in self.commands.PIPELINE and self.stream.pending():
            self._improper()
        good = await self._perform(name, handler, words, line)
        self._count(name, good)
        await self.flush()
        if name in JUNK:
            session.errors += session.junk > self.junk
            session.junk += 1
        if not good:
            session.errors += 1

    async def _perform(self, name: str, handler: Handler, words: list[Word], line: str) -> bool:
        """Run a command; False when it was refused."""
        try:
            return await handler(self, words, line)
        except Reject as no:
            self.reply(no.reply)
            if no.reply.startswith(("421", "521")):
                self._count(name, False)
                raise Disconnect() from no
            return False
        except Disconnect:
            self._count(name, name == "quit")
            raise
        except (Closed, TimedOut):
            self._count(name, False)
            raise

    def _improper(self) -> None:
        """A client that does not wait where it must is noted once."""
        if not self.improper:
            self.improper = True
            session = self.session
            shown = escape(self.stream.peek()[:SHOWN_PIPELINED])
            self.log.info(f"improper command pipelining after {session.where} from {session.client.shown}: {shown}")

    async def _unknown(self, name: str, line: str) -> None:
        session = self.session
        session.where = "UNKNOWN"
        if await self.commands.config.forbidden(name) or HEADER.match(line):
            self._count("unknown", False)
            self.log.warning(f"non-SMTP command from {session.client.shown}: {line[:100]}")
            raise Disconnect("", "221 2.7.0 Error: I can break rules, too. Goodbye.")
        code = "502" if self.params.version < (3, 5) else "500"
        await self._refuse(f"{code} 5.5.2 Error: command not recognized", PROTOCOL, "unknown")
