"""The network: nodes with interfaces on segments, routes, latency, cut links and firewalls.

It answers one question, `path`: what becomes of a packet from this node to that address? It carries no bytes itself;
the sockets of `sim.host` use the answer.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx

LOOPBACK_LATENCY = 20
HOPS_MAX = 30

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@lru_cache(maxsize=4096)
def parse_ip(text: str) -> Address | None:
    """An address from its text, None when it is not one."""
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


@dataclass
class Interface:
    """A network card: `addresses` are `ip/prefix` texts; `segment` is the name of the wire it is on ("" for lo)."""

    name: str
    addresses: list[str] = field(default_factory=list)
    segment: str = ""
    up: bool = True
    mac: str = "00:00:00:00:00:00"
    mtu: int = 1500
    rx: int = 0
    tx: int = 0
    broadcast: dict[str, str] = field(default_factory=dict)  # by address text, where one was set

    def parsed(self) -> list[ipaddress.IPv4Interface | ipaddress.IPv6Interface]:
        """The addresses with their networks."""
        return [_interface(text) for text in self.addresses]


@lru_cache(maxsize=4096)
def _interface(text: str) -> ipaddress.IPv4Interface | ipaddress.IPv6Interface:
    return ipaddress.ip_interface(text)


@dataclass
class Route:
    """A line of the routing table: destination network, gateway ("" when on the link), interface name."""

    destination: str
    gateway: str
    interface: str

    def network(self) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
        """The destination, parsed."""
        return _network(self.destination)


@lru_cache(maxsize=4096)
def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    return ipaddress.ip_network(text, strict=False)


@dataclass
class Rule:
    """A firewall rule: `action` drop or reject, for packets in or out, of a protocol (tcp, udp, icmp, "" all), port (0 all), peer
    network."""

    action: str
    direction: str = "in"
    protocol: str = ""
    port: int = 0
    peer: str = ""

    def matches(self, direction: str, protocol: str, port: int, peer: str) -> bool:
        """Whether the rule speaks of this packet."""
        if self.direction != direction or self.protocol not in ("", protocol) or self.port not in (0, port):
            return False
        address = parse_ip(peer)
        return not self.peer or (address is not None and address in _network(self.peer))


@dataclass
class Segment:
    """A wire: one-way latency in microseconds; a cut wire loses everything."""

    name: str
    latency: int = 200
    cut: bool = False


@dataclass
class Node:
    """A machine as the network sees it."""

    name: str
    interfaces: list[Interface] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    forwarding: bool = False
    down: bool = False
    neighbours: dict[str, tuple[str, str]] = field(default_factory=dict)  # ip -> (interface, mac) of those met on a link

    def addresses(self) -> list[str]:
        """All addresses of interfaces that are up."""
        return [text.split("/")[0] for card in self.interfaces if card.up for text in card.addresses]

    def has(self, ip: str) -> bool:
        """Whether an address is this machine's own (all of 127/8 is; an IPv4 address stays so when its card goes down)."""
        address = parse_ip(ip)
        if address is None:
            return False
        old = address.version == 4
        if old and address.packed[0] == 127:
            return any(card.name == "lo" and card.up for card in self.interfaces)
        return any(parsed.ip == address for card in self.interfaces if card.up or old for parsed in card.parsed())

    def table(self) -> list[Route]:
        """The routing table: connected networks, then the configured routes."""
        connected = [
            Route(str(parsed.network), "", card.name)
            for card in self.interfaces if card.up and card.name != "lo" for parsed in card.parsed()
        ]  # fmt: skip
        up = {card.name for card in self.interfaces if card.up}
        return connected + [route for route in self.routes if route.interface in up]

    def route(self, ip: str) -> Route | None:
        """The route with the longest prefix for an address."""
        address = parse_ip(ip)
        best = None
        for route in self.table():
            network = route.network()
            if address is not None and address.version == network.version and address in network:
                if best is None or network.prefixlen > best.network().prefixlen:
                    best = route
        return best

    def card(self, name: str) -> Interface | None:
        """The interface of a name."""
        return next((card for card in self.interfaces if card.name == name), None)

    def verdict(self, direction: str, protocol: str, port: int, peer: str) -> str:
        """What the firewall says: accept, drop or reject."""
        for rule in self.rules:
            if rule.matches(direction, protocol, port, peer):
                return rule.action
        return "accept"


@dataclass(frozen=True)
class Path:
    """The fate of a packet: `fate` is local, ok, no-network (no route), no-host (nobody answers on the link), lost, or rejected."""

    fate: str
    source: str = ""
    node: Node | None = None
    latency: int = 0
    hops: int = 0


