"""The resolve service of trivial-rewrite(8): where does an address go?

The last answers are kept, as the real client keeps its last one: a recipient is resolved several times on its way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from maillab.sim.postfix.lib import attr

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

FINAL = 1 << 0
ROUTED = 1 << 1
ERROR = 1 << 2
FAIL = 1 << 3
CLASS_LOCAL = 1 << 8
CLASS_ALIAS = 1 << 9
CLASS_VIRTUAL = 1 << 10
CLASS_RELAY = 1 << 11
CLASS_DEFAULT = 1 << 12
CLASS_FINAL = CLASS_LOCAL | CLASS_ALIAS | CLASS_VIRTUAL
CLASS_MASK = CLASS_FINAL | CLASS_RELAY | CLASS_DEFAULT
KEPT = 100
FRESH_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Resolved:
    """Where an address goes. `recipient` is in internal form."""

    flags: int
    transport: str
    nexthop: str
    recipient: str


class ResolveClient:
    """Asks `private/SERVICE`; when the service cannot be reached the answer has the flag FAIL."""

    def __init__(self, sys: Process, service: str = "rewrite", request: str = "resolve") -> None:
        self.sys = sys
        self.client = attr.Client(sys, f"private/{service}")
        self.request = request
        self.kept: dict[tuple[str, str], tuple[int, Resolved]] = {}

    async def query(self, sender: str, address: str, request: str = "") -> Resolved:
        """Resolve an internal address, for mail from this sender."""
        request = request or self.request
        now = self.sys.monotonic()
        key = (request + sender, address)
        kept = self.kept.get(key)
        if kept is not None and now - kept[0] < FRESH_SECONDS * 1_000_000:
            return kept[1]
        reply = await self.client.ask(request=request, sender=sender, address=address)
        if reply is None or "flags" not in reply:
            return Resolved(FAIL, "", "", address)
        answer = Resolved(int(reply["flags"]), reply["transport"], reply["nexthop"], reply["recipient"])
        if len(self.kept) >= KEPT:
            self.kept.clear()
        if not answer.flags & FAIL:
            self.kept[key] = (now, answer)
        return answer
