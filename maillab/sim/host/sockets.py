"""Sockets: streams and datagrams of the Internet and Unix families (socket(7), tcp(7), udp(7), unix(7))."""

from __future__ import annotations

import stat
from collections import deque
from typing import TYPE_CHECKING

from maillab.sim.host.description import Description
from maillab.sim.host.errno import SysError
from maillab.sim.host.inode import Inode, Stat
from maillab.sim.host.signals import SIGPIPE
from maillab.sim.wire.network import parse_ip

if TYPE_CHECKING:
    from maillab.sim.host.host import Host
    from maillab.sim.host.wait_calls import WaitCalls
    from maillab.sim.kernel.kernel import Kernel

WINDOW = 262144
Endpoint = tuple[str, int] | str
"""(ip, port) of the Internet families, a path of the Unix family ("" when unnamed)."""

ARP_FAILS_AFTER = 3_060_000
SYN_GIVES_UP_AFTER = 130_000_000
TIME_WAIT = 60_000_000


class Socket(Description):
    """A socket in any state: new, bound, listening, connected, closed; or a datagram socket."""

    kind = "socket"

    def __init__(self, kernel: Kernel, host: Host, family: str, type_: str):
        super().__init__(kernel, True, True)
        self.host = host
        self.family = family
        self.type = type_
        self.state = "new"
        self.ino = host.new_anonymous_inode()
        self.local: Endpoint = "" if family == "unix" else ("0.0.0.0" if family == "inet" else "::", 0)
        self.remote: Endpoint | None = None
        self.peer: Socket | None = None
        self.latency = 0
        self.incoming: deque[tuple[int, bytes]] = deque()  # (microsecond of arrival, bytes) of a stream
        self.buffered = 0
        self.eof_at: int | None = None  # when the peer's end arrives
        self.write_shut = False
        self.reset = False
        self.backlog: deque[tuple[int, Socket]] = deque()
        self.backlog_max = 0
        self.datagrams: deque[tuple[int, bytes, Endpoint]] = deque()
        self.refused: int | None = None  # when a connected datagram socket hears "port unreachable"
        self.creds = (0, 0, 0)
        self.passed: deque[Description] = deque()
        self.bound_at: tuple[int, int] | None = None  # (device, inode) of a unix socket's name

    # --- readiness --------------------------------------------------------------------------------------------------

    def ready_read(self) -> int | None:
        if self.state == "listening":
            return self.backlog[0][0] if self.backlog else None
        if self.type == "dgram":
            when = self.datagrams[0][0] if self.datagrams else None
            return self.refused if when is None or (self.refused is not None and self.refused < when) else when
        if self.incoming:
            return self.incoming[0][0]
        if self.reset or self.state != "connected":
            return 0
        return self.eof_at

    def ready_write(self) -> int | None:
        if self.type == "dgram" or self.state != "connected" or self.peer is None:
            return 0
        return 0 if self.peer.buffered < WINDOW else None

    # --- streams ----------------------------------------------------------------------------------------------------

    async def read(self, process: WaitCalls, size: int) -> bytes:
        if self.type == "dgram":
            return (await self.receive(process, size))[0]
        if self.state != "connected":
            raise SysError("ENOTCONN")
        while True:
            now = self.kernel.now
            if self.incoming and self.incoming[0][0] <= now:
                return self._take(size, now)
            if self.reset:
                self.reset = False
                raise SysError("ECONNRESET")
            if not self.incoming and self.eof_at is not None and self.eof_at <= now:
                return b""
            if self.nonblock:
                raise SysError("EAGAIN")
            await process.block(self.readers, deadline=self.incoming[0][0] if self.incoming else self.eof_at)

    def _take(self, size: int, now: int) -> bytes:
        parts, left = [], size
        while self.incoming and left and self.incoming[0][0] <= now:
            when, data = self.incoming.popleft()
            if len(data) > left:
                self.incoming.appendleft((when, data[left:]))
                data = data[:left]
            parts.append(data)
            left -= len(data)
        self.buffered -= size - left
        if self.peer is not None:
            self.peer.writers.wake()
        return parts[0] if len(parts) == 1 else b"".join(parts)

    async def write(self, process: WaitCalls, data: bytes) -> int:
        if self.type == "dgram":
            if self.remote is None:
                raise SysError("EDESTADDRREQ")
            return await self.send(process, data, self.remote)
        if self.state != "connected":
            raise SysError("ENOTCONN")
        done = 0
        while done < len(data):
            peer = self.peer
            if self.write_shut or peer is None or peer.state == "closed":
                return self._write_to_closed(process, len(data))
            room = WINDOW - peer.buffered
            if room <= 0:
                if self.nonblock:
                    if done:
                        return done
                    raise SysError("EAGAIN")
                await process.block(self.writers)
                continue
            chunk = data[done : done + room]
            when = self.kernel.now + self.latency
            peer.incoming.append((when, chunk))
            peer.buffered += len(chunk)
            peer.readers.wake(when)
            done += len(chunk)
        return done

    def _write_to_closed(self, process: WaitCalls, size: int) -> int:
        """The first write to a closed TCP peer is answered by a reset; the next ones, and all on unix sockets, fail."""
        if self.family != "unix" and not self.write_shut and self.peer is not None:
            self.peer = None
            self.reset = True
            self.readers.wake()
            return size
        process.signal_self(SIGPIPE)
        raise SysError("EPIPE")

    def listen(self, backlog: int) -> None:
        """listen(2)."""
        self.state = "listening"
        self.backlog_max = max(1, backlog)

    async def accept(self, process: WaitCalls) -> Socket:
        """accept(2): the next connection."""
        if self.state != "listening":
            raise SysError("EINVAL")
        while True:
            if self.backlog and self.backlog[0][0] <= self.kernel.now:
                self.writers.wake()
                return self.backlog.popleft()[1]
            if self.nonblock:
                raise SysError("EAGAIN")
            await process.block(self.readers, deadline=self.backlog[0][0] if self.backlog else None)

    def meet(self, other: Socket, latency: int) -> None:
        """Make two sockets the ends of one stream."""
        for one, two in ((self, other), (other, self)):
            one.peer, one.remote, one.latency, one.state = two, two.local, latency, "connected"

    def shutdown(self, how: str) -> None:
        """shutdown(2): `how` is r, w or rw."""
        if self.type == "stream" and self.state != "connected":
            raise SysError("ENOTCONN")
        if "w" in how and not self.write_shut:
            self.write_shut = True
            self._send_eof()

    def _send_eof(self) -> None:
        peer = self.peer
        if peer is not None and peer.eof_at is None:
            when = self.kernel.now + self.latency
            if peer.incoming:
                when = max(when, peer.incoming[-1][0])
            peer.eof_at = when
            peer.readers.wake(when)

    def release(self) -> None:
        if self.state == "connected" and self.type == "stream":
            self._send_eof()
            if self.peer is not None:
                if self.incoming and self.family != "unix":
                    self.peer.reset = True
                    self.peer.readers.wake()
                self.peer.writers.wake()
                if self.family != "unix":
                    self.host.net.linger(self)
        for _, waiting in self.backlog:
            waiting.release()
        self.backlog.clear()
        self.state = "closed"
        self.host.net.forget(self)
        self.readers.wake()
        self.writers.wake()

    # --- datagrams --------------------------------------------------------------------------------------------------

    async def receive(self, process: WaitCalls, size: int) -> tuple[bytes, Endpoint]:
        """recvfrom(2) of a datagram."""
        while True:
            if self.refused is not None and self.refused <= self.kernel.now:
                self.refused = None
                raise SysError("ECONNREFUSED")
            if self.datagrams and self.datagrams[0][0] <= self.kernel.now:
                _, data, sender = self.datagrams.popleft()
                self.writers.wake()
                return data[:size], sender
            if self.nonblock:
                raise SysError("EAGAIN")
            await process.block(self.readers, deadline=self.ready_read())

    async def send(self, process: WaitCalls, data: bytes, to: Endpoint) -> int:
        """sendto(2) of a datagram."""
        if self.family == "unix":
            target = self.host.unix_socket(process, str(to))
            if target is None or target.type != "dgram":
                raise SysError("ECONNREFUSED", str(to))
            target.deliver(self.kernel.now, data, self.local)
            return len(data)
        assert not isinstance(to, str)
        self.host.net.send_datagram(self, data, to)
        return len(data)

    def deliver(self, when: int, data: bytes, sender: Endpoint) -> None:
        """A datagram arrives (lost when 1000 wait already)."""
        if len(self.datagrams) < 1000 or self.family == "unix":
            self.datagrams.append((when, data, sender))
            self.readers.wake(when)

    # --- names ------------------------------------------------------------------------------------------------------

    def stat(self) -> Stat:
        return Inode(self.ino, stat.S_IFSOCK | 0o777).stat()

    def link_text(self) -> str:
        return f"socket:[{self.ino}]"


