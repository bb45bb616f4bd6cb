"""ip - show and change addresses, links, routes and neighbours

SYNOPSIS
    ip [-4|-6] [-br] [-o] [-s] address [show [dev] NAME | add ADDRESS dev NAME | del ADDRESS dev NAME | flush dev NAME]
    ip link [show [NAME] | set NAME up|down|mtu N]
    ip route [show | add|del|replace PREFIX [via GATEWAY] [dev NAME] | get ADDRESS | flush]
    ip neigh [show | flush dev NAME]

DESCRIPTION
    Objects and commands may be abbreviated. Messages as iproute2 6.1.

BUGS
    Other objects (rule, netns, tunnel, ...) are refused. Link-local IPv6 addresses are not made. Metrics are not kept.
"""
from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from maillab.sim.host import netlink
from maillab.sim.host.errno import SysError
from maillab.sim.wire.network import Interface, parse_ip

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"iproute2": ["/bin/ip", "/sbin/ip"]}

OBJECTS = ("address", "addrlabel", "link", "route", "rule", "neighbor", "neighbour", "tunnel", "maddress", "monitor", "netns")
USAGE = """Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }
       ip [ -force ] -batch filename
where  OBJECT := { address | addrlabel | amt | fou | help | ila | ioam | l2tp |
                   link | macsec | maddress | monitor | mptcp | mroute | mrule |
                   neighbor | neighbour | netconf | netns | nexthop | ntable |
                   ntbl | route | rule | sr | tap | tcpmetrics |
                   token | tunnel | tuntap | vrf | xfrm }
       OPTIONS := { -V[ersion] | -s[tatistics] | -d[etails] | -r[esolve] |
                    -h[uman-readable] | -iec | -j[son] | -p[retty] |
                    -f[amily] { inet | inet6 | mpls | bridge | link } |
                    -4 | -6 | -M | -B | -0 |
                    -l[oops] { maximum-addr-flush-attempts } | -br[ief] |
                    -o[neline] | -t[imestamp] | -ts[hort] | -b[atch] [filename] |
                    -rc[vbuf] [size] | -n[etns] name | -N[umeric] | -a[ll] |
                    -c[olor]}
"""


class IpError(Exception):
    """A message of ip, with its exit status."""

    def __init__(self, text: str, status: int = 1) -> None:
        super().__init__(text)
        self.status = status


