"""A service of master(8): its listening sockets, its processes, and when to start one more."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from maillab.sim.host.errno import SysError
from maillab.sim.host.netdb import service_port
from maillab.sim.host.resolver import ResolverError, getaddrinfo
from maillab.sim.postfix._master.entries import Entry
from maillab.sim.postfix._server import LIFE_FD, LISTEN_FD, STATUS_FD, account

if TYPE_CHECKING:
    from maillab.sim.host.process import Process
    from maillab.sim.postfix.lib.msg import Msg
    from maillab.sim.postfix.lib.params import Params

BACKLOG = 100
WILDCARD = {"inet": "0.0.0.0", "inet6": "::"}


def family(ip: str) -> Literal["inet", "inet6"]:
    """The family of a numeric address."""
    return "inet6" if ":" in ip else "inet"


@dataclass
class Child:
    """A process of a service."""

    pid: int
    status_fd: int
    available: bool = True
    served: int = 0
    retired: bool = False


@dataclass
class Running:
    """A service that master listens for."""

    entry: Entry
    sockets: list[int] = field(default_factory=list)
    addresses: list[tuple[str, int]] = field(default_factory=list)
    children: dict[int, Child] = field(default_factory=dict)
    life: tuple[int, int] = (-1, -1)
    throttled_until: int | None = None
    next_wakeup: int | None = None
    used: bool = False
    stress_warned: bool = False
    interfaces: str = ""

    @property
    def full(self) -> bool:
        """Whether no process may be added."""
        return 0 < self.entry.max_proc <= len(self.children)

    def listening(self) -> bool:
        """Whether master itself waits for clients of this service: no process of it does, and one more may be started."""
        if self.throttled_until is not None:
            return False
        children = self.children
        return not children or not (self.full or any(child.available for child in children.values()))


class Services:
    """Starts and stops listening, and starts processes."""

    def __init__(self, sys: Process, log: Msg, params: Params) -> None:
        self.sys = sys
        self.log = log
        self.params = params

    def renew_pipes(self, service: Running) -> None:
        """A new life pipe: processes that hold the old one end when they are idle."""
        for fd in service.life:
            if fd >= 0:
                self.sys.close(fd)
        service.life = self.sys.pipe()

    async def listen(self, service: Running) -> None:
        """Make the sockets. Raises Fatal."""
        self.renew_pipes(service)
        service.interfaces = self.params["inet_interfaces"]
        if service.entry.type == "inet":
            await self._listen_inet(service)
        else:
            self._listen_local(service)

    async def _inet_addresses(self, entry: Entry) -> list[tuple[str, int]]:
        host, _, port_name = entry.name.rpartition(":")
        host = host.strip("[]")
        if host:
            try:
                addresses = [ip for ip in await getaddrinfo(self.sys, host) if family(ip) in self.params.protocols()]
            except ResolverError:
                path = self.params["config_directory"] + "/master.cf"
                self.log.fatal(f"{path}: line {entry.line}: bad hostname or network address: {entry.name}")
        elif self.params.words("inet_interfaces") == ["all"]:
            addresses = [WILDCARD[kind] for kind in self.params.protocols()]
        else:
            addresses = [text.partition("/")[0] for text in (await self.params.own_addresses()).listen]
        port = service_port(self.sys, port_name)
        if port is None:
            self.log.fatal(f"{addresses[0] if addresses else ''}:{port_name}: Servname not supported for ai_socktype")
        return [(ip, port) for ip in addresses]

    async def _listen_inet(self, service: Running) -> None:
        service.addresses = await self._inet_addresses(service.entry)
        for ip, port in service.addresses:
            fd = self.sys.socket(family(ip))
            try:
                self.sys.bind(fd, (ip, port))
            except SysError as error:
                self.log.fatal(f"bind {ip} port {port}: {error.strerror}")
            self.sys.listen(fd, BACKLOG)
            service.sockets.append(fd)

    def _listen_local(self, service: Running) -> None:
        sys, path = self.sys, service.entry.path
        try:
            sys.unlink(path)
        except SysError as error:
            if error.name != "ENOENT":
                self.log.fatal(f"remove {path}: {error.strerror}")
        if service.entry.type == "fifo":
            sys.mkfifo(path, 0o622)
            sys.chmod(path, 0o622)
            fd = sys.open(path, "rwn")
        else:
            fd = sys.socket("unix", "dgram" if service.entry.type == "unix-dgram" else "stream")
            try:
                sys.bind(fd, path)
            except SysError as error:
                self.log.fatal(f"bind: {path}: {error.strerror}")
            sys.chmod(path, 0o666)
            if service.entry.type != "unix-dgram":
                sys.listen(fd, BACKLOG)
        owner = account(sys, self.params["mail_owner"])
        if owner is not None:
            sys.chown(path, owner[0], sys.stat(path.partition("/")[0]).gid)
        service.sockets.append(fd)

    def close(self, service: Running) -> None:
        """Stop listening."""
        for fd in (*service.sockets, *service.life):
            self.sys.close(fd)
        if service.entry.type != "inet":
            try:
                self.sys.unlink(service.entry.path)
            except SysError:
                pass

    def arguments(self, service: Running) -> list[str]:
        """The command line of a process, as ps(1) shows it."""
        entry = service.entry
        argv = [entry.program]
        if entry.max_proc == 0:
            argv.append("-z")
        if entry.max_proc == 1:
            argv.append("-l")
        if entry.name != entry.program:
            argv += ["-n", entry.name]
        argv += ["-t", entry.type]
        if entry.unprivileged:
            argv.append("-u")
        if entry.chroot:
            argv.append("-c")
        if entry.type == "inet" and self.params.version >= (2, 6):
            argv += ["-o", "stress=yes" if service.stress_warned else "stress="]
        if len(service.sockets) > 1:
            argv += ["-s", str(len(service.sockets))]
        return argv + entry.arguments

    def spawn(self, service: Running, generation: int) -> None:
        """Start one process. It alone holds the other end of its status pipe: its end is seen there."""
        sys = self.sys
        status, report = sys.pipe()
        fds = {0: 0, 1: 1, 2: 2, LIFE_FD: service.life[0], STATUS_FD: report}
        fds |= {LISTEN_FD + index: fd for index, fd in enumerate(service.sockets)}
        path = f"{self.params['daemon_directory']}/{service.entry.program}"
        env = {**sys.env, "MAIL_CONFIG": self.params["config_directory"], "GENERATION": str(generation)}
        try:
            pid = sys.spawn(path, self.arguments(service), env=env, fds=fds)
        except SysError as error:
            reason = error.strerror

            async def stillborn(child: Process) -> int:
                tag = "master" if self.params.version >= (3, 4) else self.log.tag
                child.syslog("mail", "crit", tag, f"fatal: master_spawn: exec {path}: {reason}")
                await child.sleep(1)
                return 1

            pid = sys.fork(stillborn)
        sys.close(report)
        service.children[pid] = Child(pid, status)
        service.used = True
