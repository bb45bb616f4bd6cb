"""ping - ask a host to answer

SYNOPSIS
    ping [-46bDnOqv] [-c COUNT] [-i SECONDS] [-W SECONDS] [-w SECONDS] [-s SIZE] [-t TTL] [-I INTERFACE] HOST

DESCRIPTION
    Sends ICMP echo requests, one a second, until -c COUNT replies came, -w SECONDS passed or control-C; then prints statistics.

EXIT STATUS
    0 at least one reply, 1 none, 2 another error.

BUGS
    -A -B -C -e -f -l -L -m -M -p -Q -R -S -T -U -F -N are refused.
"""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from maillab.shell.options import Given, UsageError, posix
from maillab.sim.host.errno import SysError
from maillab.sim.host.resolver import Family, ResolverError, getnameinfo, lookup_host

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"iputils-ping": ["/bin/ping", "/bin/ping4", "/bin/ping6"]}

OPTIONS = posix("h?4bRT:6F:N:aABc:CdDe:fi:I:l:Lm:M:nOp:qQ:rs:S:t:UvVw:W:", permute=True)
REFUSED = "ABCefFlLmMNpQRSTU"
USAGE = """
Usage
  ping [options] <destination>

Options:
  <destination>      dns name or ip address
  -a                 use audible ping
  -A                 use adaptive ping
  -B                 sticky source address
  -c <count>         stop after <count> replies
  -C                 call connect() syscall on socket creation
  -D                 print timestamps
  -d                 use SO_DEBUG socket option
  -e <identifier>    define identifier for ping session, default is random for
                     SOCK_RAW and kernel defined for SOCK_DGRAM
                     Imply using SOCK_RAW (for IPv4 only for identifier 0)
  -f                 flood ping
  -h                 print help and exit
  -I <interface>     either interface name or address
  -i <interval>      seconds between sending each packet
  -L                 suppress loopback of multicast packets
  -l <preload>       send <preload> number of packages while waiting replies
  -m <mark>          tag the packets going out
  -M <pmtud opt>     define mtu discovery, can be one of <do|dont|want>
  -n                 no dns name resolution
  -O                 report outstanding replies
  -p <pattern>       contents of padding byte
  -q                 quiet output
  -Q <tclass>        use quality of service <tclass> bits
  -s <size>          use <size> as number of data bytes to be sent
  -S <size>          use <size> as SO_SNDBUF socket option value
  -t <ttl>           define time to live
  -U                 print user-to-user latency
  -v                 verbose output
  -V                 print version and exit
  -w <deadline>      reply wait <deadline> in seconds
  -W <timeout>       time to wait for response

IPv4 options:
  -4                 use IPv4
  -b                 allow pinging broadcast
  -R                 record route
  -T <timestamp>     define timestamp, can be one of <tsonly|tsandaddr|tsprespec>

IPv6 options:
  -6                 use IPv6
  -F <flowlabel>     define flow label, default is random
  -N <nodeinfo opt>  use icmp6 node info query, try <help> as argument

For more details see ping(8).
"""
VERSION = "ping from iputils 20221126\nlibcap: yes, IDN: yes, NLS: no, error.h: yes, getrandom(): yes, __fpending(): yes\n"
LINGER = 10.0
LIMITS = (("c", 1, 2**63 - 1), ("s", 0, 65507), ("t", 0, 255), ("w", 0, 2**31))


@dataclass
class Run:
    """One ping session: what it was asked and what came back (times in microseconds)."""

    sys: Process
    given: Given
    host: str
    address: str
    count: int | None
    interval: float
    size: int
    patience: float
    deadline: float | None
    ttl: int
    stopped: bool = False
    sent: int = 0
    errors: int = 0
    times: list[int] = field(default_factory=list)
    began: int = 0
    last: int = 0

    async def go(self) -> int:
        """Send until it is enough, print the statistics, return the exit status."""
        sys = self.sys
        sys.signal(2, self._stop)
        self.began = self.last = sys.monotonic()
        end = None if self.deadline is None else self.began + int(self.deadline * 1_000_000)
        try:
            while not self.stopped and (self.count is None or self.sent < self.count):
                if self.sent:
                    await self._pause(end)
                if self.stopped or (end is not None and sys.monotonic() >= end):
                    break
                await self._one(end)
        except SysError as error:
            if error.name != "EINTR":
                raise
        await self._statistics()
        if self.deadline is not None and self.count is not None and len(self.times) < self.count:
            return 1
        return 0 if self.times else 1

    def _stop(self, number: int) -> None:
        self.stopped = True

    async def _pause(self, end: int | None) -> None:
        wait = self.last + int(self.interval * 1_000_000) - self.sys.monotonic()
        if end is not None:
            wait = min(wait, end - self.sys.monotonic())
        if wait > 0:
            await self.sys.sleep(wait / 1_000_000)

    async def _one(self, end: int | None) -> None:
        sys = self.sys
        self.sent += 1
        self.last = sys.monotonic()
        final = self.count is not None and self.sent == self.count
        wait = self.patience if final else min(self.patience, self.interval)
        if end is not None:
            wait = min(wait, (end - self.last) / 1_000_000)
        try:
            micros = await sys.ping(self.address, wait, self.ttl)
        except SysError as error:
            if error.name not in ("EHOSTUNREACH", "ETIMEDOUT"):
                raise
            if self.given.has("O"):
                await sys.stdout.print(f"no answer yet for icmp_seq={self.sent}")
            return
        self.times.append(micros)
        if not self.given.has("q"):
            await self._reply(micros)

    async def _reply(self, micros: int) -> None:
        name = None if self.given.has("n") or self.host == self.address else await getnameinfo(self.sys, self.address)
        who = f"{name} ({self.address})" if name else self.address
        stamp = f"[{self.sys.clock() // 1_000_000}.{self.sys.clock() % 1_000_000:06d}] " if self.given.has("D") else ""
        await self.sys.stdout.print(f"{stamp}{self.size + 8} bytes from {who}: icmp_seq={self.sent} ttl=64 time={_milliseconds(micros)} ms")
        await self.sys.stdout.flush()

    async def _statistics(self) -> None:
        out = self.sys.stdout
        got = len(self.times)
        loss = (self.sent - got) * 100 / self.sent if self.sent else 0
        text = f"{loss:.4f}".rstrip("0").rstrip(".")[:7]
        await out.print(f"\n--- {self.host} ping statistics ---")
        elapsed = (self.last - self.began) // 1000
        await out.print(f"{self.sent} packets transmitted, {got} received, {text}% packet loss, time {elapsed}ms")
        if not self.times:
            await out.print("")
            return
        average = sum(self.times) / got
        deviation = max(0.0, sum(t * t for t in self.times) / got - average * average) ** 0.5
        shown = "/".join(f"{value / 1000:.3f}" for value in (min(self.times), average, max(self.times), deviation))
        await out.print(f"rtt min/avg/max/mdev = {shown} ms")


