"""virtual - Postfix virtual domain mail delivery agent

SYNOPSIS
    virtual [generic Postfix daemon options]

DESCRIPTION
    Delivers to the mailbox files and maildirs that virtual_mailbox_maps names for each recipient, below
    virtual_mailbox_base, with the ids of virtual_uid_maps and virtual_gid_maps. A name that ends with a slash is a
    maildir. There are no aliases, no .forward files and no accounts of the system here.

    The tables are asked for the whole address, then for the address without extension, then for @domain.

CONFIGURATION PARAMETERS
    mailbox_delivery_lock (as virtual_mailbox_lock), strict_mailbox_ownership, virtual_gid_maps, virtual_mailbox_base,
    virtual_mailbox_limit, virtual_mailbox_maps, virtual_minimum_uid, virtual_uid_maps

BUGS
    Mailbox locks are those of mailbox_delivery_lock.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from maillab.sim.mail.address import strip_extension
from maillab.sim.mail.dsn import Dsn
from maillab.sim.postfix._server import Hooks, Service, single_server
from maillab.sim.postfix.lib import deliver_request, mail_copy, mailbox_file, outcome
from maillab.sim.postfix.lib.deliver_request import TRACE_ONLY
from maillab.sim.postfix.lib.mailbox_file import Owner, as_user
from maillab.sim.postfix.lib.maps import LookupFailure, Maps
from maillab.sim.postfix.lib.outcome import Reporter

if TYPE_CHECKING:
    from maillab.sim.host.process import Process
    from maillab.sim.postfix.lib.deliver_request import Request
    from maillab.sim.postfix.lib.queue_file import Recipient
    from maillab.sim.postfix.lib.vstream import Stream

INSTALLED = {"postfix": "/usr/lib/postfix/sbin/virtual"}

UNAVAILABLE = Dsn("4.3.5", "mail system configuration error")


class Virtual:
    """One virtual process: its tables."""

    reporter: Reporter
    mailboxes: Maps
    uids: Maps
    gids: Maps

    async def start(self, service: Service) -> None:
        """Open the tables. Raises Fatal."""
        sys, log, params = service.sys, service.log, service.params
        mailbox_file.check_limit(log, params, "virtual_mailbox_limit")
        self.mailboxes = Maps(sys, log, params, "virtual_mailbox_maps")
        self.uids = Maps(sys, log, params, "virtual_uid_maps")
        self.gids = Maps(sys, log, params, "virtual_gid_maps")
        self.reporter = Reporter.of(service)

    async def serve(self, service: Service, stream: Stream) -> None:
        """Deliver one request."""
        await deliver_request.serve(service, stream, self.deliver)

    async def deliver(self, service: Service, request: Request) -> int:
        """Deliver to all recipients of a request."""
        result = 0
        loops = mail_copy.delivered_to(request)
        for recipient in request.recipients:
            if recipient.address.lower() in loops:
                dsn = Dsn("5.4.6", f"mail forwarding loop for {recipient.address}")
            else:
                dsn = await self._recipient(service, request, recipient)
            one = await self._report(service, request, recipient, dsn)
            if one == 0:
                request.completed(service.sys, recipient)
            result |= one
        return result

    async def _report(self, service: Service, request: Request, recipient: Recipient, dsn: Dsn) -> int:
        reports = {"2": self.reporter.sent, "4": self.reporter.deferred, "5": self.reporter.bounced}
        return await reports[dsn.status[0]](outcome.facts(request), recipient, service.name, dsn)

    async def _recipient(self, service: Service, request: Request, recipient: Recipient) -> Dsn:
        """Deliver to one recipient; what became of it."""
        params = service.params
        address = recipient.address
        try:
            mailbox = await self._find(service, self.mailboxes, address)
            if mailbox is None:
                return Dsn("5.1.1", f"unknown user: \"{address}\"")
            uid, gid = await self._ids(service, address, "uid", self.uids), await self._ids(service, address, "gid", self.gids)
        except LookupFailure:
            return UNAVAILABLE
        if uid is None or gid is None:
            return UNAVAILABLE
        base = params["virtual_mailbox_base"]
        path = f"{base}/{mailbox}" if base else mailbox
        return await self._mailbox(service, request, recipient, path, Owner(uid, gid))

    async def _find(self, service: Service, maps: Maps, address: str) -> str | None:
        """The entry of an address, of the address without extension, of its domain."""
        keys = [address]
        bare, extension = strip_extension(address, service.params["recipient_delimiter"])
        if extension is not None:
            keys.append(bare)
        keys.append("@" + address.rpartition("@")[2])
        for key in keys:
            found = await maps.find(key)
            if found is not None:
                return found
        return None

    async def _ids(self, service: Service, address: str, kind: str, maps: Maps) -> int | None:
        """The user or group id of a recipient, None (and a warning) when there is no good one."""
        log = service.log
        text = await self._find(service, maps, address)
        if text is None:
            log.warning(f"recipient {address}: not found in virtual_{kind}_maps")
            return None
        if not text.isdigit() or not int(text):
            log.warning(f"recipient {address}: bad {kind} {text} in virtual_{kind}_maps")
            return None
        if kind == "uid" and int(text) < service.params.integer("virtual_minimum_uid"):
            log.warning(f"recipient {address}: bad uid {text} in virtual_uid_maps")
            return None
        return int(text)

    async def _mailbox(self, service: Service, request: Request, recipient: Recipient, path: str, owner: Owner) -> Dsn:
        sys, params, log = service.sys, service.params, service.log
        folder = path.endswith("/")
        if request.flags & TRACE_ONLY:
            return Dsn("2.0.0", "delivers to maildir" if folder else "delivers to mailbox")
        flags = mail_copy.MAILDIR if folder else mail_copy.MBOX
        data = mail_copy.message(request, request.sender, recipient.original, recipient.address, flags, sys.clock())
        limit = params.integer("virtual_mailbox_limit")
        with as_user(sys, owner.uid, owner.gid):
            if folder:
                trouble = mailbox_file.add_maildir(sys, path, data, limit)
            else:
                trouble = await mailbox_file.append_mbox(sys, log, params, path, data, owner, limit=limit)
        if trouble is None:
            return Dsn("2.0.0", "delivered to maildir" if folder else "delivered to mailbox")
        if folder:
            if trouble.reason.endswith("Permission denied"):
                log.warning(f"maildir access problem for UID/GID={owner.uid}/{owner.gid}: {trouble.reason}")
                log.warning("perhaps you need to create the maildirs in advance")
            return replace(trouble, reason=f"maildir delivery failed: {trouble.reason}")
        if trouble.reason.endswith("Permission denied"):
            log.warning(f"mailbox {path}: {trouble.reason}")
        return replace(trouble, reason=f"mailbox {path}: {trouble.reason}")


async def main(sys: Process, argv: list[str]) -> int:
    virtual = Virtual()
    return await single_server(sys, argv, virtual.serve, Hooks(pre_jail=virtual.start, privileged=True))
