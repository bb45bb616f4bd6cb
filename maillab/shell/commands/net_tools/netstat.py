"""netstat - show connections, listeners, routes and interfaces

SYNOPSIS
    netstat [-a|-l] [-t] [-u] [-x] [-w] [-4|-6] [-n] [-p] [-e] [-o] [-W] [-c]
    netstat -r [-n] [-e]        the routing table
    netstat -i                  the interfaces

DESCRIPTION
    Without -a or -l only connections are shown, with -l only listeners. -n shows numbers instead of names, -p the process that holds the
    socket (root sees all). -c repeats every second. The layout is that of net-tools 2.10.

BUGS
    -s, -g, -M, -C, -Z and the families other than inet, inet6 and unix are refused.
"""
from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell import proc
from maillab.shell.commands.net_tools.route import print_routes
from maillab.shell.options import Given, gnu
from maillab.sim.host.accounts import user_name
from maillab.sim.host.netdb import getservbyport
from maillab.sim.host.netlink import SocketInfo, sock_diag
from maillab.sim.host.resolver import getnameinfo
from maillab.sim.host.sockets import Endpoint

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"net-tools": "/bin/netstat"}

OPTIONS = gnu("-r,--route -i,--interfaces -g,--groups -s,--statistics -M,--masquerade -v,--verbose -W,--wide -n,--numeric --numeric-hosts "
              "--numeric-ports --numeric-users -N,--symbolic -e,--extend -p,--programs -o,--timers -c,--continuous -l,--listening -a,--all "
              "-F,--fib -C,--cache -Z,--context -t,--tcp -u,--udp -U,--udplite -S,--sctp -w,--raw -x,--unix --ax25 --ipx --netrom "
              "-4,--inet -6,--inet6 -A,--protocol= -V,--version -h,--help", standard=False)
REFUSED = ("groups", "statistics", "masquerade", "cache", "context", "udplite", "sctp", "ax25", "ipx", "netrom")
STATES = {"LISTEN": "LISTEN", "ESTAB": "ESTABLISHED", "CLOSE-WAIT": "CLOSE_WAIT", "FIN-WAIT-2": "FIN_WAIT2", "LAST-ACK": "LAST_ACK",
          "TIME-WAIT": "TIME_WAIT", "UNCONN": ""}
ADDRESS_WIDTH = 23
PROGRAM_WIDTH = 20
VERSION = """net-tools 2.10
Fred Baumgarten, Alan Cox, Bernd Eckenfels, Phil Blundell, Tuan Hoang, Brian Micek and others
+NEW_ADDRT +RTF_IRTT +RTF_REJECT +FW_MASQUERADE +I18N +SELINUX
AF: (inet) +UNIX +INET +INET6 +IPX +AX25 +NETROM +X25 +ATALK +ECONET +ROSE -BLUETOOTH
HW:  +ETHER +ARC +SLIP +PPP +TUNNEL -TR +AX25 +NETROM +X25 +FR +ROSE +ASH +SIT +FDDI +HIPPI +HDLC/LAPB +EUI64 
"""  # noqa: W291
USAGE = """usage: netstat [-vWeenNcCF] [<Af>] -r         netstat {-V|--version|-h|--help}
       netstat [-vWnNcaeol] [<Socket> ...]
       netstat { [-vWeenNac] -i | [-cnNe] -M | -s [-6tuw] }

        -r, --route              display routing table
        -i, --interfaces         display interface table
        -g, --groups             display multicast group memberships
        -s, --statistics         display networking statistics (like SNMP)
        -M, --masquerade         display masqueraded connections

        -v, --verbose            be verbose
        -W, --wide               don't truncate IP addresses
        -n, --numeric            don't resolve names
        --numeric-hosts          don't resolve host names
        --numeric-ports          don't resolve port names
        --numeric-users          don't resolve user names
        -N, --symbolic           resolve hardware names
        -e, --extend             display other/more information
        -p, --programs           display PID/Program name for sockets
        -o, --timers             display timers
        -c, --continuous         continuous listing

        -l, --listening          display listening server sockets
        -a, --all                display all sockets (default: connected)
        -F, --fib                display Forwarding Information Base (default)
        -C, --cache              display routing cache instead of FIB
        -Z, --context            display SELinux security context for sockets

  <Socket>={-t|--tcp} {-u|--udp} {-U|--udplite} {-S|--sctp} {-w|--raw}
           {-x|--unix} --ax25 --ipx --netrom
  <AF>=Use '-6|-4' or '-A <af>' or '--<af>'; default: inet
  List of possible address families (which support routing):
    inet (DARPA Internet) inet6 (IPv6) ax25 (AMPR AX.25) 
    netrom (AMPR NET/ROM) rose (AMPR ROSE) ipx (Novell IPX) 
    ddp (Appletalk DDP) x25 (CCITT X.25) 
"""  # noqa: W291


async def main(sys: Process, argv: list[str]) -> int:
    given = await OPTIONS.read(sys, argv, hint=USAGE.rstrip("\n"), status=3)
    if given.has("version", "help"):
        await sys.stdout.write(VERSION if given.has("version") else USAGE)
        return 0 if given.has("version") else 3
    for name in REFUSED:
        if given.has(name):
            await sys.stderr.print(f"netstat: --{name} is not simulated")
            return 1
    while True:
        if given.has("route"):
            await print_routes(sys, numeric=given.has("numeric", "numeric-hosts"), netstat=True, extended=given.has("extend"))
        elif given.has("interfaces"):
            await _interfaces(sys)
        else:
            await _sockets(sys, given)
        if not given.has("continuous"):
            return 0
        await sys.stdout.flush()
        await sys.sleep(1)


