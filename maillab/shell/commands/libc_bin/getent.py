"""getent - get entries from Name Service Switch libraries

SYNOPSIS
    getent [OPTION]... DATABASE [KEY]...

DESCRIPTION
    Looks keys up as the C library does: passwd, group, shadow, gshadow, hosts, ahosts, ahostsv4, ahostsv6, services, protocols,
    networks, rpc,
    ethers, aliases, initgroups, netgroup. Exit status 2 when a key was not found, 1 for an unknown database.

BUGS
    -s and -i are taken as if they were not given; the lab says so. netgroup is always empty.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from maillab.shell.commands.libc_bin._getent_help import HELP
from maillab.shell.options import gnu
from maillab.sim.host.accounts import (
    GSHADOW,
    SHADOW,
    getgrall,
    getgrgid,
    getgrnam,
    getgrouplist,
    getpwall,
    getpwnam,
    getpwuid,
    getspnam,
    parse_shadow,
)
from maillab.sim.host.errno import SysError
from maillab.sim.host.netdb import Service, getservbyname, getservbyport, getservent
from maillab.sim.host.resolver import HostEntry, ResolverError, is_address, lookup_address, lookup_host, parse_hosts

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"libc-bin": "/usr/bin/getent", "libc6": "/usr/bin/getent"}
OPTIONS = gnu("-A,--no-addrconfig -i,--no-idn -s,--service= -?,--help --usage -V,--version", standard=False, permute=False)
TRY = "Try `getent --help' or `getent --usage' for more information.\n"
Lines = list[str] | None


async def main(sys: Process, argv: list[str]) -> int:
    given = await OPTIONS.read(sys, argv, status=64, hint=TRY)
    if given.has("help"):
        await sys.stdout.write(HELP)
        return 0
    if given.has("version"):
        await sys.stdout.write("getent (Debian GLIBC 2.36-9+deb12u10) 2.36\n")
        return 0
    if given.has("service", "no-idn"):
        sys.unsimulated("getent -s, -i")
    if not given.operands:
        await sys.stderr.write(f"getent: wrong number of arguments\n{TRY}")
        return 1
    database, keys = given.operands[0], given.operands[1:]
    lookup = DATABASES.get(database)
    if lookup is None:
        await sys.stderr.write(f"Unknown database: {database}\n{TRY}")
        return 1
    status = 0
    asked: list[str | None] = [*keys] or [None]
    for key in asked:
        lines = await lookup(sys, key)
        if lines is None:
            status = 2 if key is not None else 3
            if key is None:
                await sys.stdout.write(f"Enumeration not supported on {database}\n")
        else:
            await sys.stdout.write("".join(line + "\n" for line in lines))
    return status


def _text(sys: Process, path: str) -> list[str]:
    try:
        return sys.slurp(path).decode("utf-8", "surrogateescape").splitlines()
    except SysError:
        return []


async def _passwd(sys: Process, key: str | None) -> Lines:
    if key is None:
        return [user.line() for user in getpwall(sys)]
    user = getpwuid(sys, int(key)) if key.isdigit() else getpwnam(sys, key)
    return [user.line()] if user else None


async def _group(sys: Process, key: str | None) -> Lines:
    if key is None:
        return [group.line() for group in getgrall(sys)]
    group = getgrgid(sys, int(key)) if key.isdigit() else getgrnam(sys, key)
    return [group.line()] if group else None


async def _shadow(sys: Process, key: str | None) -> Lines:
    if key is None:
        return [entry.line() for entry in parse_shadow("\n".join(_text(sys, SHADOW)).encode("utf-8", "surrogateescape"))]
    entry = getspnam(sys, key)
    return [entry.line()] if entry else None


async def _gshadow(sys: Process, key: str | None) -> Lines:
    lines = _text(sys, GSHADOW)
    if key is None:
        return lines
    return [line for line in lines if line.split(":")[0] == key] or None


async def _initgroups(sys: Process, key: str | None) -> Lines:
    if key is None:
        return None
    found = [gid for gid in getgrouplist(sys, key, -1) if gid != -1]
    return [f"{key:<21} " + " ".join(map(str, found))]


def _host_lines(entry: HostEntry) -> list[str]:
    return [f"{address:<15} {' '.join([entry.name, *entry.aliases])}" for address in entry.addresses]


async def _hosts(sys: Process, key: str | None) -> Lines:
    if key is None:
        data = "\n".join(_text(sys, "/etc/hosts")).encode("utf-8", "surrogateescape")
        return [f"{address:<15} {' '.join(names)}" for address, names in parse_hosts(data)]
    try:
        if is_address(key):
            return _host_lines(await lookup_address(sys, key))
    except ResolverError:
        return None
    for family in ("inet6", "inet"):
        try:
            return _host_lines(await lookup_host(sys, key, "inet6" if family == "inet6" else "inet"))
        except ResolverError:
            continue
    return None


def _ahosts(families: tuple[str, ...]) -> Callable[[Process, str | None], Awaitable[Lines]]:
    async def lookup(sys: Process, key: str | None) -> Lines:
        if key is None:
            return await _hosts(sys, key)
        try:
            entry = await lookup_host(sys, key)
        except ResolverError:
            return None
        addresses = [address for address in entry.addresses if ("inet6" if ":" in address else "inet") in families]
        lines = []
        for place, address in enumerate(addresses):
            name = (key if is_address(key) else entry.name) if place == 0 else ""
            lines += [f"{address:<15} STREAM {name}", f"{address:<15} DGRAM  ", f"{address:<15} RAW    "]
        return lines or None

    return lookup


def _service_line(service: Service) -> str:
    return f"{service.name:<21} {service.port}/{service.protocol}" + "".join(f" {alias}" for alias in service.aliases)


async def _services(sys: Process, key: str | None) -> Lines:
    if key is None:
        return [_service_line(service) for service in getservent(sys)]
    name, _, protocol = key.partition("/")
    found = getservbyport(sys, int(name), protocol or None) if name.isdigit() else getservbyname(sys, name, protocol or None)
    return [_service_line(found)] if found else None


def _numbered(path: str, width: int, number_first: bool = False) -> Callable[[Process, str | None], Awaitable[Lines]]:
    """A database of lines `name number aliases`."""

    async def lookup(sys: Process, key: str | None) -> Lines:
        found = []
        for line in _text(sys, path):
            words = line.split("#")[0].split()
            if len(words) >= 2 and (key is None or key in words):
                name, number = (words[1], words[0]) if number_first else (words[0], words[1])
                found.append(" ".join([f"{name:<{width}}", number, *words[2:]]))
        return found if key is None or found else None

    return lookup


async def _aliases(sys: Process, key: str | None) -> Lines:
    pairs = [line.partition(":") for line in _text(sys, "/etc/aliases") if ":" in line and not line.startswith(("#", " ", "\t"))]
    found = [f"{name.strip()}: {value.strip()}" for name, _, value in pairs if key is None or name.strip().lower() == key.lower()]
    return found if key is None or found else None


async def _netgroup(sys: Process, key: str | None) -> Lines:
    return None


DATABASES: dict[str, Callable[[Process, str | None], Awaitable[Lines]]] = {
    "passwd": _passwd,
    "group": _group,
    "shadow": _shadow,
    "gshadow": _gshadow,
    "initgroups": _initgroups,
    "hosts": _hosts,
    "ahosts": _ahosts(("inet", "inet6")),
    "ahostsv4": _ahosts(("inet",)),
    "ahostsv6": _ahosts(("inet6",)),
    "services": _services,
    "protocols": _numbered("/etc/protocols", 21),
    "networks": _numbered("/etc/networks", 21),
    "rpc": _numbered("/etc/rpc", 15),
    "ethers": _numbered("/etc/ethers", 1, number_first=True),
    "aliases": _aliases,
    "netgroup": _netgroup,
}
