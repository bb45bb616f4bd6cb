"""netlink - what the kernel says of and does to the network of a host: rtnetlink(7) and sock_diag(7)

Functions on a process: all changes need root (EPERM).
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError
from maillab.sim.host.sockets import Endpoint
from maillab.sim.wire.network import Interface, Route, parse_ip

if TYPE_CHECKING:
    from maillab.sim.host.process import Process


@dataclass(frozen=True, slots=True)
class SocketInfo:
    """One socket. `protocol` is tcp, tcp6, udp, udp6 or unix; `state` as ss(8) names it; for a listener `received` is the number of
    connections that wait and `sent` the most that may."""

    protocol: str
    state: str
    received: int
    sent: int
    local: Endpoint
    remote: Endpoint
    uid: int
    inode: int


def sock_diag(sys: Process) -> list[SocketInfo]:
    """All Internet sockets of the host: listeners first, then connections, then those that linger."""
    host = sys.host
    listeners: list[SocketInfo] = []
    others: list[SocketInfo] = []
    for socket in host.net.sockets:
        if socket.state in ("new", "closed") or (socket.type == "stream" and socket.state == "bound"):
            continue
        protocol = {"stream": "tcp", "dgram": "udp"}[socket.type] + ("6" if socket.family == "inet6" else "")
        remote = socket.remote or (("::" if socket.family == "inet6" else "0.0.0.0"), 0)
        if socket.state == "listening":
            listeners.append(SocketInfo(protocol, "LISTEN", len(socket.backlog), socket.backlog_max, socket.local, remote,
                                        socket.creds[1], socket.ino))
            continue
        if socket.type == "dgram":
            state = "ESTAB" if socket.state == "connected" else "UNCONN"
        elif socket.eof_at is not None:
            state = "LAST-ACK" if socket.write_shut else "CLOSE-WAIT"
        else:
            state = "FIN-WAIT-2" if socket.write_shut else "ESTAB"
        others.append(SocketInfo(protocol, state, socket.buffered, 0, socket.local, remote, socket.creds[1], socket.ino))
    for until, family, local, remote in host.net.lingering:
        if until > host.kernel.now:
            others.append(SocketInfo("tcp6" if family == "inet6" else "tcp", "TIME-WAIT", 0, 0, local, remote, 0, 0))
    return listeners + others


def routes(sys: Process) -> list[Route]:
    """The routing table."""
    return sys.host.node.table()


def interface(sys: Process, name: str) -> Interface:
    """The interface of this name. Raises ENODEV."""
    card = sys.host.node.card(name)
    if card is None:
        raise SysError("ENODEV", name)
    return card


def _root(sys: Process) -> None:
    if sys.euid:
        raise SysError("EPERM")


def set_up(sys: Process, name: str, up: bool) -> None:
    """Switch an interface; going down forgets the routes through it. Raises ENODEV, EPERM."""
    card = interface(sys, name)
    _root(sys)
    card.up = up
    if not up:
        forget_neighbours(sys, name)
        sys.host.node.routes[:] = [route for route in sys.host.node.routes if route.interface != name]


def neighbours(sys: Process) -> list[tuple[str, str, str]]:
    """The machines met on links: (address, interface, hardware address)."""
    return [(ip, card, mac) for ip, (card, mac) in sys.host.node.neighbours.items()]


def forget_neighbours(sys: Process, name: str) -> None:
    """Empty the table of an interface."""
    node = sys.host.node
    node.neighbours = {ip: entry for ip, entry in node.neighbours.items() if entry[0] != name}


def set_mtu(sys: Process, name: str, mtu: int) -> None:
    """Raises ENODEV, EPERM."""
    card = interface(sys, name)
    _root(sys)
    card.mtu = mtu


def add_address(sys: Process, name: str, address: str) -> None:
    """Add `ip/prefix`. Raises ENODEV, EPERM, EEXIST."""
    card = interface(sys, name)
    _root(sys)
    if address in card.addresses:
        raise SysError("EEXIST", address)
    card.addresses.append(address)
    forget_neighbours(sys, name)


def remove_address(sys: Process, name: str, address: str) -> None:
    """Remove `ip/prefix` (or the address without its prefix). Raises ENODEV, EPERM, EADDRNOTAVAIL."""
    card = interface(sys, name)
    _root(sys)
    found = next((a for a in card.addresses if a == address or ("/" not in address and a.split("/")[0] == address)), None)
    if found is None:
        raise SysError("EADDRNOTAVAIL", address)
    card.addresses.remove(found)
    card.broadcast.pop(found, None)
    forget_neighbours(sys, name)


def add_route(sys: Process, destination: str, gateway: str, name: str = "") -> None:
    """Add a route. Raises EPERM, EEXIST, ENETUNREACH (a gateway that is not on a link), ENODEV."""
    _root(sys)
    node = sys.host.node
    if not name:
        way = node.route(gateway)
        if way is None or way.gateway:
            raise SysError("ENETUNREACH", gateway)
        name = way.interface
    interface(sys, name)
    route = Route(destination, gateway, name)
    if any(r.network() == route.network() for r in node.table()):
        raise SysError("EEXIST", destination)
    node.routes.append(route)


def remove_route(sys: Process, destination: str, gateway: str = "") -> None:
    """Remove a route. Raises EPERM, ESRCH."""
    _root(sys)
    node = sys.host.node
    wanted = Route(destination, gateway, "").network()
    found = next((r for r in node.routes if r.network() == wanted and (not gateway or r.gateway == gateway)), None)
    if found is None:
        raise SysError("ESRCH", destination)
    node.routes.remove(found)


def is_ipv4(text: str) -> bool:
    address = parse_ip(text)
    return address is not None and address.version == 4
