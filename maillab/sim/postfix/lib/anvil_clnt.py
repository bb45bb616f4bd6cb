"""The client of anvil(8), which counts what clients do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.postfix.lib import attr

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

SERVICE = "private/anvil"


class AnvilClient:
    """Asks anvil; None when it does not answer."""

    def __init__(self, sys: Process) -> None:
        self.client = attr.Client(sys, SERVICE, 10)

    async def connect(self, service: str, address: str) -> tuple[int, int] | None:
        """A client connected: (simultaneous connections, connections per time unit)."""
        reply = await self.client.ask(request="connect", ident=f"{service}:{address}")
        if reply is None or reply.get("status") != "0":
            return None
        return int(reply["count"]), int(reply["rate"])

    async def count(self, kind: str, service: str, address: str) -> int | None:
        """An event (message, recipient, newtls, auth): how many per time unit."""
        reply = await self.client.ask(request=kind, ident=f"{service}:{address}")
        return None if reply is None or reply.get("status") != "0" else int(reply["rate"])

    async def disconnect(self, service: str, address: str) -> None:
        """A client left."""
        await self.client.ask(request="disconnect", ident=f"{service}:{address}")
