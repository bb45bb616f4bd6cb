"""tls_policy - which TLS security level a destination needs: smtp_tls_security_level, smtp_tls_policy_maps"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.postfix.lib.maps import LookupFailure, Maps

if TYPE_CHECKING:
    from maillab.sim.postfix._server import Service

LEVELS = ("none", "may", "encrypt", "dane", "dane-only", "fingerprint", "verify", "secure")


class BadPolicy(Exception):
    """A policy table entry that cannot be used."""


def check_level(service: Service, prefix: str) -> None:
    """Complain about an unknown level. Raises Fatal."""
    level = service.params[f"{prefix}tls_security_level"]
    if level and level.split()[0].lower() not in LEVELS:
        service.log.fatal(f"Invalid TLS level \"{level}\"")


class Policy:
    """The levels of destinations."""

    def __init__(self, service: Service, prefix: str) -> None:
        self.service = service
        self.prefix = prefix
        params = service.params
        self.maps = Maps(service.sys, service.log, params, f"{prefix}tls_policy_maps")
        default = params[f"{prefix}tls_security_level"].lower()
        if not default:
            enforce = params.boolean(f"{prefix}enforce_tls")
            peer = params.boolean(f"{prefix}tls_enforce_peername")
            default = "may" if params.boolean(f"{prefix}use_tls") else ""
            if enforce:
                default = "verify" if peer else "encrypt"
        self.default = default

    async def level(self, nexthop: str, domain: str, host: str) -> str:
        """The level for a destination. Raises BadPolicy."""
        if not self.maps:
            return self.default
        try:
            found = await self.maps.find(nexthop)
            parent = domain
            while found is None and "." in parent:
                parent = parent.partition(".")[2]
                found = await self.maps.find(f".{parent}")
        except LookupFailure:
            raise BadPolicy from None
        if found is None:
            return self.default
        level = found.replace(",", " ").split()[0].lower() if found.split() else ""
        if level not in LEVELS:
            name = f"{self.prefix}tls_policy_maps, next-hop destination \"{nexthop}\""
            self.service.log.warning(f"{name}: invalid security level \"{level}\"")
            raise BadPolicy
        return level
