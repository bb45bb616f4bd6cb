"""delivery - the switch of local(8): aliases, .forward, mailbox, unknown; recursive, with loops and duplicates found"""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING

from maillab.sim.mail.address import split_extension
from maillab.sim.mail.dsn import Dsn
from maillab.sim.postfix.lib import mail_copy, outcome, resolve_clnt
from maillab.sim.postfix.lib.deliver_request import OK, Request
from maillab.sim.postfix.lib.queue_file import Recipient
from maillab.sim.postfix.local import alias, dotforward, mailbox, token, unknown
from maillab.sim.postfix.local.attributes import INCLUDE, Attributes
from maillab.sim.postfix.local.forward import Forwarder

if TYPE_CHECKING:
    from maillab.sim.postfix._server import Service
    from maillab.sim.postfix.local import Local


class Delivery:
    """The delivery of one request."""

    def __init__(self, agent: Local, service: Service, request: Request) -> None:
        self.agent = agent
        self.service = service
        self.request = request
        self.reporter = agent.reporter
        self.facts = outcome.facts(request)
        self.relay = service.name
        self.seen: set[tuple[str, int, str]] = set()
        self.loops = mail_copy.delivered_to(request)
        self.forwarder = Forwarder(self)

    async def deliver(self) -> int:
        """Deliver all recipients; 0, or -1 when some must be tried again."""
        status = OK
        for recipient in self.request.recipients:
            attributes = Attributes(copy(recipient), self.request.sender)
            self.seen.clear()
            one = await self.recipient(attributes)
            one |= await self.forwarder.finish(Attributes(recipient, self.request.sender), one)
            if one == OK:
                self.request.completed(self.service.sys, recipient)
            status |= one
        return status

    def first_time(self, kind: str, level: int, name: str) -> bool:
        """Whether this was not met before in this delivery."""
        key = (kind, level, name.lower())
        if key in self.seen:
            return False
        self.seen.add(key)
        return True

    async def bounced(self, attributes: Attributes, status: str, reason: str) -> int:
        """Return a recipient to the sender."""
        return await self.reporter.bounced(self.facts, attributes.recipient, self.relay, Dsn(status, reason))

    async def failed(self, attributes: Attributes, dsn: Dsn) -> int:
        """Bounce or defer a recipient, as the status says."""
        report = self.reporter.deferred if dsn.status[0] == "4" else self.reporter.bounced
        return await report(self.facts, attributes.recipient, self.relay, dsn)

    async def sent(self, attributes: Attributes, reason: str, action: str = "delivered") -> int:
        """A recipient has the message."""
        return await self.reporter.sent(self.facts, attributes.recipient, self.relay, Dsn("2.0.0", reason, action))

    async def recipient(self, attributes: Attributes) -> int:
        """Deliver to one recipient of the local machine."""
        address = attributes.recipient.address
        if not self.first_time("recipient", attributes.level, address):
            return OK
        if address.lower() in self.loops:
            return await self.bounced(attributes, "5.4.6", f"mail forwarding loop for {address}")
        if not attributes.delivered:
            attributes.delivered = address
        attributes.local, at, attributes.domain = address.lower().rpartition("@")
        if not at:
            attributes.local, attributes.domain = attributes.domain, ""
            self.service.log.warning(f"no @ in recipient address: {attributes.local}")
        delimiter = self.service.params["recipient_delimiter"]
        attributes.user, attributes.extension = split_extension(attributes.local, delimiter)
        if attributes.extension is not None and "/" in attributes.extension:
            self.service.log.warning(f"{self.request.queue_id}: address with illegal extension: {attributes.local}")
            attributes.extension = None
        attributes.unmatched = attributes.extension
        if not attributes.user:
            return await self.bounced(attributes, "5.1.3", f"null username in \"{address}\"")
        return await self._switch(attributes)

    async def _switch(self, attributes: Attributes) -> int:
        if attributes.user.startswith("\\"):
            attributes.user, attributes.local = attributes.user[1:], attributes.local[1:]
            attributes.recipient.address = attributes.recipient.address[1:]
            status = await mailbox.deliver(self, attributes)
            return await unknown.deliver(self, attributes) if status is None else status
        attributes.unmatched = None
        status = await alias.deliver(self, attributes, attributes.local)
        if status is None and attributes.extension is not None:
            if self.propagates("alias"):
                attributes.unmatched = attributes.extension
            status = await alias.deliver(self, attributes, attributes.user)
            if status is None:
                attributes.unmatched = attributes.extension
        if status is not None:
            return status
        if attributes.owner and attributes.owner.lower() != attributes.user.lower():
            return await self.indirect(attributes)
        if attributes.expanded_by == INCLUDE:
            return await self.indirect(attributes)
        status = await dotforward.deliver(self, attributes)
        if status is None:
            status = await mailbox.deliver(self, attributes)
        return await unknown.deliver(self, attributes) if status is None else status

    def propagates(self, kind: str) -> bool:
        """Whether address extensions go over to the results of this kind of expansion."""
        return kind in self.service.params["propagate_unmatched_extensions"].replace(",", " ").split()

    async def indirect(self, attributes: Attributes) -> int:
        """Give a recipient back to the mail system."""
        if not self.first_time("indirect", 0, f"{attributes.recipient.address} {attributes.sender}"):
            return OK
        return await self.forwarder.add(attributes)

    async def tokens(self, attributes: Attributes, text: str) -> tuple[int, int]:
        """Deliver to all that an expansion lists: (status, number of destinations)."""
        status, count = OK, 0
        for item in token.split(text):
            count += 1
            status |= await token.deliver(self, attributes, item)
        return status, count

    async def address(self, attributes: Attributes, address: str) -> int:
        """Deliver to the result of an expansion: rewritten, resolved, then here or elsewhere."""
        internal = await self.agent.rewriter.rewrite_internal("local", address)
        answer = await self.agent.resolver.query(attributes.sender, internal)
        if answer.flags & resolve_clnt.FAIL:
            dsn = Dsn("4.3.0", "address resolver failure")
            return await self.reporter.deferred(self.facts, attributes.recipient, self.relay, dsn)
        if answer.flags & resolve_clnt.ERROR:
            return await self.bounced(attributes, "5.1.3", "bad recipient address syntax")
        target = answer.recipient
        if attributes.unmatched is not None:
            local, at, domain = target.rpartition("@")
            delimiter = self.service.params["recipient_delimiter"][:1]
            target = f"{local}{delimiter}{attributes.unmatched}{at}{domain}"
        old = attributes.recipient
        result = replace(attributes, recipient=Recipient(old.offset, target, old.original, old.dsn_original, old.notify),
                         level=attributes.level + 1)
        if answer.transport == self.relay:
            return await self.recipient(result)
        return await self.indirect(result)