class Ip:
    """One command of ip, with the options before the object."""

    def __init__(self, sys: Process) -> None:
        self.sys = sys
        self.family = 0
        self.brief = self.oneline = self.statistics = False

    # --- addresses

    async def address(self, words: list[str]) -> None:
        verb = _verb(words, ("show", "list", "add", "change", "replace", "delete", "del", "flush", "help"), "address")
        if verb in ("show", "list"):
            await self._show(words, links=False)
        elif verb == "help":
            await self.sys.stderr.write("Usage: ip address {add|change|replace} IFADDR dev IFNAME [ LIFETIME ]\n")
            raise IpError("", 255)
        elif verb == "flush":
            for text in list(netlink.interface(self.sys, _device(words)).addresses):
                netlink.remove_address(self.sys, _device(words), text)
        else:
            self._change_address(verb, words)

    def _change_address(self, verb: str, words: list[str]) -> None:
        name = _device(words)
        text = next((w for i, w in enumerate(words) if w not in ("dev", "local", "brd", "broadcast") and (not i or words[i - 1] not in
                     ("dev", "brd", "broadcast", "label", "scope"))), "")
        try:
            parsed = ipaddress.ip_interface(text)
        except ValueError:
            raise IpError(f'Error: any valid prefix is expected rather than "{text}".') from None
        if not any(card.name == name for card in self.sys.interfaces()):
            raise IpError(f'Cannot find device "{name}"')
        _root(self.sys)
        version = f"ipv{parsed.version}"
        if verb in ("del", "delete"):
            try:
                netlink.remove_address(self.sys, name, str(parsed) if "/" in text else text)
            except SysError:
                raise IpError(f"Error: {version}: Address not found.", 2) from None
            return
        try:
            netlink.add_address(self.sys, name, str(parsed))
        except SysError:
            if verb == "add":
                raise IpError(f"Error: {version}: Address already assigned.", 2) from None
        if "brd" in words or "broadcast" in words:
            broadcast = words[words.index("brd" if "brd" in words else "broadcast") + 1]
            if broadcast == "+":
                broadcast = str(parsed.network.broadcast_address)
            netlink.interface(self.sys, name).broadcast[str(parsed)] = broadcast

    # --- links

    async def link(self, words: list[str]) -> None:
        verb = _verb(words, ("show", "list", "set", "add", "delete", "help"), "link")
        if verb in ("show", "list"):
            await self._show(words, links=True)
            return
        if verb != "set":
            raise IpError(f"ip: link {verb} is not simulated")
        if words[:1] == ["dev"]:
            words.pop(0)
            if not words:
                raise IpError('Command line is not complete. Try option "help"', 255)
        if not words:
            raise IpError('Not enough information: "dev" argument is required.', 255)
        name = words.pop(0)
        if not any(card.name == name for card in self.sys.interfaces()):
            raise IpError(f'Cannot find device "{name}"')
        while words:
            word = words.pop(0)
            if word not in ("up", "down", "mtu", "arp", "multicast"):
                raise IpError(f'Error: either "dev" is duplicate, or "{word}" is a garbage.', 255)
            value = words.pop(0) if word in ("mtu", "arp", "multicast") and words else ""
            _root(self.sys)
            if word in ("up", "down"):
                netlink.set_up(self.sys, name, word == "up")
            elif word == "mtu":
                netlink.set_mtu(self.sys, name, int(value))

    async def _show(self, words: list[str], *, links: bool) -> None:
        only_up = "up" in words
        words = [word for word in words if word not in ("up", "dev")]
        cards = list(enumerate(self.sys.interfaces(), 1))
        if words:
            cards = [(number, card) for number, card in cards if card.name == words[0]]
            if not cards:
                raise IpError(f'Device "{words[0]}" does not exist.')
        for number, card in cards:
            if only_up and not card.up:
                continue
            chosen = [a for a in card.addresses if not self.family or (":" in a) == (self.family == 6)]
            if links or chosen or not self.family or words:
                await self._card(number, card, chosen, links)

    async def _card(self, number: int, card: Interface, addresses: list[str], links: bool) -> None:
        out = self.sys.stdout
        flags, state = _flags(card), _state(card)
        loop = card.name == "lo"
        if self.brief:
            detail = f"{card.mac} <{flags}> " if links else "".join(a + " " for a in addresses)
            await out.print(f"{card.name:<16} {state:<14} {detail}" if links or addresses or not self.family else "", end="\n")
            return
        if self.oneline and not links:
            for text in addresses:
                line = self._address_text(card, text)
                await out.print(f"{number}: {card.name}    {line}\\       valid_lft forever preferred_lft forever")
            return
        qdisc = "noqueue" if loop or card.up else "noop"
        mode = "mode DEFAULT " if links else ""
        head = f"{number}: {card.name}: <{flags}> mtu {card.mtu} qdisc {qdisc} state {state} {mode}group default qlen 1000"
        kind = f"    link/{'loopback' if loop else 'ether'} {card.mac} brd {'00:00:00:00:00:00' if loop else 'ff:ff:ff:ff:ff:ff'}"
        joint = "\\" if self.oneline else "\n"
        await out.print(head + (joint + kind if links or not self.family else ""))
        for text in addresses if not links else []:
            await out.print(f"    {self._address_text(card, text)}\n       valid_lft forever preferred_lft forever")
        if self.statistics:
            for letter, last, amount in (("RX", " missed   mcast", card.rx), ("TX", "carrier collsns", card.tx)):
                await out.print(f"    {letter}:  bytes packets errors dropped {last}           ")
                await out.print(f"    {amount:10d} {amount // 100:7d}      0       0       0       0 ")

    @staticmethod
    def _address_text(card: Interface, text: str) -> str:
        parsed = ipaddress.ip_interface(text)
        scope = "host" if parsed.ip.is_loopback else "link" if parsed.ip.is_link_local else "global"
        if parsed.version == 6:
            return f"inet6 {text} scope {scope} "
        broadcast = f" brd {card.broadcast[text]}" if text in card.broadcast else ""
        return f"inet {text}{broadcast} scope {scope} {card.name}"

    # --- routes

    async def route(self, words: list[str]) -> None:
        verb = _verb(words, ("show", "list", "add", "append", "change", "replace", "delete", "get", "flush", "help"), "route")
        if verb in ("show", "list"):
            await self._routes(words)
        elif verb == "get":
            await self._get(words)
        elif verb == "flush":
            _root(self.sys)
            self.sys.host.node.routes.clear()
        elif verb == "help":
            raise IpError("Usage: ip route { list | flush } SELECTOR", 255)
        else:
            self._change_route(verb, words)

    async def _routes(self, words: list[str]) -> None:
        device = words[words.index("dev") + 1] if "dev" in words[:-1] else None
        wanted = [word for word in words if word not in ("dev", device, "root", "exact")]
        table = [r for r in netlink.routes(self.sys) if r.network().version == (6 if self.family == 6 else 4)]
        for route in sorted(table, key=lambda route: route.network().prefixlen != 0):
            network = route.network()
            name = "default" if network.prefixlen == 0 else str(network)
            if (device and route.interface != device) or (wanted and wanted[0] != name):
                continue
            line = name + (f" via {route.gateway}" if route.gateway else "") + ("" if device else f" dev {route.interface}")
            if not route.gateway and route not in self.sys.host.node.routes:
                line += f" proto kernel scope link src {_source(self.sys, route.interface, network)}"
            elif not route.gateway:
                line += " scope link"
            await self.sys.stdout.print(line + " ")

    async def _get(self, words: list[str]) -> None:
        if not words or parse_ip(words[0]) is None:
            raise IpError(f'Error: any valid prefix is expected rather than "{words[0] if words else ""}".')
        ip, node = words[0], self.sys.host.node
        if node.has(ip):
            await self.sys.stdout.print(f"local {ip} dev lo src {ip} uid {self.sys.uid} \n    cache <local> ")
            return
        route = node.route(ip)
        if route is None:
            raise IpError("RTNETLINK answers: Network is unreachable", 2)
        source = next((str(p.ip) for p in netlink.interface(self.sys, route.interface).parsed() if (p.version == 6) == (":" in ip)), "")
        via = f" via {route.gateway}" if route.gateway else ""
        await self.sys.stdout.print(f"{ip}{via} dev {route.interface} src {source} uid {self.sys.uid} \n    cache ")

    def _change_route(self, verb: str, words: list[str]) -> None:
        keys: dict[str, str] = {}
        target = ""
        while words:
            word = words.pop(0)
            if word in ("via", "dev", "metric", "proto", "scope", "src", "table", "mtu") and words:
                keys[word] = words.pop(0)
            elif word != "to":
                target = word
        destination = self._prefix(target)
        _root(self.sys)
        gateway = keys.get("via", "")
        if gateway and parse_ip(gateway) is None:
            raise IpError(f'Error: any valid address is expected rather than "{gateway}".')
        if "dev" in keys and not any(card.name == keys["dev"] for card in self.sys.interfaces()):
            raise IpError(f'Cannot find device "{keys["dev"]}"')
        try:
            if verb == "delete":
                netlink.remove_route(self.sys, destination, gateway)
                return
            if not gateway and "dev" not in keys:
                raise IpError("RTNETLINK answers: No such device", 2)
            if verb in ("replace", "change"):
                try:
                    netlink.remove_route(self.sys, destination)
                except SysError:
                    if verb == "change":
                        raise
            netlink.add_route(self.sys, destination, gateway, keys.get("dev", ""))
        except SysError as error:
            text = {"ESRCH": "RTNETLINK answers: No such process", "EEXIST": "RTNETLINK answers: File exists",
                    "ENOENT": "RTNETLINK answers: No such file or directory"}.get(error.name, "Error: Nexthop has invalid gateway.")
            raise IpError(text, 2) from None

    @staticmethod
    def _prefix(text: str) -> str:
        if text in ("default", ""):
            return "0.0.0.0/0"
        try:
            return str(ipaddress.ip_network(text))
        except ValueError:
            raise IpError(f'Error: any valid prefix is expected rather than "{text}".') from None

    # --- neighbours

    async def neighbour(self, words: list[str]) -> None:
        verb = _verb(words, ("show", "list", "flush", "add", "delete"), "neigh")
        if verb == "flush":
            _root(self.sys)
            netlink.forget_neighbours(self.sys, _device(words))
            return
        if verb not in ("show", "list"):
            raise IpError(f"ip: neigh {verb} is not simulated")
        device = words[words.index("dev") + 1] if "dev" in words[:-1] else None
        for ip, card, mac in netlink.neighbours(self.sys):
            if device in (None, card) and (not words or words[0] in (ip, "dev")):
                await self.sys.stdout.print(f"{ip} {'' if device else f'dev {card} '}lladdr {mac} REACHABLE ")


