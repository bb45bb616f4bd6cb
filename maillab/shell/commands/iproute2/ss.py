"""ss - show sockets

SYNOPSIS
    ss [-a|-l] [-t] [-u] [-x] [-4|-6] [-n] [-r] [-p] [-e] [-o] [-H] [-s] [state NAME] [sport|dport OPERATOR :PORT]...

DESCRIPTION
    Without -a or -l, listeners are not shown. Columns are as wide as their contents; on a terminal they spread over its width.

BUGS
    Filters know sport, dport, =, eq, !=, and, or, parentheses and `state`; -m, -i, -K, -w and the rare families are refused.
"""
from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell import proc
from maillab.shell.options import Given, UsageError, gnu
from maillab.sim.host.errno import SysError
from maillab.sim.host.netdb import getservbyport, service_port
from maillab.sim.host.netlink import SocketInfo, sock_diag
from maillab.sim.host.resolver import getnameinfo

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"iproute2": "/bin/ss"}

OPTIONS = gnu("-h,--help -V,--version -n,--numeric -r,--resolve -a,--all -l,--listening -o,--options -e,--extended -m,--memory "
              "-p,--processes -i,--info -s,--summary -4,--ipv4 -6,--ipv6 -0,--packet -t,--tcp "
              "-S,--sctp -u,--udp -d,--dccp -w,--raw -x,--unix "
              "-f,--family= -H,--no-header -O,--oneline -K,--kill -E,--events -Z,--context -b,--bpf", standard=False)
REFUSED = ("memory", "info", "packet", "sctp", "dccp", "kill", "events", "context", "bpf")
USAGE = """Usage: ss [ OPTIONS ]
       ss [ OPTIONS ] [ FILTER ]
   -h, --help          this message
   -V, --version       output version information
   -n, --numeric       don't resolve service names
   -r, --resolve       resolve host names
   -a, --all           display all sockets
   -l, --listening     display listening sockets
   -o, --options       show timer information
   -e, --extended      show detailed socket information
   -m, --memory        show socket memory usage
   -p, --processes     show process using socket
   -i, --info          show internal TCP information
   -s, --summary       show socket usage summary
"""
HEADERS = ("Netid", "State", "Recv-Q", "Send-Q", "Local Address:", "Port", "Peer Address:", "Port", "Process")
DELIMITERS = ("", " ", " ", " ", " ", "", " ", "", "")
RIGHT = (4, 6)
STATES = {"established": "ESTAB", "listening": "LISTEN", "time-wait": "TIME-WAIT", "close-wait": "CLOSE-WAIT", "fin-wait-2": "FIN-WAIT-2",
          "last-ack": "LAST-ACK", "unconnected": "UNCONN"}


async def main(sys: Process, argv: list[str]) -> int:
    given = await OPTIONS.read(sys, ["ss", *argv[1:]], hint=USAGE.rstrip("\n"), status=255)
    if given.has("help", "version"):
        await sys.stdout.write(USAGE if given.has("help") else "ss utility, iproute2-6.1.0\n")
        return 0
    for name in REFUSED:
        if given.has(name):
            await sys.stderr.print(f"ss: --{name} is not simulated")
            return 1
    if given.has("summary"):
        return await _summary(sys)
    try:
        rows = [row for row in _wanted(sys, given) if _Filter(sys, given.operands).accepts(row)]
    except UsageError as error:
        await sys.stderr.print(str(error))
        return 255
    table = [await _cells(sys, given, row) for row in rows]
    protocols = [name for name in ("tcp", "udp", "unix") if given.has(name)]
    hidden = [0] if len(protocols) == 1 else []
    hidden += [1] if given.operands[:1] == ["state"] else []
    if not given.has("no-header"):
        table.insert(0, list(HEADERS))
    await _render(sys, [["" if i in hidden else cell for i, cell in enumerate(cells)] for cells in table])
    return 0


def _wanted(sys: Process, given: Given) -> list[SocketInfo]:
    """The sockets of the asked families and states, Unix sockets first as ss has them."""
    protocols = [name for name in ("tcp", "udp", "unix") if given.has(name)]
    internet = given.has("ipv4", "ipv6")
    rows: list[SocketInfo] = []
    by_state = given.operands[:1] == ["state"]
    if "unix" in protocols or (not protocols and not internet):
        rows += _unix(sys)
    inet = sock_diag(sys)
    for name in ("udp", "tcp"):
        if protocols and name not in protocols:
            continue
        for suffix in ("", "6"):
            if internet and not given.has("ipv6" if suffix else "ipv4"):
                continue
            rows += [row for row in inet if row.protocol == name + suffix]
    if by_state or given.has("all"):
        return rows
    listening = ("LISTEN", "UNCONN")
    return [row for row in rows if (row.state in listening) == given.has("listening") and row.state != "TIME-WAIT"]


def _unix(sys: Process) -> list[SocketInfo]:
    out = []
    for line in proc.read_text(sys, "/proc/net/unix").splitlines()[1:]:
        words = line.split(None, 7)
        listening = int(words[3], 16) & 0x10000 != 0
        state = "LISTEN" if listening else "ESTAB" if words[5] == "03" else "UNCONN"
        kind = {"0001": "u_str", "0002": "u_dgr", "0005": "u_seq"}.get(words[4], "u_str")
        out.append(SocketInfo(kind, state, 0, 100 if listening else 0, words[7] if len(words) > 7 else "*", "*", 0, int(words[6])))
    return out