async def _interfaces(sys: Process) -> None:
    await sys.stdout.print("Kernel Interface table")
    await sys.stdout.print("Iface             MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg")
    for card in sorted(sys.interfaces(), key=lambda card: card.name):
        if card.up:
            flags = "LRU" if card.name == "lo" else "BMRU"
            received, sent = f"{card.rx:8d}      0      0 0     ", f"{card.tx:8d}      0      0      0"
            await sys.stdout.print(f"{card.name:<15} {card.mtu:5d} {received} {sent} {flags}")


async def _sockets(sys: Process, given: Given) -> None:
    families = [f for f in ("inet", "inet6") if given.has(f)] or ["inet", "inet6"]
    if (family := given.last("protocol")) in ("inet", "inet6"):
        families = [family]
    protocols = [p for p in ("tcp", "udp", "raw") if given.has(p)]
    only_unix = (given.has("unix") or family == "unix") and not protocols
    owners: dict[int, str] = {}
    if given.has("programs"):
        owners = await _owners(sys)
    if protocols or not only_unix:
        wanted = protocols or ["tcp", "udp", "raw"]
        await _internet(sys, given, [p + s for p in wanted for s, f in (("", "inet"), ("6", "inet6")) if f in families], owners)
    if given.has("unix") or family == "unix" or not (protocols or given.has("inet", "inet6") or family):
        await _unix(sys, given, owners)


async def _owners(sys: Process) -> dict[int, str]:
    """`PID/program` by socket inode, with the complaints of a user who may not see all."""
    owners = {inode: f"{pid}/{(info.argv[0].rpartition('/')[2].split(':')[0] if info.argv else info.comm)}"[:PROGRAM_WIDTH - 1]
              for inode, ((pid, _, info), *_) in proc.socket_owners(sys).items()}
    if sys.euid and not owners:
        await sys.stderr.print(f'(No info could be read for "-p": geteuid()={sys.euid} but you should be root.)')
    elif sys.euid:
        await sys.stderr.print("(Not all processes could be identified, non-owned process info\n"
                               " will not be shown, you would have to be root to see it all.)")
    return owners


def _which(given: Given) -> str:
    if given.has("all"):
        return "servers and established"
    return "only servers" if given.has("listening") else "w/o servers"


def _shown(given: Given, is_server: bool) -> bool:
    return given.has("all") or is_server == given.has("listening")


async def _internet(sys: Process, given: Given, protocols: list[str], owners: dict[int, str]) -> None:
    out = sys.stdout
    await out.print(f"Active Internet connections ({_which(given)})")
    head = "Proto Recv-Q Send-Q Local Address           Foreign Address         State      "
    head += " User       Inode     " if given.has("extend") else ""
    head += " PID/Program name    " if given.has("programs") else ""
    await out.print(head + (" Timer" if given.has("timers") else ""))
    rows = sock_diag(sys)
    for protocol in protocols:
        for row in rows:
            if row.protocol == protocol and _shown(given, row.state in ("LISTEN", "UNCONN")):
                await out.print(await _internet_row(sys, given, row, owners))


async def _internet_row(sys: Process, given: Given, row: SocketInfo, owners: dict[int, str]) -> str:
    local = await _address(sys, given, row.local, row.protocol)
    remote = await _address(sys, given, row.remote, row.protocol)
    sent = 0 if row.state == "LISTEN" else row.sent
    line = f"{row.protocol:<4}  {row.received:6d} {sent:6d} {local:<23} {remote:<23} {STATES[row.state]:<11}"
    if given.has("extend"):
        user = str(row.uid) if given.has("numeric", "numeric-users") else user_name(sys, row.uid)
        line += f" {user:<10} {row.inode:<10d}"
    if given.has("programs"):
        line += f" {owners.get(row.inode, '-'):<{PROGRAM_WIDTH}}"
    return line + (" off (0.00/0/0)" if given.has("timers") else "")


async def _address(sys: Process, given: Given, endpoint: Endpoint, protocol: str) -> str:
    """`address:port`, with names unless -n, cut to the width of the column unless -W."""
    assert not isinstance(endpoint, str)
    ip, port = endpoint
    host = ip
    if not given.has("numeric", "numeric-hosts"):
        name = await getnameinfo(sys, ip) if ip not in ("0.0.0.0", "::") else None
        host = name or (f"[{ip}]" if ":" in ip else ip)
    service = "*" if port == 0 else str(port)
    if port and not given.has("numeric", "numeric-ports"):
        known = getservbyport(sys, port, protocol[:3])
        service = known.name if known else service
    room = ADDRESS_WIDTH - 1 - len(service)
    return f"{host if given.has('wide') else host[:room]}:{service}"


async def _unix(sys: Process, given: Given, owners: dict[int, str]) -> None:
    out = sys.stdout
    await out.print(f"Active UNIX domain sockets ({_which(given)})")
    await out.print("Proto RefCnt Flags       Type       State         I-Node   "
                    + ("PID/Program name     " if given.has("programs") else "") + "Path")
    for line in proc.read_text(sys, "/proc/net/unix").splitlines()[1:]:
        words = line.split(None, 7)
        listening = int(words[3], 16) & 0x10000 != 0
        if not _shown(given, listening):
            continue
        kind = {"0001": "STREAM", "0002": "DGRAM", "0005": "SEQPACKET"}.get(words[4], "UNKNOWN")
        state = "LISTENING" if listening else "CONNECTED" if words[5] == "03" else ""
        program = f"{owners.get(int(words[6]), '-'):<20} " if given.has("programs") else ""
        path = words[7] if len(words) > 7 else ""
        count = int(words[1], 16)
        flags = "[ ACC ]" if listening else "[ ]"
        await out.print(f"unix  {count:<6d} {flags:<11} {kind:<10} {state:<13} {words[6]:<8} {program}{path}")
