"""ifconfig - show and configure network interfaces

SYNOPSIS
    ifconfig [-a] [-s] [INTERFACE]
    ifconfig INTERFACE [ADDRESS[/LENGTH]] [netmask MASK] [broadcast ADDRESS] [mtu N] [up|down] [add|del ADDRESS/LENGTH]

DESCRIPTION
    Layout and messages as net-tools 2.10.

BUGS
    Other words of the command (hw, promisc, arp, ...) are refused.
"""
from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from maillab.sim.host import netlink
from maillab.sim.host.errno import SysError
from maillab.sim.host.resolver import ResolverError, getaddrinfo
from maillab.sim.wire.network import Interface

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"net-tools": "/sbin/ifconfig"}

HINT = "ifconfig: `--help' gives usage information."
USAGE = """Usage:
  ifconfig [-a] [-v] [-s] <interface> [[<AF>] <address>]
  [add <address>[/<prefixlen>]]
  [del <address>[/<prefixlen>]]
  [[-]broadcast [<address>]]  [[-]pointopoint [<address>]]
  [netmask <address>]  [dstaddr <address>]  [tunnel <address>]
  [outfill <NN>] [keepalive <NN>]
  [hw <HW> <address>]  [mtu <NN>]
  [[-]trailers]  [[-]arp]  [[-]allmulti]
  [multicast]  [[-]promisc]
  [mem_start <NN>]  [io_addr <NN>]  [irq <NN>]  [media <type>]
  [txqueuelen <NN>]
  [name <newname>]
  [[-]dynamic]
  [up|down] ...
"""


async def main(sys: Process, argv: list[str]) -> int:
    words = argv[1:]
    flags: list[str] = []
    while words and words[0].startswith("-"):
        flags.append(words.pop(0))
    for flag in flags:
        if flag in ("--help", "-h", "-?"):
            await sys.stderr.write(USAGE)
            return 0
        if flag not in ("-a", "-v", "-s"):
            await sys.stderr.print(f"ifconfig: option `{flag}' not recognised.\n{HINT}")
            return 1
    if not words:
        cards = [card for card in sys.interfaces() if card.up or "-a" in flags]
        return await _show(sys, sorted(cards, key=lambda card: card.name), "-s" in flags)
    name = words.pop(0)
    card = next((card for card in sys.interfaces() if card.name == name), None)
    if not words:
        if card is None:
            await sys.stderr.print(f"{name}: error fetching interface information: Device not found")
            return 1
        return await _show(sys, [card], "-s" in flags)
    try:
        return await _configure(sys, name, card, words)
    except SysError as error:
        await sys.stderr.print(f"ifconfig: {error}")
        return 1


def flag_words(card: Interface) -> tuple[int, list[str]]:
    """The number and the words of an interface's flags (netdevice(7))."""
    if card.name == "lo":
        return (73, ["UP", "LOOPBACK", "RUNNING"]) if card.up else (8, ["LOOPBACK"])
    return (4163, ["UP", "BROADCAST", "RUNNING", "MULTICAST"]) if card.up else (4098, ["BROADCAST", "MULTICAST"])


async def _show(sys: Process, cards: list[Interface], short: bool) -> int:
    if short:
        await sys.stdout.print("Iface             MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg")
    for card in cards:
        if short:
            flags = ("LRU" if card.up else "L") if card.name == "lo" else "BMRU" if card.up else "BM"
            received, sent = f"{card.rx:8d}      0      0 0     ", f"{card.tx:8d}      0      0      0"
            await sys.stdout.print(f"{card.name:<15} {card.mtu:5d} {received} {sent} {flags}")
        else:
            await _describe(sys, card)
    return 0


async def _describe(sys: Process, card: Interface) -> None:
    number, words = flag_words(card)
    out = sys.stdout
    await out.print(f"{card.name}: flags={number}<{','.join(words)}>  mtu {card.mtu}")
    first = next((a for a in card.addresses if ":" not in a), None)
    if first is not None:
        parsed = ipaddress.ip_interface(first)
        broadcast = "" if card.name == "lo" else f"  broadcast {card.broadcast.get(first, '0.0.0.0')}"
        await out.print(f"        inet {parsed.ip}  netmask {parsed.network.netmask}{broadcast}")
    for text in card.addresses:
        if ":" in text:
            ip, _, length = text.partition("/")
            scope = "0x10<host>" if ip == "::1" else "0x20<link>" if ip.startswith("fe80") else "0x0<global>"
            await out.print(f"        inet6 {ip}  prefixlen {length}  scopeid {scope}")
    if card.name == "lo":
        await out.print("        loop  txqueuelen 1000  (Local Loopback)")
    else:
        await out.print(f"        ether {card.mac}  txqueuelen 1000  (Ethernet)")
    for letter, amount in (("RX", card.rx), ("TX", card.tx)):
        await out.print(f"        {letter} packets {amount // 100}  bytes {amount} ({_human(amount)})")
        tail = "  overruns 0  frame 0" if letter == "RX" else " overruns 0  carrier 0  collisions 0"
        await out.print(f"        {letter} errors 0  dropped 0{tail}")
    await out.print("")


