"""The rewrite service of trivial-rewrite(8): the standard form of an address.

`rule` is "local" (myorigin and mydomain are appended) or "remote" (remote_header_rewrite_domain is).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.mail.address import quote_local, unquote_local
from maillab.sim.postfix.lib import attr

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

KEPT = 200


class RewriteClient:
    """Asks `private/SERVICE`, keeping the last answers; an unreachable service leaves addresses as they are."""

    def __init__(self, sys: Process, service: str = "rewrite") -> None:
        self.client = attr.Client(sys, f"private/{service}")
        self.kept: dict[tuple[str, str], str] = {}

    async def rewrite(self, rule: str, address: str) -> str:
        """The standard form of an external (quoted) address."""
        if address == "":
            return address
        key = (rule, address)
        kept = self.kept.get(key)
        if kept is not None:
            return kept
        reply = await self.client.ask(request="rewrite", rule=rule, address=address)
        if reply is None:
            return address
        if len(self.kept) >= KEPT:
            self.kept.clear()
        answer = self.kept[key] = reply.get("address", address)
        return answer

    async def rewrite_internal(self, rule: str, address: str) -> str:
        """The standard form of an internal (unquoted) address, in internal form."""
        return unquote_local(await self.rewrite(rule, quote_local(address)))