def _milliseconds(micros: int) -> str:
    if micros >= 99950:
        return f"{micros // 1000}"
    return f"{micros / 1000:.1f}" if micros >= 9995 else f"{micros / 1000:.2f}" if micros >= 1000 else f"{micros / 1000:.3f}"


async def main(sys: Process, argv: list[str]) -> int:
    name = argv[0].rpartition("/")[2]
    given = await OPTIONS.read(sys, ["ping", *argv[1:]], hint=USAGE.rstrip("\n"), status=2)
    if given.has("h", "?"):
        await sys.stderr.write(USAGE)
        return 2
    if given.has("V"):
        await sys.stdout.write(VERSION)
        return 0
    for letter in REFUSED:
        if given.has(letter):
            await sys.stderr.print(f"ping: -{letter} is not simulated")
            return 2
    if not given.operands:
        await sys.stderr.print("ping: usage error: Destination address required")
        return 1
    try:
        numbers = {key: _number(given, key, low, high) for key, low, high in LIMITS}
        seconds = {key: _seconds(given, key) for key in "iW"}
    except UsageError as error:
        await sys.stderr.print(f"ping: {error}")
        return 1
    family: Family = "inet" if given.has("4") or name == "ping4" else "inet6" if given.has("6") or name == "ping6" else None
    host = given.operands[-1]
    try:
        entry = await lookup_host(sys, host, family)
    except ResolverError as error:
        await sys.stderr.print(f"ping: {host}: {error.text}")
        return 2
    address = entry.addresses[0]
    shown = entry.name if entry.name != host or entry.addresses[0] != host else host
    return await _start(sys, given, shown if host != address else host, host, address, numbers, seconds)


async def _start(sys: Process, given: Given, shown: str, host: str, address: str, numbers: dict[str, int | None],
                 seconds: dict[str, float | None]) -> int:
    source = given.last("I")
    if source and "." not in source and ":" not in source and not any(card.name == source for card in sys.interfaces()):
        await sys.stderr.print(f"ping: SO_BINDTODEVICE {source}: No such device")
        return 2
    node = sys.host.node
    if not node.has(address) and node.route(address) is None:
        await sys.stderr.print("ping: connect: Network is unreachable")
        return 2
    if any(str(parsed.network.broadcast_address) == address for card in sys.interfaces() if card.up and card.name != "lo"
           for parsed in card.parsed()) and not given.has("b"):
        await sys.stderr.print("ping: Do you want to ping broadcast? Then -b. If not, check your local firewall rules")
        return 2
    size = numbers["s"] if numbers["s"] is not None else 56
    if ":" in address:
        inner = address if shown == address else f"{shown} ({address})"
        await sys.stdout.print(f"PING {shown}({inner}) {size} data bytes")
    else:
        await sys.stdout.print(f"PING {shown} ({address}) {size}({size + 28}) bytes of data.")
    await sys.stdout.flush()
    interval = seconds["i"] if seconds["i"] is not None else 1.0
    patience = seconds["W"] if seconds["W"] else LINGER
    deadline = float(numbers["w"]) if numbers["w"] is not None else None
    run = Run(sys, given, shown, address, numbers["c"], interval, size, patience, deadline, numbers["t"] or 64)
    return await run.go()


def _number(given: Given, letter: str, low: int, high: int) -> int | None:
    text = given.last(letter)
    if text is None:
        return None
    try:
        value = int(text)
    except ValueError as error:
        raise UsageError(f"invalid argument: '{text}'") from error
    if not low <= value <= high:
        raise UsageError(f"invalid argument: '{text}': out of range: {low} <= value <= {high}")
    return value


def _seconds(given: Given, letter: str) -> float | None:
    text = given.last(letter)
    if text is None:
        return None
    try:
        value = float(text)
    except ValueError as error:
        raise UsageError(f"option argument contains garbage: {text}\nping: this will become fatal error in the future") from error
    if value < 0:
        raise UsageError(f"bad timing interval: {text}" if letter == "i" else f"bad linger time: {text}")
    return value
