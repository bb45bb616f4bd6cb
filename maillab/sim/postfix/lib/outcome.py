"""outcome - what became of a recipient: the `status=` line of the log and the notes for the sender

    if await outcome.sent(reporter, request_facts, recipient, relay, dsn): ...

`sent`, `bounced` and `deferred` return 0 when the recipient is finished (the caller marks it done), -1 when it must be tried
again. Observed: Postfix 3.7.11.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from maillab.sim.mail import dsn as codes
from maillab.sim.mail.address import quote_local
from maillab.sim.mail.dsn import Dsn
from maillab.sim.postfix.lib import attr, bounce_log, flush_clnt
from maillab.sim.postfix.lib.deliver_request import DEFERRED, OK, PROBE, RECORD, USER_PROBE, Times
from maillab.sim.postfix.lib.queue_file import Recipient

if TYPE_CHECKING:
    from maillab.sim.host.process import Process
    from maillab.sim.postfix._server import Service
    from maillab.sim.postfix.lib.deliver_request import Request
    from maillab.sim.postfix.lib.msg import Msg
    from maillab.sim.postfix.lib.params import Params

DELIVERABLE, UNDELIVERABLE_SOON, UNDELIVERABLE_NOW = 0, 1, 2
"""What a probe found out, for the verify service: good, deferred, bounced."""


@dataclass(slots=True)
class Facts:
    """What a status line needs to know of a message."""

    queue_id: str
    flags: int
    times: Times
    reuse: int = 0          # how often the connection was used
    encoding: str = ""
    sender: str = ""
    envelope_id: str = ""
    return_flags: int = 0


def facts(request: Request) -> Facts:
    """Those of a delivery request."""
    return Facts(request.queue_id, request.flags, request.times, 0, request.encoding, request.sender,
                 request.envelope_id, request.return_flags)


def seconds(us: int) -> str:
    """A delay as logged: two significant digits, hundredths at the finest, no trailing zeros."""
    us = max(0, us)
    if us < 995_000:
        hundredths = (us + 5_000) // 10_000
        return f"{hundredths / 100:.2f}".rstrip("0").rstrip(".") if hundredths else "0"
    if us < 9_950_000:
        tenths = (us + 50_000) // 100_000
        return f"{tenths / 10:.1f}".removesuffix(".0")
    return str((us + 500_000) // 1_000_000)


def delays(times: Times, now: int) -> str:
    """`delay=T, delays=a/b/c/d`: before the queue manager, in it, connection setup, transmission."""
    start = times.incoming or now
    if not times.active:
        steps = [now - start, 0, 0, 0]
    elif not times.handoff:
        steps = [times.active - start, now - times.active, 0, 0]
    else:
        setup = times.setup or times.handoff
        steps = [times.active - start, times.handoff - times.active, setup - times.handoff, now - setup]
    return f"delay={seconds(now - start)}, delays={'/'.join(seconds(step) for step in steps)}"


def log_form(params: Params, address: str) -> str:
    """An address as the log shows it: since Postfix 3.5 with its quotes, unless info_log_address_format wants it otherwise."""
    return quote_local(address) if params.version >= (3, 5) and params["info_log_address_format"] == "external" else address


class Reporter:
    """Tells the log, and the bounce, defer and trace services, what became of recipients."""

    def __init__(self, sys: Process, log: Msg, params: Params) -> None:
        self.sys = sys
        self.log = log
        self.params = params
        self.soft_bounce = params.boolean("soft_bounce")

    @classmethod
    def of(cls, service: Service) -> Reporter:
        """That of a daemon."""
        return cls(service.sys, service.log, service.params)

    def line(self, facts: Facts, recipient: Recipient, relay: str, dsn: Dsn, status: str) -> None:
        """Log one `status=` line."""
        original = recipient.original
        orig_to = f" orig_to=<{log_form(self.params, original)}>," if original and original.lower() != recipient.address.lower() else ""
        use = f" conn_use={facts.reuse}," if facts.reuse > 1 else ""
        timing = delays(facts.times, self.sys.clock())
        self.log.info(f"{facts.queue_id}: to=<{log_form(self.params, recipient.address)}>,{orig_to} relay={relay},{use} {timing}, "
                      f"dsn={dsn.status}, status={status} ({dsn.reason})")
        self.sys.observe("delivery", queue_id=facts.queue_id, recipient=recipient.address, relay=relay, dsn=dsn.status,
                         status=status, reason=dsn.reason)

    async def sent(self, facts: Facts, recipient: Recipient, relay: str, dsn: Dsn) -> int:
        """The recipient got the message (or would, when this is a probe)."""
        if facts.flags & PROBE:
            return await self._probe(facts, recipient, relay, dsn, DELIVERABLE, "deliverable")
        if facts.flags & USER_PROBE:
            return await self._trace(facts, recipient, relay, dsn.acted("deliverable"), "deliverable")
        told = dsn if dsn.action else dsn.acted("delivered")
        if facts.flags & RECORD or recipient.notify & codes.SUCCESS:
            if not await self._append("trace", facts, recipient, told, relay):
                return await self.deferred(facts, recipient, relay, Dsn("4.3.0", f"{facts.queue_id}: trace service failed"))
        self.line(facts, recipient, relay, told, "sent")
        return OK

    async def bounced(self, facts: Facts, recipient: Recipient, relay: str, dsn: Dsn) -> int:
        """The recipient will never get the message."""
        if facts.flags & PROBE:
            return await self._probe(facts, recipient, relay, dsn, UNDELIVERABLE_NOW, "undeliverable")
        if facts.flags & USER_PROBE:
            return await self._trace(facts, recipient, relay, dsn.acted("undeliverable"), "undeliverable")
        if self.soft_bounce:
            return await self.deferred(facts, recipient, relay, dsn.soft())
        told = dsn.acted("failed")
        if not await self._append("bounce", facts, recipient, told):
            return await self.deferred(facts, recipient, relay, Dsn("4.3.0", "bounce service failed"))
        if facts.flags & RECORD and not await self._append("trace", facts, recipient, told, relay):
            return await self.deferred(facts, recipient, relay, Dsn("4.3.0", "trace service failed"))
        self.line(facts, recipient, relay, told, "bounced")
        return OK

    async def deferred(self, facts: Facts, recipient: Recipient, relay: str, dsn: Dsn) -> int:
        """The recipient must be tried again."""
        if facts.flags & PROBE:
            return await self._probe(facts, recipient, relay, dsn, UNDELIVERABLE_SOON, "undeliverable")
        if facts.flags & USER_PROBE:
            return await self._trace(facts, recipient, relay, dsn.acted("undeliverable"), "undeliverable")
        told = dsn.acted("delayed")
        await self._append("defer", facts, recipient, told)
        if facts.flags & RECORD:
            await self._append("trace", facts, recipient, told, relay)
        self.line(facts, recipient, relay, told, "deferred")
        await self._flush_add(facts, recipient)
        return DEFERRED

    async def _trace(self, facts: Facts, recipient: Recipient, relay: str, dsn: Dsn, status: str) -> int:
        if not await self._append("trace", facts, recipient, dsn, relay):
            return DEFERRED
        self.line(facts, recipient, relay, dsn, status)
        return OK

    async def _append(self, service: str, facts: Facts, recipient: Recipient, dsn: Dsn, relay: str = "") -> bool:
        if service == "trace":
            dsn = replace(dsn, reason=f"delivery via {relay}: {dsn.reason}")
        if await bounce_log.append(self.sys, self.log, service, facts.queue_id, recipient, dsn):
            return True
        self.log.warning(f"{facts.queue_id}: {service} service failure")
        return False

    async def _probe(self, facts: Facts, recipient: Recipient, relay: str, dsn: Dsn, result: int, status: str) -> int:
        """Tell the verify service what a probe found out."""
        client = attr.Client(self.sys, f"private/{self.params['address_verify_service_name']}", 3600.0)
        answer = await client.ask(request="update", address=recipient.original or recipient.address,
                                  recipient_status=result, reason=dsn.reason)
        client.close()
        self.line(facts, recipient, relay, dsn, status)
        return OK if answer is not None and answer.get("status") == "0" else DEFERRED

    async def _flush_add(self, facts: Facts, recipient: Recipient) -> None:
        """Remember deferred mail for the sites of fast_flush_domains."""
        domain = recipient.address.rpartition("@")[2]
        if domain and "@" in recipient.address:
            await flush_clnt.add(self.sys, self.log, self.params, domain, facts.queue_id)

