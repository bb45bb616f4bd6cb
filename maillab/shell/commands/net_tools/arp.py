"""arp - show the table of neighbours

SYNOPSIS
    arp [-n] [-a] [-e] [-i INTERFACE] [HOST]
    arp -d HOST

BUGS
    Entries cannot be added (-s is refused); they do not age.
"""
from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.options import gnu
from maillab.sim.host import netlink
from maillab.sim.host.resolver import ResolverError, getaddrinfo, getnameinfo

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"net-tools": "/usr/sbin/arp"}

OPTIONS = gnu("-a -e -n,--numeric -v,--verbose -i,--device= -d,--delete= -s,--set= -V,--version -h,--help", standard=False)
HEAD = "Address                  HWtype  HWaddress           Flags Mask            Iface"


async def main(sys: Process, argv: list[str]) -> int:
    given = await OPTIONS.read(sys, argv, status=3)
    if given.has("set"):
        await sys.stderr.print("arp: --set is not simulated")
        return 1
    entries = [entry for entry in netlink.neighbours(sys) if given.last("device") in (None, entry[1])]
    wanted = given.last("delete") or (given.operands[0] if given.operands else None)
    if wanted is not None:
        try:
            ip = (await getaddrinfo(sys, wanted, "inet"))[0]
        except ResolverError:
            await sys.stderr.print(f"{wanted}: Unknown host")
            return 255
        entries = [entry for entry in entries if entry[0] == ip]
        if given.has("delete"):
            if sys.euid or not entries:
                await sys.stderr.print("SIOCDARP(dontpub): Operation not permitted" if sys.euid else f"No ARP entry for {wanted}")
                return 255
            sys.host.node.neighbours.pop(ip)
            return 0
        if not entries:
            await sys.stdout.print(f"{wanted} ({ip}) -- no entry")
            return 0
    if given.has("a"):
        for ip, card, mac in entries:
            name = "?" if given.has("numeric") else await getnameinfo(sys, ip) or "?"
            await sys.stdout.print(f"{name} ({ip}) at {mac} [ether] on {card}")
        return 0
    if entries:
        await sys.stdout.print(HEAD)
    for ip, card, mac in entries:
        name = ip if given.has("numeric") else await getnameinfo(sys, ip) or ip
        await sys.stdout.print(f"{name[:23]:<23}  ether   {mac:<18}  C {'':<20}{card}")
    return 0
