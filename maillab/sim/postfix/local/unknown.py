"""unknown - mail for a user that does not exist: fallback_transport, luser_relay, or back to the sender"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from maillab.sim.postfix.local import expand, mailbox

if TYPE_CHECKING:
    from maillab.sim.postfix.local.attributes import Attributes
    from maillab.sim.postfix.local.delivery import Delivery

NEEDED = ("mailer-daemon", "postmaster")


async def deliver(delivery: Delivery, attributes: Attributes) -> int:
    """Deliver to nobody."""
    params = delivery.service.params
    status = await mailbox.through(delivery, attributes, delivery.agent.fallback_transports, "fallback_transport")
    if status is not None:
        return status
    relay = params.raw("luser_relay")
    if relay:
        target = expand.expand(delivery, attributes, relay).text
        return await delivery.address(replace(attributes, unmatched=None), target)
    if attributes.user.lower() in NEEDED:
        delivery.service.log.warning(f"required alias not found: {attributes.user}")
        return await delivery.sent(attributes, "discarded")
    return await delivery.bounced(attributes, "5.1.1", f"unknown user: \"{attributes.user}\"")