class NetStack:
    """The Internet side of one host: its ports, and the way to other hosts."""

    def __init__(self, host: Host):
        self.host = host
        self.sockets: dict[Socket, None] = {}
        self.lingering: list[tuple[int, str, Endpoint, Endpoint]] = []  # TIME_WAIT: (until, family, local, remote)
        self._ports: dict[tuple[str, int], list[Socket]] = {}
        self._next_port = 32768

    def bind(self, process: WaitCalls, socket: Socket, ip: str, port: int) -> None:
        """bind(2). Raises EACCES, EADDRINUSE, EADDRNOTAVAIL, EINVAL."""
        if socket.state != "new":
            raise SysError("EINVAL")
        address = parse_ip(ip)
        if address is None or address.version != (4 if socket.family == "inet" else 6):
            raise SysError("EADDRNOTAVAIL")
        if 0 < port < 1024 and process.euid:
            raise SysError("EACCES")
        if not address.is_unspecified and not self.host.node.has(ip):
            raise SysError("EADDRNOTAVAIL")
        if port == 0:
            port = self._ephemeral(socket.type)
        for other in self._ports.get((socket.type, port), ()):
            if other.family == socket.family and self._overlap(other.local[0], str(address)):
                raise SysError("EADDRINUSE")
        socket.local = (str(address), port)
        socket.state = "bound"
        self._ports.setdefault((socket.type, port), []).append(socket)
        self.sockets[socket] = None

    @staticmethod
    def _overlap(one: str, two: str) -> bool:
        return one == two or one in ("0.0.0.0", "::") or two in ("0.0.0.0", "::")

    def _ephemeral(self, type_: str) -> int:
        for _ in range(28000):
            port = self._next_port
            self._next_port = port + 2 if port < 60998 else 32768
            if not self._ports.get((type_, port)):
                return port
        raise SysError("EADDRINUSE")

    def listener(self, family: str, ip: str, port: int) -> Socket | None:
        """Who listens on an address of this host."""
        wildcard = "0.0.0.0" if family == "inet" else "::"
        best = None
        for socket in self._ports.get(("stream", port), ()):
            if socket.state == "listening" and socket.family == family and socket.local[0] in (ip, wildcard):
                if best is None or socket.local[0] == ip:
                    best = socket
        return best

    async def connect(self, process: WaitCalls, socket: Socket, ip: str, port: int) -> None:
        """connect(2): waits for the network, raises ECONNREFUSED, ETIMEDOUT, EHOSTUNREACH, ENETUNREACH."""
        address = parse_ip(ip)
        if address is None:
            raise SysError("EINVAL")
        if address.version != (4 if socket.family == "inet" else 6):
            raise SysError("EAFNOSUPPORT")
        if address.is_unspecified:
            ip = "127.0.0.1" if address.version == 4 else "::1"
        else:
            ip = str(address)
        host = self.host
        bound = socket.local[0] if socket.state == "bound" and socket.local[0] not in ("0.0.0.0", "::") else ""
        path = host.network.path(host.node, ip, "udp" if socket.type == "dgram" else "tcp", port, bound)
        if path.fate == "no-network":
            raise SysError("ENETUNREACH")
        if socket.type == "dgram":
            socket.remote = (ip, port)
            self._bind_source(process, socket, path.source or ip)
            socket.state = "connected"
            return
        if path.fate == "no-host":
            await process.sleep_microseconds(ARP_FAILS_AFTER)
            raise SysError("EHOSTUNREACH")
        if path.fate == "lost":
            await process.sleep_microseconds(SYN_GIVES_UP_AFTER)
            raise SysError("ETIMEDOUT")
        await process.sleep_microseconds(2 * path.latency)
        there = host.hosts.get(path.node.name) if path.node is not None else None
        listener = there.net.listener(socket.family, ip, port) if there is not None else None
        if listener is None or path.fate == "rejected":
            raise SysError("ECONNREFUSED")
        while len(listener.backlog) > listener.backlog_max:
            await process.block(listener.writers)
            if listener.state != "listening":
                raise SysError("ECONNREFUSED")
        self._bind_source(process, socket, path.source or ip)
        other = Socket(host.kernel, listener.host, listener.family, "stream")
        other.local = (ip, port)
        other.remote = socket.local
        listener.host.net.sockets[other] = None
        socket.meet(other, path.latency)
        socket.remote = (ip, port)
        listener.backlog.append((host.kernel.now, other))
        listener.readers.wake()

    def _bind_source(self, process: WaitCalls, socket: Socket, ip: str) -> None:
        if socket.state == "new":
            self.bind(process, socket, ip, 0)
        elif socket.local[0] in ("0.0.0.0", "::") and not isinstance(socket.local, str):
            socket.local = (ip, socket.local[1])

    def send_datagram(self, socket: Socket, data: bytes, to: tuple[str, int]) -> None:
        """Send over UDP: it arrives, is lost, or comes back as "port unreachable". Raises ENETUNREACH."""
        host = self.host
        ip = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(to[0], to[0])
        path = host.network.path(host.node, ip, "udp", to[1])
        if path.fate == "no-network":
            raise SysError("ENETUNREACH")
        if socket.state == "new":
            self.bind(host.kernel_process, socket, "0.0.0.0" if socket.family == "inet" else "::", 0)
        if path.fate not in ("local", "ok", "rejected"):
            return
        there = host.hosts[path.node.name] if path.node is not None else host
        target = there.net.udp(socket.family, ip, to[1]) if path.fate != "rejected" else None
        when = host.kernel.now + path.latency
        if target is not None:
            assert not isinstance(socket.local, str)
            target.deliver(when, data, (path.source or ip, socket.local[1]))
        elif socket.state == "connected":
            socket.refused = when + path.latency
            socket.readers.wake(when + path.latency)

    def udp(self, family: str, ip: str, port: int) -> Socket | None:
        """Who receives datagrams for an address of this host."""
        for socket in self._ports.get(("dgram", port), ()):
            if socket.family == family and socket.local[0] in (ip, "0.0.0.0", "::"):
                return socket
        return None

    def linger(self, socket: Socket) -> None:
        """A closed connection stays in TIME_WAIT for a minute on the side that closed first."""
        if socket.remote is not None and socket.eof_at is None:
            now = self.host.kernel.now
            self.lingering = [entry for entry in self.lingering[-200:] if entry[0] > now]
            self.lingering.append((now + TIME_WAIT, socket.family, socket.local, socket.remote))

    def forget(self, socket: Socket) -> None:
        """A socket was closed: its port is free."""
        self.sockets.pop(socket, None)
        if isinstance(socket.local, str):
            self.host.forget_unix(socket)
            return
        users = self._ports.get((socket.type, socket.local[1]))
        if users is not None and socket in users:
            users.remove(socket)
            if not users:
                del self._ports[(socket.type, socket.local[1])]
