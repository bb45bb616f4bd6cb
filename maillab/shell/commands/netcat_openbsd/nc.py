"""nc - connect to or wait on a TCP, UDP or Unix socket, and copy bytes both ways

SYNOPSIS
    nc [-46CdklNnruvz] [-i SECONDS] [-p PORT] [-q SECONDS] [-s ADDRESS] [-w SECONDS] [-W COUNT] [HOST] [PORT[-PORT]...]
    nc [-lukNdv] -U PATH

DESCRIPTION
    Messages and habits of Debian's netcat-openbsd 1.219. At the end of its input nc goes on until the other side closes, -N tells the
    other side, -q SECONDS quits after that time. -z only tries ports; with several ports, each in turn.

EXIT STATUS
    0, or 1 when the (last) connection failed.

BUGS
    Proxies (-x -X -P), -F, -S, -Z, -t, TTLs, routing tables and buffer lengths are refused.
"""
from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.options import Given, UsageError, posix
from maillab.sim.host.errno import SysError
from maillab.sim.host.netdb import getservbyname, getservbyport
from maillab.sim.host.resolver import Family, ResolverError, getaddrinfo, getnameinfo, is_address

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"netcat-openbsd": ["/bin/nc", "/bin/nc.openbsd", "/bin/netcat"]}

OPTIONS = posix("46bCDdFhI:i:klM:m:NnO:P:p:q:rSs:T:tUuV:vW:w:X:x:Zz", permute=True)
REFUSED = "FSZtxXPTVMmb"
USAGE = """usage: nc [-46CDdFhklNnrStUuvZz] [-I length] [-i interval] [-M ttl]
	  [-m minttl] [-O length] [-P proxy_username] [-p source_port]
	  [-q seconds] [-s sourceaddr] [-T keyword] [-V rtable] [-W recvlimit]
	  [-w timeout] [-X proxy_protocol] [-x proxy_address[:port]]
	  [destination] [port]
"""  # noqa: E101
HELP = "OpenBSD netcat (Debian patchlevel 1.219-1)\n" + USAGE + """	Command Summary:
		-4		Use IPv4
		-6		Use IPv6
		-b		Allow broadcast
		-C		Send CRLF as line-ending
		-D		Enable the debug socket option
		-d		Detach from stdin
		-F		Pass socket fd
		-h		This help text
		-I length	TCP receive buffer length
		-i interval	Delay interval for lines sent, ports scanned
		-k		Keep inbound sockets open for multiple connects
		-l		Listen mode, for inbound connects
		-M ttl		Outgoing TTL / Hop Limit
		-m minttl	Minimum incoming TTL / Hop Limit
		-N		Shutdown the network socket after EOF on stdin
		-n		Suppress name/port resolutions
		-O length	TCP send buffer length
		-P proxyuser	Username for proxy authentication
		-p port		Specify local port for remote connects
		-q secs		quit after EOF on stdin and delay of secs
		-r		Randomize remote ports
		-S		Enable the TCP MD5 signature option
		-s sourceaddr	Local source address
		-T keyword	TOS value
		-t		Answer TELNET negotiation
		-U		Use UNIX domain socket
		-u		UDP mode
		-V rtable	Specify alternate routing table
		-v		Verbose
		-W recvlimit	Terminate after receiving a number of packets
		-w timeout	Timeout for connects and final net reads
		-X proto	Proxy protocol: "4", "5" (SOCKS) or "connect"
		-x addr[:port]	Specify proxy address and port
		-Z		DCCP mode
		-z		Zero-I/O mode [used for scanning]
	Port numbers can be individual or ranges: lo-hi [inclusive]
"""


