"""netdb - what the C library reads in /etc/services and /etc/protocols

All reads go through `sys`, so that a chroot without the file really has no service names.
"""
from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process


@dataclass(frozen=True, slots=True)
class Service:
    """One line of /etc/services."""

    name: str
    port: int
    protocol: str
    aliases: tuple[str, ...] = ()


@lru_cache(maxsize=8)
def parse_services(data: bytes) -> tuple[Service, ...]:
    """The lines of a services(5) file; malformed lines are skipped, as glibc does."""
    out = []
    for line in data.decode("utf-8", "surrogateescape").split("\n"):
        words = line.split("#")[0].split()
        port, slash, protocol = words[1].partition("/") if len(words) > 1 else ("", "", "")
        if slash and port.isascii() and port.isdigit():
            out.append(Service(words[0], int(port), protocol, tuple(words[2:])))
    return tuple(out)


@lru_cache(maxsize=8)
def _by_name(data: bytes) -> dict[str, tuple[Service, ...]]:
    index: dict[str, tuple[Service, ...]] = {}
    for service in parse_services(data):
        for name in (service.name, *service.aliases):
            index[name] = (*index.get(name, ()), service)
    return index


@lru_cache(maxsize=8)
def _by_port(data: bytes) -> dict[int, tuple[Service, ...]]:
    index: dict[int, tuple[Service, ...]] = {}
    for service in parse_services(data):
        index[service.port] = (*index.get(service.port, ()), service)
    return index


def _file(sys: Process, path: str) -> bytes:
    try:
        return sys.slurp(path)
    except SysError:
        return b""


def getservbyname(sys: Process, name: str, protocol: str | None = "tcp") -> Service | None:
    """The first service of this name or alias (any protocol when None)."""
    for service in _by_name(_file(sys, "/etc/services")).get(name, ()):
        if protocol is None or service.protocol == protocol:
            return service
    return None


def getservbyport(sys: Process, port: int, protocol: str | None = "tcp") -> Service | None:
    """The first service on this port (any protocol when None)."""
    for service in _by_port(_file(sys, "/etc/services")).get(port, ()):
        if protocol is None or service.protocol == protocol:
            return service
    return None


def getservent(sys: Process) -> tuple[Service, ...]:
    """Every line of /etc/services."""
    return parse_services(_file(sys, "/etc/services"))


def service_port(sys: Process, word: str, protocol: str = "tcp") -> int | None:
    """A port from a number or a service name; None when it is neither (getaddrinfo: Servname not supported)."""
    if word.isascii() and word.isdigit():
        return int(word)
    service = getservbyname(sys, word, protocol)
    return service.port if service else None
