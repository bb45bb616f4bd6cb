"""What a process is: its ids, environment, descriptors and limits (credentials(7)), before it makes any call."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from maillab.sim.host.description import Description, WaitQueue
from maillab.sim.host.errno import SysError
from maillab.sim.host.paths import Credentials, Step
from maillab.sim.host.signals import SIGXFSZ
from maillab.sim.program import Program

if TYPE_CHECKING:
    from maillab.sim.host.host import Host
    from maillab.sim.host.signals import Status
    from maillab.sim.host.tty import Tty
    from maillab.sim.kernel.chance import Stream
    from maillab.sim.kernel.kernel import Task

Handler = Callable[[int], None] | str


class Utsname(NamedTuple):
    """What uname(2) says."""

    sysname: str
    nodename: str
    release: str
    version: str
    machine: str


class Identity:
    """The attributes of a process and the calls that change who it is."""

    def __init__(self, host: Host, pid: int, parent: Identity | None):
        self.host = host
        self.kernel = host.kernel
        self.pid = pid
        self.parent = parent
        self.children: dict[int, Identity] = {}
        self.pgid: int = parent.pgid if parent else pid
        self.sid: int = parent.sid if parent else pid
        self.uid: int = parent.uid if parent else 0
        self.euid: int = parent.euid if parent else 0
        self.suid: int = parent.suid if parent else 0
        self.gid: int = parent.gid if parent else 0
        self.egid: int = parent.egid if parent else 0
        self.sgid: int = parent.sgid if parent else 0
        self.groups: tuple[int, ...] = parent.groups if parent else (0,)
        self.root: tuple[Step, ...] = parent.root if parent else host.root_steps
        self.cwd: tuple[Step, ...] = parent.cwd if parent else host.root_steps
        self.umask_: int = parent.umask_ if parent else 0o022
        self.nice_value: int = parent.nice_value if parent else 0
        self.env: dict[str, str] = dict(parent.env) if parent else {}
        self.argv: list[str] = list(parent.argv) if parent else []
        self.comm: str = parent.comm if parent else ""
        self.exe: str = parent.exe if parent else ""
        self.program: Program = parent.program if parent else Program("")
        self.limits: dict[str, int] = dict(parent.limits) if parent else {}
        self.tty: Tty | None = parent.tty if parent else None
        self.fds: dict[int, Description] = {}
        self.cloexec: set[int] = set()
        self.handlers: dict[int, tuple[Handler, bool]] = {}
        self.blocked = ""
        self.deadline: int | None = None  # of the connect(2) under way
        self.zombie = False
        self.stopped = False
        self.status: Status | None = None
        self.news: Status | None = None  # stopped or continued, not yet told to the parent
        self.child_events = WaitQueue(host.kernel)
        self.started = host.kernel.now
        self.cpu = 0
        self.task: Task = None  # type: ignore[assignment]  # set by Host.start at once
        self._random: Stream | None = None

    @property
    def ppid(self) -> int:
        """The parent's process id (0 for init)."""
        return self.parent.pid if self.parent else 0

    def hostname(self) -> str:
        """gethostname(2)."""
        return self.host.hostname

    def uname(self) -> Utsname:
        """uname(2)."""
        kernel = self.host.kernel_name
        return Utsname("Linux", self.host.hostname, kernel.release, kernel.version, kernel.machine)

    def sethostname(self, name: str) -> None:
        """sethostname(2). Raises EPERM."""
        if self.euid:
            raise SysError("EPERM")
        self.host.hostname = name

    def setuid(self, uid: int) -> None:
        """setuid(2): all three for root, else the effective one among real and saved."""
        if self.euid == 0:
            self.uid = self.euid = self.suid = uid
        elif uid in (self.uid, self.suid):
            self.euid = uid
        else:
            raise SysError("EPERM")

    def setgid(self, gid: int) -> None:
        """setgid(2)."""
        if self.euid == 0:
            self.gid = self.egid = self.sgid = gid
        elif gid in (self.gid, self.sgid):
            self.egid = gid
        else:
            raise SysError("EPERM")

    def seteuid(self, uid: int) -> None:
        """seteuid(2)."""
        if self.euid and uid not in (self.uid, self.suid):
            raise SysError("EPERM")
        self.euid = uid

    def setegid(self, gid: int) -> None:
        """setegid(2)."""
        if self.euid and gid not in (self.gid, self.sgid):
            raise SysError("EPERM")
        self.egid = gid

    def setgroups(self, groups: Iterable[int]) -> None:
        """setgroups(2)."""
        if self.euid:
            raise SysError("EPERM")
        self.groups = tuple(groups)

    def setsid(self) -> int:
        """setsid(2): a new session and group without terminal. Raises EPERM for a group leader."""
        if self.pgid == self.pid:
            raise SysError("EPERM")
        self.sid = self.pgid = self.pid
        self.tty = None
        return self.sid

    def setpgid(self, pid: int, pgid: int) -> None:
        """setpgid(2); 0 means this process, and its own id."""
        target = self.host.processes.get(pid or self.pid)
        if target is None:
            raise SysError("ESRCH")
        target.pgid = pgid or target.pid

    def getpgid(self, pid: int) -> int:
        """getpgid(2)."""
        target = self.host.processes.get(pid or self.pid)
        if target is None:
            raise SysError("ESRCH")
        return target.pgid

    def file_too_large(self) -> NoReturn:
        """SIGXFSZ, then EFBIG when it is handled or ignored (setrlimit(2))."""
        self.host.deliver(self, SIGXFSZ)
        raise SysError("EFBIG")

    def nice(self, by: int) -> int:
        """nice(2). Raises EPERM when an ordinary user asks for more."""
        if by < 0 and self.euid:
            raise SysError("EPERM")
        self.nice_value = max(-20, min(19, self.nice_value + by))
        return self.nice_value

    def getpriority(self, pid: int) -> int:
        """getpriority(2) of a process. Raises ESRCH."""
        target = self.host.processes.get(pid)
        if target is None:
            raise SysError("ESRCH")
        return target.nice_value

    def setpriority(self, pid: int, value: int) -> None:
        """setpriority(2) of a process. Raises ESRCH, EPERM (another's process), EACCES (an ordinary user asks for more)."""
        target = self.host.processes.get(pid)
        if target is None:
            raise SysError("ESRCH")
        if self.euid and self.euid != target.euid:
            raise SysError("EPERM")
        if self.euid and value < target.nice_value:
            raise SysError("EACCES")
        target.nice_value = max(-20, min(19, value))

    def setrlimit(self, name: str, value: int | None) -> None:
        """setrlimit(2): `fsize` in bytes is enforced; other names are remembered for ulimit."""
        if value is None:
            self.limits.pop(name, None)
        else:
            self.limits[name] = value

    def state_letter(self) -> str:
        """R, S, T or Z, as ps prints it."""
        if self.zombie:
            return "Z"
        return "T" if self.stopped else "R" if self.kernel.current is self.task else "S"

    def vsize_kib(self) -> int:
        """A plausible size: maillab programs have no memory of their own."""
        return 3000 + 97 * len(self.comm)

    def rss_kib(self) -> int:
        """A plausible resident size."""
        return self.vsize_kib() // 2

    @property
    def who(self) -> Credentials:
        """The credentials that permission checks use."""
        return Credentials(self.euid, self.egid, self.groups)

    def ignores(self, number: int) -> bool:
        """Whether a signal is ignored."""
        return self.handlers.get(number, ("", True))[0] == "ignore"

    def description(self, fd: int) -> Description:
        """What a descriptor points at. Raises EBADF."""
        found = self.fds.get(fd)
        if found is None:
            raise SysError("EBADF")
        return found
