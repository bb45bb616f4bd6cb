"""Which addresses the mail system listens on (inet_interfaces), and the networks it trusts by default (mynetworks_style)."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from maillab.sim.host.resolver import ResolverError, getaddrinfo
from maillab.sim.wire.network import parse_ip

if TYPE_CHECKING:
    from maillab.sim.postfix.lib.params import Params

ALL, LOOPBACK_ONLY = "all", "loopback-only"


@dataclass(frozen=True)
class OwnAddresses:
    """`local`: `ip/prefix` of every interface of the wanted protocols; `listen`: those of inet_interfaces; `proxy`:
    proxy_interfaces."""

    local: list[str] = field(default_factory=list)
    listen: list[str] = field(default_factory=list)
    proxy: list[str] = field(default_factory=list)

    def is_own(self, ip: str) -> bool:
        """Whether mail for [ip] is for this mail system."""
        wanted = parse_ip(ip)
        return any(parse_ip(own.partition("/")[0]) == wanted for own in self.listen + self.proxy)


def local_addresses(params: Params) -> list[str]:
    """`ip/prefix` of the interfaces that are up, IPv4 first. Link-local IPv6 addresses do not count."""
    families = params.protocols()
    found = [text for card in params.sys.interfaces() if card.up for text in card.addresses]
    v4 = [text for text in found if ":" not in text]
    v6 = [text for text in found if ":" in text and not ipaddress.ip_interface(text).ip.is_link_local]
    return (v4 if "inet" in families else []) + (v6 if "inet6" in families else [])


async def find_own_addresses(params: Params) -> OwnAddresses:
    """Resolve inet_interfaces and proxy_interfaces. Raises Fatal."""
    local = local_addresses(params)
    if not local:
        params.log.fatal("could not find any active network interfaces")
    listen = _without_names(params, local)
    if listen is None:
        listen = await _named(params, "inet_interfaces", local)
    proxy = [ip for word in params.words("proxy_interfaces") for ip in await _resolve(params, "proxy_interfaces", word)]
    return OwnAddresses(local, listen, proxy)


def _without_names(params: Params, local: list[str]) -> list[str] | None:
    """The listening addresses when inet_interfaces names no host, otherwise None."""
    words = params.words("inet_interfaces")
    if words == [ALL]:
        return local
    if words == [LOOPBACK_ONLY]:
        loopback = [text for text in local if ipaddress.ip_interface(text).ip.is_loopback]
        if not loopback:
            params.log.fatal("could not find any active network interfaces")
        return loopback
    return None


async def _named(params: Params, parameter: str, local: list[str]) -> list[str]:
    """The addresses of the hosts that a parameter names: they must be local. Raises Fatal."""
    found: list[str] = []
    for word in params.words(parameter):
        if word == ALL:
            params.log.fatal(f"config variable {parameter}: host not found: {word}")
        for ip in await _resolve(params, parameter, word):
            match = next((text for text in local if parse_ip(text.partition("/")[0]) == parse_ip(ip)), None)
            if match is None:
                params.log.fatal(f"parameter {parameter}: no local interface found for {ip}")
            if match not in found:
                found.append(match)
    if not found:
        params.log.fatal(f"no valid {parameter} value")
    return found


async def _resolve(params: Params, parameter: str, word: str) -> list[str]:
    """The addresses of a host name or of an address, with or without brackets. Raises Fatal."""
    bare = word[1:-1] if word.startswith("[") and word.endswith("]") else word
    families = params.protocols()
    if parse_ip(bare) is not None:
        return [bare]
    try:
        found = await getaddrinfo(params.sys, bare, None)
    except ResolverError:
        found = []
    found = [ip for ip in found if ("inet6" if ":" in ip else "inet") in families]
    if not found:
        params.log.fatal(f"config variable {parameter}: host not found: {bare}")
    return found


def mynetworks(params: Params, own: OwnAddresses | None) -> str:
    """The default of mynetworks: the hosts, subnets or classes of the listening addresses. Raises Fatal."""
    style = params["mynetworks_style"]
    if own is None:
        local = local_addresses(params)
        own = OwnAddresses(local, _without_names(params, local) or local)
    if style not in ("host", "subnet", "class"):
        params.log.fatal(
            f'unknown mynetworks_style value "{style}" in "{style}"'
            if params.version >= (3, 0)
            else f"unknown mynetworks_style value: {style}"
        )
    networks: list[str] = []
    for text in own.listen:
        network = _network(text, style)
        if network not in networks:
            networks.append(network)
    line = " ".join(networks)
    return line if params.version >= (3, 0) else line + " "


def _network(text: str, style: str) -> str:
    """One network as mynetworks writes it."""
    interface = ipaddress.ip_interface(text)
    if style == "host":
        network = ipaddress.ip_network(interface.ip)
    elif style == "class" and isinstance(interface, ipaddress.IPv4Interface):
        first = interface.ip.packed[0]
        network = ipaddress.ip_network(f"{interface.ip}/{8 if first < 128 else 16 if first < 192 else 24}", strict=False)
    else:
        network = interface.network
    return f"[{network.network_address}]/{network.prefixlen}" if network.version == 6 else str(network)
