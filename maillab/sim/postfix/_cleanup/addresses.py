"""Address mapping: canonical, masquerading and virtual aliases, for envelopes and headers (ADDRESS_REWRITING_README)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.mail.address import split_at
from maillab.sim.postfix.lib import cleanup_user
from maillab.sim.postfix.lib.mail_addr_find import AddressFinder
from maillab.sim.postfix.lib.maps import LookupFailure, Maps
from maillab.sim.postfix.lib.rewrite_clnt import RewriteClient

if TYPE_CHECKING:
    from maillab.sim.postfix._cleanup.message import Message
    from maillab.sim.postfix._server import Service

CANONICAL_ROUNDS = 10
CLASSES = ("envelope_sender", "envelope_recipient", "header_sender", "header_recipient")


class AddressMaps:
    """The mapping tables of one cleanup process."""

    def __init__(self, service: Service) -> None:
        sys, log, params = service.sys, service.log, service.params
        self.log = log
        self.params = params
        self.finder = AddressFinder(sys, log, params)
        self.rewriter = RewriteClient(sys, params["rewrite_service_name"])
        self.canonical = Maps(sys, log, params, "canonical_maps")
        self.sender_canonical = Maps(sys, log, params, "sender_canonical_maps")
        self.recipient_canonical = Maps(sys, log, params, "recipient_canonical_maps")
        self.virtual = Maps(sys, log, params, "virtual_alias_maps")
        self.sender_bcc = Maps(sys, log, params, "sender_bcc_maps")
        self.recipient_bcc = Maps(sys, log, params, "recipient_bcc_maps")
        self.canonical_classes = self._classes("canonical_classes", CLASSES)
        self.sender_classes = self._classes("sender_canonical_classes", (CLASSES[0], CLASSES[2]))
        self.recipient_classes = self._classes("recipient_canonical_classes", (CLASSES[1], CLASSES[3]))
        self.masquerade_classes = self._classes("masquerade_classes", CLASSES)
        self.masquerade_domains = params["masquerade_domains"].replace(",", " ").lower().split()
        self.masquerade_exceptions = params["masquerade_exceptions"].replace(",", " ").lower().split()
        propagate = params["propagate_unmatched_extensions"].replace(",", " ").split()
        self.propagate_canonical = "canonical" in propagate
        self.propagate_virtual = "virtual" in propagate

    def _classes(self, parameter: str, allowed: tuple[str, ...]) -> frozenset[str]:
        words = self.params[parameter].replace(",", " ").split()
        for word in words:
            if word not in allowed:
                self.log.fatal(f'unknown {parameter} value "{word}" in "{self.params[parameter]}"')
        return frozenset(words)

    async def rewrite(self, context: str, address: str) -> str:
        """The standard form of an internal address."""
        return await self.rewriter.rewrite_internal(context, address)

    async def apply(self, message: Message, address: str, kind: str) -> str:
        """canonical_maps and its sender or recipient sister, then masquerading. `kind` is one of CLASSES."""
        if address == "":
            return address
        own, classes = (
            (self.sender_canonical, self.sender_classes) if kind.endswith("sender") else (self.recipient_canonical, self.recipient_classes)
        )
        if own and kind in classes:
            address = await self._canonical(message, own, address)
        if self.canonical and kind in self.canonical_classes:
            address = await self._canonical(message, self.canonical, address)
        if self.masquerade_domains and kind in self.masquerade_classes:
            address = self.masquerade(address)
        return address

    async def _canonical(self, message: Message, maps: Maps, address: str) -> str:
        """Map until nothing changes."""
        current = address
        for _ in range(CANONICAL_ROUNDS):
            try:
                new = await self.finder.map(maps, current, self.propagate_canonical, self.rewrite)
            except LookupFailure:
                self.problem(message, f"{maps.title} map lookup problem for {current}")
                return current
            if not new:
                return current
            if len(new) > 1:
                self.log.warning(f"{message.queue_id}: multi-valued {maps.title} entry for {current}")
            if new[0].lower() == current.lower():
                return new[0]
            current = new[0]
        self._complain(message, f"unreasonable {maps.title} map nesting for {current}")
        return current

    def _complain(self, message: Message, text: str) -> None:
        self.log.warning(f"{message.queue_id}: {text} -- message not accepted, try again later")

    def problem(self, message: Message, text: str) -> None:
        """The message cannot be accepted now."""
        self._complain(message, text)
        message.errors |= cleanup_user.WRITE

    def expansion_problem(self, message: Message, text: str, error: int) -> None:
        """The same, for an expansion of aliases: newer clients are told why."""
        self._complain(message, text)
        message.errors |= error if self.params.version >= (2, 6) else cleanup_user.WRITE
        if self.params.version >= (2, 6):
            message.reason = "4.6.0 Alias expansion error"

    def masquerade(self, address: str) -> str:
        """Hide hosts behind their domain."""
        local, domain = split_at(address)
        if domain is None or local.lower() in self.masquerade_exceptions:
            return address
        folded = domain.lower()
        for word in self.masquerade_domains:
            bare = word.removeprefix("!")
            if folded == bare or folded.endswith("." + bare):
                if word.startswith("!"):
                    return address
                return f"{local}@{domain[len(domain) - len(bare) :]}"
        return address

    async def aliases(self, message: Message, address: str) -> list[str]:
        """All that virtual_alias_maps makes of an address."""
        if not self.virtual:
            return [address]
        found: list[str] = []
        pending = [(address, 0, frozenset[str]())]
        limit = self.params.integer("virtual_alias_expansion_limit")
        depth_limit = self.params.integer("virtual_alias_recursion_limit")
        while pending:
            current, depth, above = pending.pop(0)
            if len(found) + len(pending) > limit:
                self.expansion_problem(message, f"unreasonable {self.virtual.title} map expansion size for {address}", cleanup_user.DEFER)
                return found
            if depth > depth_limit:
                self.expansion_problem(message, f"unreasonable {self.virtual.title} map nesting for {address}", cleanup_user.DEFER)
                return found
            folded = current.lower()
            try:
                new = None if folded in above else await self.finder.map(self.virtual, current, self.propagate_virtual, self.rewrite)
            except LookupFailure:
                self.expansion_problem(message, f"{self.virtual.title} map lookup problem for {address}", cleanup_user.WRITE)
                return found
            if not new:
                found.append(current)
                continue
            ancestors = above | {folded}
            children = []
            for result in new:
                if result.lower() in ancestors:
                    found.append(result)
                else:
                    children.append((result, depth + 1, ancestors))
            pending = children + pending
        unique = dict.fromkeys(found)
        return list(unique)