class Network:
    """All nodes and segments of a world."""

    def __init__(self) -> None:
        self.nodes: dict[str, Node] = {}
        self.segments: dict[str, Segment] = {}

    def attach(self, node: Node) -> None:
        """Add a node; segments its interfaces name are made when missing."""
        self.nodes[node.name] = node
        for card in node.interfaces:
            if card.segment and card.segment not in self.segments:
                self.segments[card.segment] = Segment(card.segment)

    def plan_routes(self) -> None:
        """Give every node a route to every segment it can reach through forwarding nodes (fewest hops), where it has none."""
        routers = [node for node in self.nodes.values() if node.forwarding]
        if not routers:
            return
        import networkx

        graph: networkx.Graph[tuple[str, str]] = networkx.Graph()
        for node in self.nodes.values():
            for card in node.interfaces:
                if card.segment:
                    graph.add_edge(("node", node.name), ("wire", card.segment))
        for node in self.nodes.values():
            for segment in self.segments:
                self._plan(graph, node, segment)

    def _plan(self, graph: networkx.Graph[tuple[str, str]], node: Node, segment: str) -> None:
        wanted = self._segment_networks(segment)
        known = {route.destination for route in node.table()}
        if not wanted or known.issuperset(wanted):
            return
        usable = graph.subgraph(
            [v for v in graph if v[0] == "wire" or v[1] == node.name or self.nodes[v[1]].forwarding]
        )
        import networkx

        start, end = ("node", node.name), ("wire", segment)
        if start not in usable or end not in usable or not networkx.has_path(usable, start, end):
            return
        way = networkx.shortest_path(usable, start, end)
        if len(way) < 4:
            return
        wire, router = way[1][1], self.nodes[way[2][1]]
        card = next(card for card in node.interfaces if card.segment == wire)
        gateway = next((card for card in router.interfaces if card.segment == wire and card.addresses), None)
        if gateway is not None:
            for destination in wanted:
                if destination not in known:
                    node.routes.append(Route(destination, gateway.addresses[0].split("/")[0], card.name))

    def _segment_networks(self, segment: str) -> list[str]:
        found: dict[str, None] = {}
        for node in self.nodes.values():
            for card in node.interfaces:
                if card.segment == segment:
                    for parsed in card.parsed():
                        found[str(parsed.network)] = None
        return list(found)

    def path(self, start: Node, ip: str, protocol: str = "tcp", port: int = 0, source: str = "") -> Path:
        """Follow a packet from a node to an address."""
        if start.has(ip):
            return Path("local", source or ip, start, LOOPBACK_LATENCY)
        here, latency = start, 0
        for hops in range(1, HOPS_MAX + 1):
            route = here.route(ip)
            card = here.card(route.interface) if route else None
            if route is None or card is None:
                return Path("no-network", source, None, latency, hops)
            if here is start:
                source = source or self._source(card, ip)
                if here.verdict("out", protocol, port, ip) != "accept":
                    return Path("lost", source)
            wire = self.segments[card.segment]
            if wire.cut:
                return Path("lost" if route.gateway else "no-host", source)
            latency += wire.latency
            there = self._neighbour(card.segment, route.gateway or ip)
            if there is None or there.down:
                return Path("lost" if hops > 1 else "no-host", source, None, latency, hops)
            self._meet(here, card, route.gateway or ip, there)
            if there.has(ip):
                verdict = there.verdict("in", protocol, port, source)
                fate = {"accept": "ok", "drop": "lost", "reject": "rejected"}[verdict]
                return Path(fate, source, there, latency, hops)
            if not there.forwarding:
                return Path("lost", source)
            here = there
        return Path("lost", source)

    @staticmethod
    def _meet(here: Node, card: Interface, ip: str, there: Node) -> None:
        """Two machines on one wire learn each other's hardware address."""
        other = next((c for c in there.interfaces if c.segment == card.segment), None)
        if other is None:
            return
        here.neighbours[ip] = (card.name, other.mac)
        for text in card.addresses[:1]:
            there.neighbours[text.split("/")[0]] = (other.name, card.mac)

    def _source(self, card: Interface, ip: str) -> str:
        address = parse_ip(ip)
        for parsed in card.parsed():
            if address is not None and parsed.version == address.version:
                return str(parsed.ip)
        return ""

    def _neighbour(self, segment: str, ip: str) -> Node | None:
        address = parse_ip(ip)
        for node in self.nodes.values():
            for card in node.interfaces:
                if card.segment == segment and card.up and any(parsed.ip == address for parsed in card.parsed()):
                    return node
        return None
