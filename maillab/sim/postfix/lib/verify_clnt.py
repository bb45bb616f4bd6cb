"""The client of verify(8), which remembers what probes found out about addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.postfix.lib import attr

if TYPE_CHECKING:
    from maillab.sim.host.process import Process
    from maillab.sim.postfix.lib.params import Params

OK, DEFERRED, BOUNCED, UNKNOWN = 0, 1, 2, 3


class VerifyClient:
    """Asks verify; an unreachable service is a deferred address."""

    def __init__(self, sys: Process, params: Params) -> None:
        self.client = attr.Client(sys, f"private/{params['address_verify_service_name']}")

    async def query(self, address: str) -> tuple[int, str]:
        """What is known of an address: (status, reason)."""
        reply = await self.client.ask(request="query", address=address)
        if reply is None or reply.get("status") != "0":
            return DEFERRED, "address verification problem"
        return int(reply["recipient_status"]), reply["reason"]