class _Filter:
    """`state NAME`, `sport = :25`, `dport != :smtp`, with and / or / parentheses."""

    def __init__(self, sys: Process, words: list[str]) -> None:
        self.sys = sys
        text = " ".join(words).replace("(", " ( ").replace(")", " ) ")
        self.words = text.split()
        self.state = ""
        if self.words[:1] == ["state"] and len(self.words) > 1:
            self.state = self.words[1]
            if self.state not in (*STATES, "all", "connected"):
                raise UsageError(f"ss: wrong state name: {self.state}")
            del self.words[:2]

    def accepts(self, row: SocketInfo) -> bool:
        if self.state and self.state != "all":
            if self.state == "connected":
                if row.state in ("LISTEN", "UNCONN"):
                    return False
            elif row.state != STATES[self.state]:
                return False
        rest = list(self.words)
        return self._alternatives(rest, row) if rest else True

    def _alternatives(self, rest: list[str], row: SocketInfo) -> bool:
        value = self._conditions(rest, row)
        while rest and rest[0] in ("or", "|", "||"):
            rest.pop(0)
            value = self._conditions(rest, row) or value
        return value

    def _conditions(self, rest: list[str], row: SocketInfo) -> bool:
        value = self._condition(rest, row)
        while rest and rest[0] not in ("or", "|", "||", ")"):
            if rest[0] in ("and", "&", "&&"):
                rest.pop(0)
            value = self._condition(rest, row) and value
        return value

    def _condition(self, rest: list[str], row: SocketInfo) -> bool:
        word = rest.pop(0) if rest else ""
        if word == "(":
            value = self._alternatives(rest, row)
            if rest[:1] == [")"]:
                rest.pop(0)
            return value
        if word in ("not", "!"):
            return not self._condition(rest, row)
        if word in ("sport", "dport") and rest:
            operator = rest.pop(0) if rest[0] in ("=", "==", "eq", "!=", "ne", "neq") else "="
            port = service_port(self.sys, (rest.pop(0) if rest else "").rpartition(":")[2])
            endpoint = row.local if word == "sport" else row.remote
            same = not isinstance(endpoint, str) and endpoint[1] == port
            return same == (operator in ("=", "==", "eq"))
        if word in ("src", "dst") and rest:
            endpoint = row.local if word == "src" else row.remote
            return not isinstance(endpoint, str) and endpoint[0] == rest.pop(0)
        raise UsageError(f'Error: an inet prefix is expected rather than "{word}".\nCannot parse dst/src address.')


async def _cells(sys: Process, given: Given, row: SocketInfo) -> list[str]:
    ends: list[str] = []
    for endpoint in (row.local, row.remote):
        if isinstance(endpoint, str):
            ends += [f"{endpoint} ", str(row.inode) if endpoint is row.local else "0"]
            continue
        ip, port = endpoint
        name = await getnameinfo(sys, ip) if given.has("resolve") and ip not in ("0.0.0.0", "::") else None
        service = None if given.has("numeric") or not port else getservbyport(sys, port, row.protocol[:3])
        ends += [f"{name or (f'[{ip}]' if ':' in ip else ip)}:", service.name if service else str(port) if port else "*"]
    process = ""
    if given.has("processes"):
        owners = proc.socket_owners(sys).get(row.inode, [])
        users = ",".join(f'("{info.comm}",pid={pid},fd={fd})' for pid, fd, info in reversed(owners))
        process = f" users:({users})" if users else ""
    if given.has("extended"):
        process += f" uid:{row.uid} ino:{row.inode}" if row.uid else f" ino:{row.inode}"
    sent = row.sent if row.state != "TIME-WAIT" else 0
    return [row.protocol.rstrip("6"), row.state, str(row.received), str(sent), *ends, process.lstrip() if not process else process[1:]]


async def _render(sys: Process, table: list[list[str]]) -> None:
    if not table:
        return
    widths: list[int] = []
    for i in range(len(HEADERS)):
        longest = max(len(cells[i]) for cells in table)
        widths.append(longest + (len(DELIMITERS[i]) if any(widths) and longest else 0))
    shown = [i for i, width in enumerate(widths) if width]
    try:
        screen = sys.winsize(1)[1]
        pad, rest = divmod(max(0, screen - sum(widths)), len(shown))
        for i in reversed(shown):
            widths[i] += pad + (1 if rest > 0 else 0)
            rest -= 1
    except SysError:
        pass
    for cells in table:
        line = ""
        for n, i in enumerate(shown):
            delimiter = DELIMITERS[i] if n else ""
            room = widths[i] - len(delimiter)
            line += delimiter + (cells[i].rjust(room) if i in RIGHT else cells[i].ljust(room))
        await sys.stdout.print(line)


async def _summary(sys: Process) -> int:
    rows = sock_diag(sys)
    tcp = [row for row in rows if row.protocol.startswith("tcp")]
    waiting = sum(row.state == "TIME-WAIT" for row in tcp)
    await sys.stdout.print(f"Total: {len(rows) + len(_unix(sys))}")
    established = sum(row.state == "ESTAB" for row in tcp)
    await sys.stdout.print(f"TCP:   {len(tcp)} (estab {established}, closed {waiting}, orphaned 0, timewait {waiting})\n")
    await sys.stdout.print("Transport Total     IP        IPv6")
    counts = {name: (sum(row.protocol == name for row in rows if row.state != "TIME-WAIT"),
                     sum(row.protocol == name + "6" for row in rows if row.state != "TIME-WAIT")) for name in ("udp", "tcp")}
    both = (counts["udp"][0] + counts["tcp"][0], counts["udp"][1] + counts["tcp"][1])
    table = [("RAW", 0, 0), ("UDP", *counts["udp"]), ("TCP", *counts["tcp"]), ("INET", *both), ("FRAG", 0, 0)]
    for name, four, six in table:
        await sys.stdout.print(f"{name}\t  {four + six:<9d} {four:<9d} {six:<9d}")
    await sys.stdout.print("")
    return 0
