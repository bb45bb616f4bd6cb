"""message - a message in the active queue: read from its file, its recipients resolved and sorted"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from maillab.sim.mail.address import split_extension
from maillab.sim.mail.dsn import Dsn
from maillab.sim.postfix.lib import deliver_request, resolve_clnt
from maillab.sim.postfix.lib.outcome import Facts, Reporter
from maillab.sim.postfix.lib.queue_file import Message, Recipient

if TYPE_CHECKING:
    from maillab.sim.postfix._server import Service
    from maillab.sim.postfix.qmgr.transport import Scheduler

ERROR, RETRY = "error", "retry"


@dataclass(slots=True, eq=False)
class Mail:
    """One message of the active queue. `pending` counts its deliveries under way or waiting."""

    queue_id: str
    envelope: Message
    flags: int
    times: deliver_request.Times
    fd: int
    expired: bool = False
    pending: int = 0
    deferred: bool = False

    @property
    def sender(self) -> str:
        """The envelope sender."""
        return self.envelope.sender

    def facts(self) -> Facts:
        """What a status line needs."""
        envelope = self.envelope
        return Facts(self.queue_id, self.flags, self.times, 0, envelope.attribute("encoding"), envelope.sender,
                     envelope.dsn_envelope_id, envelope.dsn_return)

    def request(self, nexthop: str, recipients: list[Recipient]) -> deliver_request.Request:
        """The request to deliver to these recipients."""
        envelope = self.envelope
        client = {name: envelope.attributes[name] for name in deliver_request.CLIENT_ATTRIBUTES if name in envelope.attributes}
        return deliver_request.Request(
            "active", self.queue_id, self.flags, envelope.data_offset, envelope.size, nexthop,
            envelope.attribute("encoding"), envelope.smtputf8, envelope.sender, envelope.dsn_envelope_id,
            envelope.dsn_return, self.times, client, recipients)


@dataclass(slots=True)
class Destination:
    """Where one recipient goes."""

    transport: str
    nexthop: str
    queue: str
    recipient: Recipient


class Router:
    """Resolves the recipients of a message and hands them to the scheduler."""

    def __init__(self, service: Service, scheduler: Scheduler, reporter: Reporter) -> None:
        self.service = service
        self.scheduler = scheduler
        self.reporter = reporter
        self.resolver = resolve_clnt.ResolveClient(service.sys, service.params["rewrite_service_name"])
        self.deferred_transports = tuple(service.params["defer_transports"].replace(",", " ").split())

    async def route(self, mail: Mail) -> None:
        """Queue all recipients of a message for delivery."""
        envelope = mail.envelope
        if envelope.redirect:
            first = envelope.recipients[0]
            envelope.recipients = [Recipient(0, envelope.redirect, first.original, "", first.notify)]
        found: list[Destination] = []
        for recipient in envelope.recipients:
            destination = await self._resolve(mail, recipient)
            if destination is not None:
                found.append(destination)
        found.sort(key=_order)
        self.scheduler.assign(mail, found)

    async def _resolve(self, mail: Mail, recipient: Recipient) -> Destination | None:
        """Where a recipient goes; None when it is dropped here."""
        transport, nexthop, flags = await self._route(mail, recipient)
        if self._is_double_bounce(recipient, flags):
            dsn = Dsn("2.0.0", "undeliverable postmaster notification discarded")
            await self.reporter.sent(mail.facts(), recipient, "none", dsn)
            from maillab.sim.postfix.lib.queue_file import mark_done

            if recipient.offset:
                mark_done(self.service.sys, mail.fd, recipient.offset)
            return None
        if transport in self.deferred_transports:
            transport, nexthop = RETRY, "4.3.2 deferred transport"
        reason = self.scheduler.transport(transport).trouble()
        if reason is not None:
            transport, nexthop = RETRY, f"{reason.status} {reason.reason}"
        queue = self._queue_name(transport, nexthop, recipient)
        reason = self.scheduler.transport(transport).queue_trouble(queue)
        if reason is not None:
            transport = RETRY
            nexthop = queue = f"{reason.status} {reason.reason}"
        return Destination(transport, nexthop, queue, recipient)

    async def _route(self, mail: Mail, recipient: Recipient) -> tuple[str, str, int]:
        """Transport, next hop and resolver flags of a recipient; its address becomes the resolved one."""
        params = self.service.params
        if recipient.address.startswith("-") and not params.boolean("allow_min_user"):
            return ERROR, "5.1.3 bad address syntax", 0
        probe = mail.flags & deliver_request.PROBE
        answer = await self.resolver.query(mail.sender, recipient.address, "verify" if probe else "resolve")
        if answer.flags & resolve_clnt.FAIL:
            recipient.address = answer.recipient or recipient.address
            return RETRY, "4.3.0 address resolver failure", 0
        if answer.flags & resolve_clnt.ERROR:
            return ERROR, "5.1.3 bad address syntax", 0
        recipient.address = answer.recipient
        if mail.envelope.filter:
            transport, _, nexthop = mail.envelope.filter.partition(":")
            return transport, nexthop or self._filter_nexthop(recipient), 0
        return answer.transport, answer.nexthop, answer.flags

    def _filter_nexthop(self, recipient: Recipient) -> str:
        params = self.service.params
        default = params["default_filter_nexthop"] if params.version >= (2, 7) else params["myhostname"]
        return default or recipient.address.rpartition("@")[2]

    def _is_double_bounce(self, recipient: Recipient, flags: int) -> bool:
        if not flags & resolve_clnt.CLASS_LOCAL:
            return False
        return recipient.address.rpartition("@")[0].lower() == self.service.params["double_bounce_sender"].lower()

    def _queue_name(self, transport: str, nexthop: str, recipient: Recipient) -> str:
        """The destination that concurrency is counted for: the user, where each recipient is delivered alone."""
        if transport in (ERROR, RETRY) or self.scheduler.transport(transport).recipient_limit != 1:
            return nexthop
        local = recipient.address.rpartition("@")[0] or recipient.address
        return split_extension(local, self.service.params["recipient_delimiter"])[0].lower()


def _order(destination: Destination) -> tuple[str, str, str, str]:
    """Recipients of one destination together, those of one domain together, then by address."""
    address = destination.recipient.address.lower()
    return destination.transport, destination.queue, address.rpartition("@")[2], address
