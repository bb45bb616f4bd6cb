"""verify - Postfix address verification server

SYNOPSIS
    verify [generic Postfix daemon options]

DESCRIPTION
    Remembers whether mail can be delivered to addresses. `query` answers from memory, or sends a probe message and says that the
    answer is not known yet; `update` comes from the delivery agents with the outcome of a probe. Parameters:
    address_verify_sender, address_verify_positive_expire_time, address_verify_positive_refresh_time,
    address_verify_negative_expire_time, address_verify_negative_refresh_time, address_verify_negative_cache.

BUGS
    The memory is lost when the process ends: address_verify_map is not written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from maillab.sim.postfix._server import Hooks, Service, multi_server
from maillab.sim.postfix.lib import attr, record
from maillab.sim.postfix.lib.deliver_request import PROBE
from maillab.sim.postfix.lib.post_mail import Submission
from maillab.sim.postfix.lib.queue_file import time_data
from maillab.sim.postfix.lib.verify_clnt import OK, UNKNOWN
from maillab.sim.postfix.lib.vstream import Closed, Stream

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"postfix": "/usr/lib/postfix/sbin/verify"}
PROBE_TIMEOUT = 1000
MILLION = 1_000_000


@dataclass
class Known:
    """What is known of an address; `probed` is when a probe was sent that has not come back."""

    status: int = UNKNOWN
    reason: str = "Address verification in progress"
    updated: int = 0
    probed: int = 0


class Verify:
    """The one verify process."""

    def __init__(self) -> None:
        self.known: dict[str, Known] = {}

    async def post_jail(self, service: Service) -> None:
        """Stay as long as master does: what is known is in memory."""
        service.max_use = 0
        service.max_idle = 0

    async def serve(self, service: Service, stream: Stream) -> None:
        """Answer one request."""
        request = await attr.receive(stream)
        kind, address = request.get("request", ""), request.get("address", "")
        if kind == "query":
            status, reason = await self.query(service, address)
            attr.send(stream, status=0, recipient_status=status, reason=reason)
        elif kind == "update":
            self.update(service, address, int(request.get("recipient_status", UNKNOWN)), request.get("reason", ""))
            attr.send(stream, status=0)
        else:
            service.log.warning(f'unrecognized command: "{kind}", ignored')
            raise Closed

    async def query(self, service: Service, address: str) -> tuple[int, str]:
        """What is known, after sending a probe when that is old or nothing."""
        now = service.sys.monotonic() // MILLION
        known = self.known.get(address.lower())
        word = "positive" if known is not None and known.status == OK else "negative"
        if known is None or (known.updated and now - known.updated > service.params.seconds(f"address_verify_{word}_expire_time")):
            known = self.known[address.lower()] = Known()
        stale = known.updated and now - known.updated > service.params.seconds(f"address_verify_{word}_refresh_time")
        if (known.status == UNKNOWN or stale) and (not known.probed or now - known.probed > PROBE_TIMEOUT):
            known.probed = max(now, 1)
            await self.probe(service, address)
        return known.status, known.reason

    def update(self, service: Service, address: str, status: int, reason: str) -> None:
        """A probe came back."""
        now = service.sys.monotonic() // MILLION
        known = self.known.setdefault(address.lower(), Known())
        known.probed = 0
        if status == OK or known.status != OK:
            known.status, known.reason, known.updated = status, reason, max(now, 1)
            if status != OK and not service.params.boolean("address_verify_negative_cache"):
                del self.known[address.lower()]

    async def probe(self, service: Service, address: str) -> None:
        """Send a message without content that is never delivered."""
        submission = await Submission.open(service.sys, service.log, service.params, 0)
        if submission is None:
            return
        sender = service.params["address_verify_sender"]
        if sender in ("<>",):
            sender = ""
        try:
            await submission.put(record.TIME, time_data(service.sys.clock()))
            await submission.put(record.ATTRIBUTE, "log_message_origin=local")
            await submission.put(record.ATTRIBUTE, f"trace_flags={PROBE}")
            await submission.put(record.FROM, sender)
            await submission.put(record.ORIGINAL_RECIPIENT, address)
            await submission.put(record.RECIPIENT, address)
            await submission.put(record.MESSAGE)
            await submission.put(record.EXTRACTED)
            await submission.finish()
        except Closed:
            submission.abandon()


async def main(sys: Process, argv: list[str]) -> int:
    """Run under master(8)."""
    daemon = Verify()
    return await multi_server(sys, argv, daemon.serve, Hooks(post_jail=daemon.post_jail))
