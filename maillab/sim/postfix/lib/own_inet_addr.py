"""The network addresses of this mail system: inet_interfaces and inet_protocols applied to the interfaces of the host."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.mail.address import valid_ipv4, valid_ipv6

if TYPE_CHECKING:
    from maillab.sim.host.process import Process
    from maillab.sim.postfix.lib.params import Params


def families(params: Params) -> tuple[str, ...]:
    """The address families of inet_protocols, in order: "inet", "inet6"."""
    words = params["inet_protocols"].replace(",", " ").split()
    wanted = []
    if "all" in words or "ipv4" in words:
        wanted.append("inet")
    if "all" in words or "ipv6" in words:
        wanted.append("inet6")
    return tuple(wanted)


def family(ip: str) -> str:
    """The family of a numeric address."""
    return "inet6" if ":" in ip else "inet"


def interface_addresses(sys: Process, params: Params, loopback_only: bool = False) -> list[str]:
    """The addresses of the interfaces that are up."""
    wanted = families(params)
    found = []
    for interface in sys.interfaces():
        if interface.up and (not loopback_only or interface.name == "lo"):
            found += [text.partition("/")[0] for text in interface.addresses]
    return [ip for ip in found if family(ip) in wanted]


def listed(params: Params) -> list[str]:
    """The words of inet_interfaces."""
    return params["inet_interfaces"].replace(",", " ").split()


def own_addresses(sys: Process, params: Params) -> list[str]:
    """The addresses that Postfix takes for its own, proxy_interfaces included; host names are looked up in /etc/hosts."""
    words = listed(params)
    if "all" in words:
        own = interface_addresses(sys, params)
    elif "loopback-only" in words:
        own = interface_addresses(sys, params, loopback_only=True)
    else:
        own = [ip for word in words for ip in _numeric(sys, params, word)]
    proxies = params["proxy_interfaces"].replace(",", " ").split()
    return own + [ip for word in proxies for ip in _numeric(sys, params, word)]


def _numeric(sys: Process, params: Params, word: str) -> list[str]:
    word = word.strip("[]")
    if valid_ipv4(word) or valid_ipv6(word):
        return [word]
    from maillab.sim.host.resolver import parse_hosts

    if not sys.isfile("/etc/hosts"):
        return []
    wanted = families(params)
    return [ip for ip, names in parse_hosts(sys.slurp("/etc/hosts")) if word in names and family(ip) in wanted]