class Netcat:
    """One run of nc: its options, and the two ways of using a socket."""

    def __init__(self, sys: Process, given: Given) -> None:
        self.sys = sys
        self.given = given
        self.verbose = given.count("v")
        self.family: Family = "inet" if given.has("4") else "inet6" if given.has("6") else None
        self.udp = given.has("u")
        self.kind = "udp" if self.udp else "tcp"
        self.timeout = _seconds(given.last("w"), "timeout")
        self.linger = _seconds(given.last("q"), "quit timer") if given.has("q") else None
        self.limit = _seconds(given.last("W"), "receive limit") if given.has("W") else None

    async def warn(self, text: str) -> None:
        await self.sys.stdout.flush()
        await self.sys.stderr.print(text if text.startswith(("Connection", "Listening", "Bound")) else f"nc: {text}")

    def ports(self, words: list[str]) -> list[int]:
        """The ports named by the operands, each range in order. UsageError for what is no port."""
        out: list[int] = []
        for word in words:
            service = getservbyname(self.sys, word, self.kind) if not word[:1].isdigit() else None
            if service is not None:
                out.append(service.port)
                continue
            low, dash, high = word.partition("-")
            first, last = _port(low), _port(high) if dash else None
            out += [first] if last is None else list(range(min(first, last), max(first, last) + 1))
        return out

    async def shown(self, host: str, address: str) -> str:
        """`host (address)`, or the address alone."""
        return address if host == address or self.given.has("n") or is_address(host) else f"{host} ({address})"

    # --- client

    async def connect_all(self, host: str, words: list[str]) -> int:
        status = 1
        for port in self.ports(words):
            fd = await self._connect(host, port)
            if fd is None:
                continue
            status = 0
            if self.given.has("z"):
                if self.udp and not await self._udp_answers(fd):
                    status = 1
                else:
                    await self._succeeded(host, fd, port)
                self.sys.close(fd)
                continue
            await self._succeeded(host, fd, port)
            await self.carry(fd)
            self.sys.close(fd)
            return 0
        return status

    async def _succeeded(self, host: str, fd: int, port: int) -> None:
        if self.verbose:
            service = getservbyport(self.sys, port, self.kind) if not self.given.has("n") else None
            address = self.sys.getpeername(fd)[0]
            name = service.name if service else "*"
            await self.warn(f"Connection to {await self.shown(host, address)} {port} port [{self.kind}/{name}] succeeded!")

    async def _connect(self, host: str, port: int) -> int | None:
        sys = self.sys
        try:
            if self.given.has("n") and not is_address(host):
                raise ResolverError("nxdomain")
            addresses = await getaddrinfo(sys, host, self.family)
        except ResolverError as error:
            await self.warn(f'getaddrinfo for host "{host}" port {port}: {error.text}')
            sys.exit(1)
        for address in addresses:
            fd = sys.socket("inet6" if ":" in address else "inet", "dgram" if self.udp else "stream")
            try:
                if self.given.has("s", "p"):
                    own = self.given.last("s") or ("::" if ":" in address else "0.0.0.0")
                    self._bind(fd, own, _port(self.given.last("p") or "0") if self.given.has("p") else 0)
                await sys.connect(fd, (address, port), timeout=self.timeout)
                return fd
            except SysError as error:
                sys.close(fd)
                if self.verbose:
                    reason = f"failed: {error}"
                    if error.name == "ETIMEDOUT" and self.timeout is not None:
                        reason = "timed out: Operation now in progress"
                    await self.warn(f"connect to {await self.shown(host, address)} port {port} ({self.kind}) {reason}")
        return None

    def _bind(self, fd: int, address: str, port: int) -> None:
        try:
            self.sys.bind(fd, (address, port))
        except SysError as error:
            raise UsageError(f"bind failed: {error}") from error

    async def _udp_answers(self, fd: int) -> bool:
        """UDP scan: four datagrams in a row; closed when a refusal is back before the last one is sent."""
        refused = False
        for _ in range(4):
            refused = False
            try:
                await self.sys.write(fd, b"X")
                readable, _ = await self.sys.poll(read=[fd], timeout=0)
                if readable:
                    await self.sys.read(fd, 1)
            except SysError:
                refused = True
        return not refused

    async def connect_unix(self, path: str) -> int:
        fd = self.sys.socket("unix", "dgram" if self.udp else "stream")
        try:
            await self.sys.connect(fd, path)
        except SysError as error:
            await self.warn(f"{path}: {error}")
            return 1
        if not self.given.has("z"):
            await self.carry(fd)
        return 0

    # --- server

    async def serve(self, address: str | tuple[str, int]) -> int:
        sys = self.sys
        family = "unix" if isinstance(address, str) else "inet6" if ":" in address[0] else "inet"
        listener = sys.socket(family, "dgram" if self.udp else "stream")
        try:
            sys.bind(listener, address)
        except SysError as error:
            await self.warn(str(error))
            return 1
        if not self.udp:
            sys.listen(listener, 1)
        if self.verbose:
            where = address if isinstance(address, str) else f"{address[0]} {address[1]}"
            await self.warn(f"{'Bound' if self.udp else 'Listening'} on {where}")
        while True:
            if self.udp:
                data, peer = await sys.recvfrom(listener, 16384)
                if not isinstance(peer, str):
                    await sys.connect(listener, peer)
                await self._received(peer)
                await sys.write(1, data)
                await self.carry(listener)
                return 0
            fd, peer = await sys.accept(listener)
            if not self.given.has("k"):
                sys.close(listener)
            await self._received(peer)
            await self.carry(fd)
            sys.close(fd)
            if not self.given.has("k"):
                return 0

    async def _received(self, peer: str | tuple[str, int]) -> None:
        if self.verbose:
            if isinstance(peer, str):
                await self.warn("Connection received on " + peer)
            else:
                name = None if self.given.has("n") else await getnameinfo(self.sys, peer[0])
                await self.warn(f"Connection received on {name or peer[0]} {peer[1]}")

    # --- both

    async def carry(self, fd: int) -> None:
        """Copy both ways until both inputs are gone (or -q, -w, -W say so). A client whose peer closed goes on reading its
        standard input: the next line finds out that nobody listens, and ends it."""
        sys = self.sys
        reading, connected = not self.given.has("d"), True
        deadline: int | None = None
        packets = 0
        while True:
            timeout: float | None = self.timeout
            if deadline is not None:
                left = (deadline - sys.monotonic()) / 1_000_000
                if left <= 0:
                    return
                timeout = left if timeout is None else min(left, timeout)
            readable, _ = await sys.poll(read=[*([fd] if connected else []), *([0] if reading else [])], timeout=timeout)
            if not readable:
                return
            if fd in readable:
                try:
                    data = await sys.read(fd, 16384)
                except SysError:
                    return
                if not data and not self.udp:
                    if self.given.has("l") or not reading:
                        return
                    connected = False
                    continue
                await sys.write(1, data)
                packets += 1
                if self.limit is not None and packets >= self.limit:
                    return
            if 0 in readable:
                reading = await self._send(fd)
                if not connected:
                    return
                if not reading:
                    if self.given.has("N") and not self.udp:
                        sys.shutdown(fd, "w")
                    if self.linger is not None:
                        if self.linger == 0:
                            return
                        if self.linger > 0:
                            deadline = sys.monotonic() + int(self.linger * 1_000_000)

    async def _send(self, fd: int) -> bool:
        """A block of the standard input to the network; False at its end."""
        try:
            data = await self.sys.read(0, 16384)
        except SysError:
            data = b""
        if not data:
            return False
        if self.given.has("C"):
            data = data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        if (interval := _seconds(self.given.last("i"), "interval")) is not None:
            for line in data.splitlines(keepends=True):
                await self.sys.write(fd, line)
                await self.sys.sleep(interval)
            return True
        try:
            await self.sys.write(fd, data)
        except SysError:
            return False
        return True