def _human(amount: int) -> str:
    value, unit = float(amount), "B"
    for unit in ("B", "KiB", "MiB", "GiB"):
        if value < 1024 or unit == "GiB":
            break
        value /= 1024
    return f"{value:.1f} {unit}"


async def _configure(sys: Process, name: str, card: Interface | None, words: list[str]) -> int:
    """Apply the words one by one; the first problem ends."""
    address = next((i for i, word in enumerate(words) if word in ("up", "down", "netmask", "broadcast", "mtu", "add", "del")), len(words))
    if address:
        status = await _set_address(sys, name, card, words)
        if status or not words:
            return status
    while words:
        word = words.pop(0)
        if word in ("up", "down"):
            if card is None:
                await sys.stderr.print(f"{name}: ERROR while getting interface flags: No such device")
                return 1
            if sys.euid:
                await sys.stderr.print("SIOCSIFFLAGS: Operation not permitted")
                return 255
            netlink.set_up(sys, name, word == "up")
        elif card is None:
            await sys.stderr.print(f"SIOCSIF{word.upper()[:9]}: No such device")
            return 1
        elif word in ("netmask", "broadcast", "mtu", "add", "del") and words:
            status = await _set(sys, card, word, words.pop(0))
            if status:
                return status
        else:
            await sys.stderr.print(f"ifconfig: {word}: not simulated")
            return 1
    return 0


async def _set(sys: Process, card: Interface, word: str, value: str) -> int:
    if sys.euid:
        await sys.stderr.print({"netmask": "SIOCSIFNETMASK", "broadcast": "SIOCSIFBRDADDR", "mtu": "SIOCSIFMTU"}.get(word, "SIOCSIFADDR")
                               + ": Operation not permitted")
        return 255
    if word == "mtu":
        netlink.set_mtu(sys, card.name, int(value))
    elif word in ("add", "del"):
        netlink.add_address(sys, card.name, value) if word == "add" else netlink.remove_address(sys, card.name, value)
    elif not netlink.is_ipv4(value):
        await sys.stderr.print(f"{value}: Unknown host\n{HINT}")
        return 1
    else:
        first = next((a for a in card.addresses if ":" not in a), None)
        if first is None:
            await sys.stderr.print("SIOCSIFNETMASK: Cannot assign requested address")
            return 1
        if word == "broadcast":
            card.broadcast[first] = value
        else:
            new = f"{first.split('/')[0]}/{ipaddress.ip_network('0.0.0.0/' + value).prefixlen}"
            card.addresses[card.addresses.index(first)] = new
            card.broadcast[new] = str(ipaddress.ip_interface(new).network.broadcast_address)
    return 0


async def _set_address(sys: Process, name: str, card: Interface | None, words: list[str]) -> int:
    """The first word is the interface's own IPv4 address: it replaces the first one, and the interface goes up."""
    text, _, length = words.pop(0).partition("/")
    if text == "inet":
        text, _, length = words.pop(0).partition("/") if words else ("", "", "")
    try:
        ip = (await getaddrinfo(sys, text, "inet"))[0]
    except ResolverError as error:
        reason = "Unknown host" if error.kind in ("nxdomain", "nodata") or text[:1].isdigit() else "Host name lookup failure"
        await sys.stderr.print(f"{text}: {reason}\n{HINT}")
        return 1
    if card is None or sys.euid:
        await sys.stderr.print(f"SIOCSIFADDR: {'No such device' if card is None else 'Operation not permitted'}")
        if card is None:
            await sys.stderr.print(f"{name}: ERROR while getting interface flags: No such device")
        else:
            await sys.stderr.print("SIOCSIFFLAGS: Operation not permitted")
        return 255
    first = next((a for a in card.addresses if ":" not in a), None)
    if not length:
        top = int(ip.split(".")[0])
        length = "8" if top < 128 else "16" if top < 192 else "24"
    if first is not None:
        netlink.remove_address(sys, name, first)
    new = f"{ip}/{length}"
    if new not in card.addresses:
        card.addresses.insert(0, new)
    card.broadcast[new] = str(ipaddress.ip_interface(new).network.broadcast_address)
    netlink.set_up(sys, name, True)
    return 0
