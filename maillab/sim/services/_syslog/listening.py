"""The sockets of a syslog daemon, and its life as a daemon: background, pid file, signals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError
from maillab.sim.host.signals import SIGHUP, SIGTERM

if TYPE_CHECKING:
    from maillab.sim.host.process import Process


def bind_log_socket(sys: Process, path: str) -> int | None:
    """A datagram socket at a path that everybody may write to; None when the directory is missing. Replaces a stale socket."""
    try:
        if sys.exists(path):
            sys.unlink(path)
        fd = sys.socket("unix", "dgram")
        sys.bind(fd, path)
        sys.chmod(path, 0o666)
    except SysError:
        return None
    sys.set_nonblock(fd)
    return fd


def running_pid(sys: Process, pidfile: str) -> int | None:
    """The process named in a pid file, None when there is none of that number."""
    try:
        pid = int(sys.slurp(pidfile))
        sys.kill(pid, 0)
    except (SysError, ValueError):
        return None
    return pid


class Signals:
    """What the daemon was told: `hup` and `term` are set by SIGHUP and SIGTERM."""

    def __init__(self, sys: Process):
        self.hup = False
        self.term = 0
        sys.signal(SIGHUP, self._on_hup, restart=False)
        sys.signal(SIGTERM, self._on_term, restart=False)

    def _on_hup(self, number: int) -> None:
        self.hup = True

    def _on_term(self, number: int) -> None:
        self.term = number


def detach(sys: Process, keep: list[int]) -> None:
    """Leave the terminal: a session of its own, / as directory, only some descriptors open besides /dev/null."""
    sys.setsid()
    sys.chdir("/")
    for fd in list(sys.fds):
        if fd not in keep:
            sys.close(fd)
    for _ in range(3):
        try:
            sys.open("/dev/null", "rw")
        except SysError:
            return


async def wait_messages(sys: Process, sockets: list[int], timeout: float | None = None) -> list[int]:
    """The sockets that have something; [] when a signal or the time came first."""
    try:
        ready, _ = await sys.poll(read=sockets, timeout=timeout)
    except SysError as error:
        if error.name != "EINTR":
            raise
        return []
    return ready


async def drain(sys: Process, fd: int) -> list[bytes]:
    """All datagrams that wait at a socket."""
    found: list[bytes] = []
    while True:
        try:
            data, _ = await sys.recvfrom(fd, 65536)
        except SysError:
            return found
        found.append(data)


def open_sockets(sockets: dict[str, int | None]) -> Iterator[int]:
    """The descriptors of the sockets that could be bound."""
    for fd in sockets.values():
        if fd is not None:
            yield fd
