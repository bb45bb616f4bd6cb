"""transport_maps: per address, per domain and per parent domain exceptions to the transport and the next hop (transport(5))."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from maillab.sim.mail.address import split_at, strip_extension
from maillab.sim.postfix.lib.maps import Maps

if TYPE_CHECKING:
    from maillab.sim.host.process import Process
    from maillab.sim.postfix.lib.msg import Msg
    from maillab.sim.postfix.lib.params import Params


class Route(Protocol):
    """What a table entry may change."""

    transport: str
    nexthop: str
    recipient: str


class TransportMaps:
    """The tables of transport_maps (or address_verify_transport_maps), searched as transport(5) says."""

    def __init__(self, sys: Process, log: Msg, params: Params, parameter: str) -> None:
        self.maps = Maps(sys, log, params, parameter)
        self.delimiter = params["recipient_delimiter"]
        self.dotted = "transport_maps" not in params.words("parent_domain_matches_subdomains")
        self.log = log

    def __bool__(self) -> bool:
        return bool(self.maps)

    def keys(self, address: str, domain: str) -> list[str]:
        """What is looked up, in order: the address, without extension, the domain and its parents, `*`."""
        bare, extension = strip_extension(address, self.delimiter)
        keys = [address] if extension is None else [address, bare]
        keys.append(domain)
        rest = domain
        while "." in rest and not domain.startswith("["):
            rest = rest.partition(".")[2]
            if rest:
                keys.append("." + rest if self.dotted else rest)
        return keys

    async def apply(self, answer: Route, domain: str) -> None:
        """Change the route as the first entry found says. Raises LookupFailure."""
        for key in self.keys(answer.recipient, domain):
            value = await self.maps.find(key, whole=key == answer.recipient)
            if value is not None:
                self._entry(answer, value, split_at(answer.recipient)[1] or domain)
                return
        value = await self.maps.find("*", whole=False)
        if value is not None:
            self._entry(answer, value, split_at(answer.recipient)[1] or domain)

    def _entry(self, answer: Route, value: str, domain: str) -> None:
        """`transport:nexthop`: an empty transport keeps the old one, an empty next hop is the domain; `:` alone changes nothing."""
        transport, _, nexthop = value.strip().partition(":")
        if transport:
            answer.transport = transport
            answer.nexthop = nexthop or domain
        elif nexthop:
            answer.nexthop = nexthop
