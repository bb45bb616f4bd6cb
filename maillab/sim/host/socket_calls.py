"""The system calls on sockets and terminals: the part of `Process` that talks to others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.host.description import Description
from maillab.sim.host.errno import SysError
from maillab.sim.host.paths import WRITE, may
from maillab.sim.host.sockets import Endpoint, Socket
from maillab.sim.host.tty import Termios, Tty, TtyFile
from maillab.sim.host.wait_calls import SYSCALL_COST, WaitCalls
from maillab.sim.kernel import traps

if TYPE_CHECKING:
    from maillab.sim.wire.network import Interface

_S_IFSOCK = 0o140000


class SocketCalls(WaitCalls):
    """WaitCalls plus sockets and terminals."""

    def _socket(self, fd: int) -> Socket:
        description = self.description(fd)
        if not isinstance(description, Socket):
            raise SysError("ENOTSOCK")
        return description

    def socket(self, family: str = "inet", kind: str = "stream") -> int:
        """socket(2): family inet, inet6 or unix; kind stream or dgram."""
        socket = Socket(self.kernel, self.host, family, kind)
        socket.creds = (self.pid, self.euid, self.egid)
        return self.install(socket)

    def socketpair(self) -> tuple[int, int]:
        """socketpair(2): two connected unix streams."""
        one, two = self.socket("unix"), self.socket("unix")
        self._socket(one).meet(self._socket(two), 0)
        return one, two

    def bind(self, fd: int, address: Endpoint) -> None:
        """bind(2). A unix path becomes a socket file (EADDRINUSE when it exists)."""
        socket = self._socket(fd)
        if isinstance(address, str):
            found = self.walk(address, follow=False)
            if found.step is not None:
                raise SysError("EADDRINUSE", address)
            fs, parent = self._writable_parent(found, address)
            inode = fs.create(parent, found.name, _S_IFSOCK | (0o777 & ~self.umask_), self.euid, self.egid)
            socket.local = address
            socket.state = "bound"
            socket.bound_at = (fs.dev, inode.ino)
            self.host.bound[socket.bound_at] = socket
        else:
            self.host.net.bind(self, socket, *address)

    def listen(self, fd: int, backlog: int = 100) -> None:
        """listen(2)."""
        self._socket(fd).listen(backlog)

    async def accept(self, fd: int) -> tuple[int, Endpoint]:
        """accept(2): (descriptor, address of the peer)."""
        await traps.sleep(SYSCALL_COST)
        socket = await self._socket(fd).accept(self)
        return self.install(socket), socket.remote or ""

    async def connect(self, fd: int, address: Endpoint, timeout: float | None = None) -> None:
        """connect(2); `timeout` in seconds raises ETIMEDOUT earlier than the network would."""
        socket = self._socket(fd)
        if socket.state == "connected" and socket.type == "stream":
            raise SysError("EISCONN")
        await traps.sleep(SYSCALL_COST)
        if isinstance(address, str):
            await self._connect_unix(socket, address)
        elif timeout is None:
            await self.host.net.connect(self, socket, *address)
        else:
            self.deadline = self.kernel.now + int(timeout * 1_000_000)
            try:
                await self.host.net.connect(self, socket, *address)
            finally:
                self.deadline = None

    async def _connect_unix(self, socket: Socket, path: str) -> None:
        found = self.walk(path)
        if not may(self.who, found.inode(path), WRITE):
            raise SysError("EACCES", path)
        listener = self.host.bound_socket(found)
        if listener is None or (socket.type == "stream" and listener.state != "listening"):
            raise SysError("ECONNREFUSED", path)
        if socket.type == "dgram":
            socket.remote, socket.state = path, "connected"
            return
        other = Socket(self.kernel, self.host, "unix", "stream")
        other.local = listener.local
        other.creds = socket.creds
        socket.meet(other, 0)
        socket.remote = path
        listener.backlog.append((self.kernel.now, other))
        listener.readers.wake()

    def shutdown(self, fd: int, how: str = "rw") -> None:
        """shutdown(2): how is r, w or rw."""
        self._socket(fd).shutdown(how)

    def getsockname(self, fd: int) -> Endpoint:
        """getsockname(2)."""
        return self._socket(fd).local

    def getpeername(self, fd: int) -> Endpoint:
        """getpeername(2). Raises ENOTCONN."""
        remote = self._socket(fd).remote
        if remote is None:
            raise SysError("ENOTCONN")
        return remote

    def socket_family(self, fd: int) -> str:
        """inet, inet6 or unix."""
        return self._socket(fd).family

    def peercred(self, fd: int) -> tuple[int, int, int]:
        """SO_PEERCRED of a unix stream: (pid, uid, gid)."""
        peer = self._socket(fd).peer
        return peer.creds if peer is not None else (0, 0, 0)

    async def sendto(self, fd: int, data: bytes, address: Endpoint) -> int:
        """sendto(2)."""
        await traps.sleep(SYSCALL_COST)
        return await self._socket(fd).send(self, data, address)

    async def recvfrom(self, fd: int, size: int = 65536) -> tuple[bytes, Endpoint]:
        """recvfrom(2) of a datagram socket."""
        await traps.sleep(SYSCALL_COST)
        return await self._socket(fd).receive(self, size)

    def send_fd(self, fd: int, passed: int) -> None:
        """SCM_RIGHTS: pass a descriptor to the other end of a unix stream."""
        peer = self._socket(fd).peer
        if peer is None:
            raise SysError("ENOTCONN")
        description = self.description(passed)
        description.refs += 1
        peer.passed.append(description)

    def recv_fd(self, fd: int) -> int:
        """Take a descriptor passed by `send_fd`. Raises EAGAIN when none came."""
        passed = self._socket(fd).passed
        if not passed:
            raise SysError("EAGAIN")
        return self.install(passed.popleft())

    async def ping(self, ip: str, timeout: float = 10.0, ttl: int = 64) -> int:
        """An ICMP echo: the round trip in microseconds. Raises ENETUNREACH, EHOSTUNREACH, ETIMEDOUT."""
        path = self.host.network.path(self.host.node, ip, "icmp")
        if path.fate == "no-network":
            raise SysError("ENETUNREACH")
        if path.fate in ("no-host", "lost", "rejected") or path.hops > ttl:
            await self.sleep(timeout)
            raise SysError("EHOSTUNREACH" if path.fate == "no-host" else "ETIMEDOUT")
        await self.sleep_microseconds(2 * path.latency)
        return 2 * path.latency

    def interfaces(self) -> list[Interface]:
        """The network interfaces of this host, in order (lo first)."""
        return self.host.node.interfaces

    # --- terminals --------------------------------------------------------------------------------------------------

    def isatty(self, fd: int) -> bool:
        """isatty(3)."""
        return isinstance(self.fds.get(fd), TtyFile)

    def _tty(self, fd: int) -> Tty:
        description: Description = self.description(fd)
        if not isinstance(description, TtyFile):
            raise SysError("ENOTTY")
        return description.tty

    def ttyname(self, fd: int) -> str:
        """ttyname(3): the device's path. Raises ENOTTY."""
        return self._tty(fd).name

    def tcgetattr(self, fd: int) -> Termios:
        """tcgetattr(3): a copy."""
        return self._tty(fd).termios.copy()

    def tcsetattr(self, fd: int, termios: Termios, flush: bool = False) -> None:
        """tcsetattr(3); `flush` forgets what was typed."""
        self._tty(fd).set_termios(termios, flush)

    def tcgetpgrp(self, fd: int) -> int:
        """tcgetpgrp(3)."""
        return self._tty(fd).foreground

    def tcsetpgrp(self, fd: int, pgid: int) -> None:
        """tcsetpgrp(3)."""
        self._tty(fd).foreground = pgid

    def winsize(self, fd: int) -> tuple[int, int]:
        """TIOCGWINSZ: (rows, columns)."""
        tty = self._tty(fd)
        return tty.rows, tty.cols

    def set_winsize(self, fd: int, rows: int, cols: int) -> None:
        """TIOCSWINSZ."""
        self._tty(fd).resize(rows, cols)

    def set_controlling_tty(self, fd: int) -> None:
        """TIOCSCTTY: a session leader takes a terminal."""
        tty = self._tty(fd)
        tty.session = self.sid
        tty.foreground = self.pgid
        self.tty = tty
