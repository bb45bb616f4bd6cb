"""route - show and change the routing table

SYNOPSIS
    route [-n] [-e] [-v]
    route add|del [-net|-host] TARGET[/LENGTH] [netmask MASK] [gw GATEWAY] [metric N] [[dev] INTERFACE]

BUGS
    IPv4 only; metrics are not kept; -F, -C, -A and `flush` are refused.
"""
from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.options import gnu
from maillab.sim.host import netlink
from maillab.sim.host.errno import SysError
from maillab.sim.host.resolver import ResolverError, getaddrinfo, getnameinfo, inet_aton

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"net-tools": "/sbin/route"}

OPTIONS = gnu("-n,--numeric -v,--verbose -e,--extend -F,--fib -C,--cache -4 -6 -A= -V,--version -h,--help", standard=False, permute=False)
USAGE = """Usage: route [-nNvee] [-FC] [<AF>]           List kernel routing tables
       route [-v] [-FC] {add|del|flush} ...  Modify routing table for AF.

       route {-h|--help} [<AF>]              Detailed usage syntax for specified AF.
       route {-V|--version}                  Display version/author and exit.

        -v, --verbose            be verbose
        -n, --numeric            don't resolve names
        -e, --extend             display other/more information
        -F, --fib                display Forwarding Information Base (default)
        -C, --cache              display routing cache instead of FIB

  <AF>=Use -4, -6, '-A <af>' or '--<af>'; default: inet
  List of possible address families (which support routing):
    inet (DARPA Internet) inet6 (IPv6) ax25 (AMPR AX.25) 
    netrom (AMPR NET/ROM) rose (AMPR ROSE) ipx (Novell IPX) 
    ddp (Appletalk DDP) x25 (CCITT X.25) 
"""  # noqa: W291


async def main(sys: Process, argv: list[str]) -> int:
    given = await OPTIONS.read(sys, argv, hint=USAGE.rstrip("\n"), status=3)
    if given.has("cache", "6", "A"):
        await sys.stderr.print("route: only the IPv4 table is simulated")
        return 1
    words = given.operands
    if not words and not given.has("help", "version"):
        await print_routes(sys, numeric=given.has("numeric"), netstat=given.has("extend"), extended=False)
        return 0
    if given.has("version"):
        await sys.stdout.print("net-tools 2.10")
        return 0
    if words[:1] not in (["add"], ["del"], ["delete"]) or len(words) < 2:
        await sys.stderr.write(USAGE)
        return 3
    return await _change(sys, words[0] == "add", words[1:])


async def print_routes(sys: Process, *, numeric: bool, netstat: bool, extended: bool) -> None:
    """The kernel's IPv4 routes in the columns of `route`, or of `netstat -r`."""
    out = sys.stdout
    await out.print("Kernel IP routing table")
    plain = not netstat or extended
    await out.print("Destination     Gateway         Genmask         Flags "
                    + ("Metric Ref    Use Iface" if plain else "  MSS Window  irtt Iface"))
    table = [route for route in netlink.routes(sys) if route.network().version == 4]
    for route in sorted(table, key=lambda route: -1 if route.network().prefixlen == 0 else 0):
        network = route.network()
        gateway, target = route.gateway or "0.0.0.0", str(network.network_address)
        if not numeric:
            target = "default" if network.prefixlen == 0 else await getnameinfo(sys, target) or target
            gateway = (await getnameinfo(sys, gateway) or gateway) if route.gateway else gateway
        flags = "U" + ("G" if route.gateway else "") + ("H" if network.prefixlen == 32 else "")
        await out.print(f"{target:<15} {gateway:<15} {network.netmask!s:<15} {flags:<5} "
                        + (f"{0:<6d} {0:<2d} {0:7d} {route.interface}" if plain else f"{0:5d} {0:<5d} {0:6d} {route.interface}"))


async def _change(sys: Process, add: bool, words: list[str]) -> int:
    if words[0] in ("-net", "-host"):
        words = words[1:]
    target = words.pop(0) if words else ""
    keys: dict[str, str] = {}
    while words:
        word = words.pop(0)
        if word in ("gw", "gateway", "netmask", "metric", "dev", "mss", "window") and words:
            keys[{"gateway": "gw"}.get(word, word)] = words.pop(0)
        elif not words:
            keys["dev"] = word
        else:
            await sys.stderr.write(USAGE)
            return 3
    try:
        destination = await _destination(sys, target, keys.get("netmask"))
        gateway = (await getaddrinfo(sys, keys["gw"], "inet"))[0] if "gw" in keys else ""
    except ResolverError as error:
        await sys.stderr.print(f"{keys.get('gw', target) if 'gw' in keys and inet_aton(keys['gw']) is None else target}: "
                               f"{'Unknown host' if error.kind in ('nxdomain', 'nodata') else 'Host name lookup failure'}")
        return 1
    if sys.euid:
        await sys.stderr.print(f"SIOC{'ADD' if add else 'DEL'}RT: Operation not permitted")
        return 7
    try:
        if not add:
            netlink.remove_route(sys, destination, gateway)
        elif not gateway and "dev" not in keys:
            await sys.stderr.print("SIOCADDRT: No such device")
            return 7
        else:
            netlink.add_route(sys, destination, gateway, keys.get("dev", ""))
    except SysError as error:
        await sys.stderr.print(f"SIOC{'ADD' if add else 'DEL'}RT: {error}")
        return 7
    return 0


async def _destination(sys: Process, target: str, mask: str | None) -> str:
    if target == "default":
        return "0.0.0.0/0"
    name, slash, length = target.partition("/")
    address = (await getaddrinfo(sys, name, "inet"))[0]
    if slash or mask:
        return f"{address}/{length or mask}"
    return "0.0.0.0/0" if address == "0.0.0.0" else f"{address}/32"
