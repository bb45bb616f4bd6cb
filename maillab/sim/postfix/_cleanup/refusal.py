"""Mail that cleanup refuses while its client cannot be told: every recipient bounces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.mail.dsn import Dsn
from maillab.sim.postfix._cleanup.message import Message
from maillab.sim.postfix.lib import bounce_log, cleanup_user, queue_file
from maillab.sim.postfix.lib.deliver_request import Times
from maillab.sim.postfix.lib.outcome import Facts, Reporter

if TYPE_CHECKING:
    from maillab.sim.postfix._server import Service


async def bounce_all(service: Service, message: Message) -> None:
    """Note the refusal for every recipient and have the notice sent."""
    _, status, text = cleanup_user.detail(message.errors & cleanup_user.BOUNCEABLE)
    if message.reason and message.errors & cleanup_user.CONTENT:
        status, _, text = message.reason.partition(" ")
    reporter = Reporter.of(service)
    facts = Facts(message.queue_id, 0, Times(incoming=message.arrival), sender=message.sender or "")
    for recipient in message.recipients or [queue_file.Recipient(0, "unknown")]:
        await reporter.bounced(facts, recipient, "none", Dsn(status, text))
    await bounce_log.ask(
        service.sys,
        service.log,
        "bounce",
        {
            "nrequest": bounce_log.FLUSH,
            "flags": 0,
            "queue_name": "incoming",
            "queue_id": message.queue_id,
            "encoding": "",
            "smtputf8": message.smtputf8,
            "sender": message.sender or "",
            "envelope_id": "",
            "ret_flags": 0,
        },
    )
