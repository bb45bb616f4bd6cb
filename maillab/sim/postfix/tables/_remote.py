"""Servers that answer lookups over a socket: `inet:host:port`, `host:port`, `unix:path`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError
from maillab.sim.host.netdb import service_port
from maillab.sim.host.resolver import ResolverError, getaddrinfo
from maillab.sim.postfix.lib.vstream import Stream

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

TIMEOUT = 100.0


class Unreachable(Exception):
    """The server cannot be reached; the reason."""


async def connect(sys: Process, server: str) -> Stream:
    """Connect to a server. Raises Unreachable."""
    if server.startswith("unix:"):
        fd = sys.socket("unix", "stream")
        return await _connected(sys, fd, server[5:])
    host, _, port = server.removeprefix("inet:").rpartition(":")
    number = service_port(sys, port)
    if number is None:
        raise Unreachable(f"unknown service: {port}/tcp")
    try:
        addresses = await getaddrinfo(sys, host.strip("[]") or "localhost")
    except ResolverError as error:
        raise Unreachable(str(error)) from error
    reason = "Connection refused"
    for address in addresses:
        fd = sys.socket("inet6" if ":" in address else "inet", "stream")
        try:
            return await _connected(sys, fd, (address, number))
        except Unreachable as error:
            reason = str(error)
    raise Unreachable(reason)


async def _connected(sys: Process, fd: int, address: str | tuple[str, int]) -> Stream:
    try:
        await sys.connect(fd, address)
    except SysError as error:
        sys.close(fd)
        raise Unreachable(error.strerror) from error
    return Stream(sys, fd, TIMEOUT)