def _verb(words: list[str], verbs: tuple[str, ...], what: str) -> str:
    """Take the command out of the words: an abbreviation counts, none means show."""
    if not words:
        return "show"
    word = words[0]
    for verb in verbs:
        if verb.startswith(word) and word:
            words.pop(0)
            return "delete" if verb == "del" else verb
    if word == "dev" or (what == "route" and (word[:1].isdigit() or word == "default")):
        return "show"
    raise IpError(f'Command "{word}" is unknown, try "ip {what} help".', 255)


def _device(words: list[str]) -> str:
    if "dev" not in words[:-1]:
        raise IpError('Not enough information: "dev" argument is required.', 255)
    return words[words.index("dev") + 1]


def _root(sys: Process) -> None:
    if sys.euid:
        raise IpError("RTNETLINK answers: Operation not permitted", 2)


def _flags(card: Interface) -> str:
    if card.name == "lo":
        return "LOOPBACK,UP,LOWER_UP" if card.up else "LOOPBACK"
    return "BROADCAST,MULTICAST,UP,LOWER_UP" if card.up else "BROADCAST,MULTICAST"


def _state(card: Interface) -> str:
    return ("UNKNOWN" if card.name == "lo" else "UP") if card.up else "DOWN"


def _source(sys: Process, name: str, network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> str:
    return next((str(p.ip) for p in netlink.interface(sys, name).parsed() if p.network == network), "")


async def main(sys: Process, argv: list[str]) -> int:
    ip = Ip(sys)
    words = argv[1:]
    while words and words[0].startswith("-"):
        option = words.pop(0).lstrip("-")
        if option in ("4", "6"):
            ip.family = int(option)
        elif "brief".startswith(option) and len(option) > 1:
            ip.brief = True
        elif option and "oneline".startswith(option):
            ip.oneline = True
        elif option and "statistics".startswith(option):
            ip.statistics = True
        elif option and "Version".startswith(option):
            await sys.stdout.print("ip utility, iproute2-6.1.0, libbpf 1.1.2")
            return 0
        elif option and ("color".startswith(option.partition("=")[0]) or "details".startswith(option) or "Numeric".startswith(option)):
            sys.unsimulated(f"ip -{option}")
        elif option and "help".startswith(option):
            await sys.stderr.write(USAGE)
            return 255
        else:
            await sys.stderr.print(f'Option "-{option}" is unknown, try "ip -help".')
            return 255
    if not words or "help".startswith(words[0]):
        await sys.stderr.write(USAGE)
        return 255
    word = words.pop(0)
    name = next((name for name in OBJECTS if name.startswith(word)), None)
    if name is None:
        await sys.stderr.print(f'Object "{word}" is unknown, try "ip help".')
        return 1
    handler = {"address": ip.address, "link": ip.link, "route": ip.route, "neighbor": ip.neighbour, "neighbour": ip.neighbour}.get(name)
    if handler is None:
        await sys.stderr.print(f"ip: {name} is not simulated")
        return 1
    try:
        await handler(words)
    except IpError as error:
        if str(error):
            await sys.stderr.print(str(error))
        return error.status
    except SysError as error:
        await sys.stderr.print(f'Cannot find device "{error.path}"' if error.name == "ENODEV" else f"RTNETLINK answers: {error}")
        return 2 if error.name != "ENODEV" else 1
    return 0