def _port(text: str) -> int:
    if not text.isdigit():
        raise UsageError(f"port number invalid: {text}")
    if int(text) > 65535:
        raise UsageError(f"port number too large: {text}")
    if int(text) < 1:
        raise UsageError(f"port number too small: {text}")
    return int(text)


def _seconds(text: str | None, what: str) -> float | None:
    if text is None:
        return None
    try:
        return float(int(text))
    except ValueError as error:
        raise UsageError(f"{what} invalid: {text}") from error


async def main(sys: Process, argv: list[str]) -> int:
    given = await OPTIONS.read(sys, [argv[0].rpartition("/")[2], *argv[1:]], hint=USAGE.rstrip("\n"))
    if given.has("h"):
        await sys.stderr.write(HELP)
        return 1
    for letter in REFUSED:
        if given.has(letter):
            await sys.stderr.print(f"nc: -{letter} is not simulated")
            return 1
    try:
        return await _run(sys, given)
    except UsageError as error:
        await sys.stderr.print(f"nc: {error}")
        return 1


async def _run(sys: Process, given: Given) -> int:
    words = given.operands
    if given.has("l") and given.has("z"):
        raise UsageError("cannot use -z and -l")
    if given.has("k") and not given.has("l"):
        raise UsageError("must use -l with -k")
    nc = Netcat(sys, given)
    if given.has("U"):
        if not words:
            if given.has("l"):
                raise UsageError("missing socket pathname")
            await sys.stderr.write(USAGE)
            return 1
        return await (nc.serve(words[0]) if given.has("l") else nc.connect_unix(words[0]))
    if given.has("l"):
        port = given.last("p") or (words[-1] if words else None)
        if port is None:
            raise UsageError("missing port number")
        host = given.last("s") or (words[0] if len(words) > (0 if given.has("p") else 1) else None)
        address = (await getaddrinfo(sys, host, nc.family))[0] if host else "::" if given.has("6") else "0.0.0.0"
        return await nc.serve((address, nc.ports([port])[0]))
    if not words:
        await sys.stderr.write(USAGE)
        return 1
    if len(words) < 2:
        raise UsageError("missing port number")
    return await nc.connect_all(words[0], words[1:])
