"""A process: what a simulated program sees as `sys`. Its methods are the system calls, under their POSIX names.

The calls are spread over a chain of classes: `identity` (ids), `file_calls`, `wait_calls` (what may wait, signals, clock),
`socket_calls` (sockets and terminals); here are stdio, syslog, fork, exec and wait. A process is one coroutine: it runs until it waits.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, NoReturn

from maillab.sim.host.errno import SysError
from maillab.sim.host.paths import EXECUTE, may
from maillab.sim.host.signals import Exit, Killed, Status
from maillab.sim.host.socket_calls import SocketCalls
from maillab.sim.host.sockets import Socket
from maillab.sim.host.stdio import Input, Output
from maillab.sim.host.wait_calls import SYSCALL_COST
from maillab.sim.kernel import calendar, traps
from maillab.sim.program import load, read_image

if TYPE_CHECKING:
    from maillab.sim.host.host import Host

Body = Callable[["Process"], Awaitable[int]]

FORK_COST = 250
EXEC_COST = 600
_INTERPRETERS_MAX = 4


class Execute(BaseException):
    """execve(2) succeeded: unwinds the old program."""

    def __init__(self, body: Body):
        super().__init__()
        self.body = body


class Process(SocketCalls):
    """A simulated process, whole."""

    def __init__(self, host: Host, pid: int, parent: Process | None):
        super().__init__(host, pid, parent)
        self._stdout: Output | None = None
        self._stderr: Output | None = None
        self._stdin: Input | None = None
        self._log_fd: int | None = None

    def openlog(self) -> None:
        """Open /dev/log now (before a chroot), as openlog(3) with LOG_NDELAY does; silently nothing when nobody listens."""
        if self._log_fd is not None and self._log_fd in self.fds:
            return
        socket = self.host.unix_socket(self, "/dev/log")
        if socket is not None:
            fd = self.socket("unix", "dgram")
            self._socket(fd).remote = "/dev/log"
            self._socket(fd).peer = socket
            self._log_fd = self.dup(fd, 10, cloexec=True)
            self.close(fd)

    def syslog(self, facility: str, priority: str, tag: str, text: str) -> None:
        """syslog(3): a datagram to /dev/log in the traditional form; lost when nobody listens. `tag` may hold [pid] already."""
        peer = self._log_peer()
        if peer is None or peer.state == "closed":
            self._log_fd = None
            self.openlog()
            peer = self._log_peer()
            if peer is None:
                return
        code = FACILITIES[facility] * 8 + PRIORITIES[priority]
        stamp = calendar.strftime("%b %e %H:%M:%S", self.clock())
        tag = tag if tag.endswith("]") or not tag else f"{tag}[{self.pid}]"
        line = f"<{code}>{stamp} {tag + ': ' if tag else ''}{text}".encode("utf-8", "surrogateescape")
        peer.deliver(self.kernel.now, line, "")

    def _log_peer(self) -> Socket | None:
        """The socket behind /dev/log, when it is open."""
        return None if self._log_fd is None or self._log_fd not in self.fds else self._socket(self._log_fd).peer

    # --- stdio ------------------------------------------------------------------------------------------------------

    @property
    def stdout(self) -> Output:
        """Buffered standard output."""
        if self._stdout is None:
            self._stdout = Output(self, 1)
        return self._stdout

    async def flush_output(self) -> None:
        """Write out what standard output still holds (a program's end does). Raises WriteError."""
        if self._stdout is not None:
            await self._stdout.flush()

    @property
    def stderr(self) -> Output:
        """Unbuffered standard error."""
        if self._stderr is None:
            self._stderr = Output(self, 2, unbuffered=True)
        return self._stderr

    @property
    def stdin(self) -> Input:
        """Buffered standard input."""
        if self._stdin is None:
            self._stdin = Input(self, 0)
        return self._stdin

    # --- fork, exec, wait -------------------------------------------------------------------------------------------

    def fork(self, main: Body, *, comm: str | None = None) -> int:
        """A child that shares open files and runs `main(child)`; handlers go back to default, ignored signals stay ignored."""
        child = self.host.new_process(self)
        for fd, description in self.fds.items():
            description.refs += 1
            child.fds[fd] = description
        child.cloexec = set(self.cloexec)
        child._log_fd = self._log_fd
        child.handlers = {number: entry for number, entry in self.handlers.items() if entry[0] == "ignore"}
        child.comm = comm or self.comm
        self.host.begin(child, main, FORK_COST)
        return child.pid

    def spawn(
        self, path: str, argv: list[str], *, env: dict[str, str] | None = None, fds: dict[int, int] | None = None,
        pgid: int | None = None, cwd: str | None = None,
    ) -> int:  # fmt: skip
        """fork and exec: `fds` maps the child's descriptors to ours (None: 0, 1, 2 as they are). Raises as execve(2) does."""
        body = self._image(path, argv, 0)

        async def run(child: Process) -> int:
            standard: dict[int, int] = {fd: fd for fd in range(3) if fd in child.fds}
            wanted = standard if fds is None else fds
            child.redirect(wanted)
            if cwd is not None:
                child.chdir(cwd)
            child.become(env)
            return await body(child)

        pid = self.fork(run)
        if pgid is not None:
            self.setpgid(pid, pgid)
        return pid

    def redirect(self, wanted: dict[int, int]) -> None:
        """Keep only these descriptors, renumbered: {new: old}."""
        held = {new: self.description(old) for new, old in wanted.items()}
        for description in held.values():
            description.refs += 1
        keep = self._log_fd
        for fd in list(self.fds):
            if fd != keep:
                self.close(fd)
        self.fds.update(held)

    async def execve(self, path: str, argv: list[str], env: dict[str, str] | None = None) -> NoReturn:
        """execve(2): never returns. Raises ENOENT, EACCES, ENOEXEC, ELOOP, EISDIR as EACCES."""
        body = self._image(path, argv, 0)
        await traps.sleep(SYSCALL_COST)

        async def run(process: Process) -> int:
            process.become(env)
            return await body(process)

        raise Execute(run)

    def become(self, env: dict[str, str] | None) -> None:
        """What execve(2) does to a process besides loading: close-on-exec, handlers, environment, fresh stdio."""
        for fd in [fd for fd in self.cloexec if fd in self.fds]:
            if fd != self._log_fd:
                self.close(fd)
        if self._log_fd is not None:
            self.close(self._log_fd)
            self._log_fd = None
        self.cloexec.clear()
        self.handlers = {number: entry for number, entry in self.handlers.items() if entry[0] == "ignore"}
        if env is not None:
            self.env = dict(env)
        self._stdout = self._stderr = None
        self._stdin = None
        self._random = None

    def _image(self, path: str, argv: list[str], depth: int) -> Body:
        """The body that runs a file: a program, or the interpreter its #! line names."""
        inode = self._inode(path)
        if inode.kind != "-" or not may(self.who, inode, EXECUTE):
            raise SysError("EACCES", path)
        data = bytes(inode.data[:65536])
        if data.startswith(b"#!"):
            if depth >= _INTERPRETERS_MAX:
                raise SysError("ELOOP", path)
            words = data[2:].split(b"\n", 1)[0].strip().decode("utf-8", "surrogateescape").split(None, 1)
            if not words:
                raise SysError("ENOEXEC", path)
            return self._image(words[0], [words[0], *words[1:], path, *argv[1:]], depth + 1)
        program = read_image(data)
        if program is None:
            raise SysError("ENOEXEC", path)
        owner, group, mode = inode.uid, inode.gid, inode.mode
        exe = self.absolute(path)

        async def run(process: Process) -> int:
            await process.spend(EXEC_COST)
            process.argv = list(argv)
            process.program = program
            process.exe = exe
            process.comm = path.rsplit("/", 1)[-1][:15]
            if mode & 0o4000:
                process.euid = process.suid = owner
            if mode & 0o2000:
                process.egid = process.sgid = group
            return await load(program.module)(process, process.argv)

        return run

    async def waitpid(
        self, pid: int = -1, *, nohang: bool = False, untraced: bool = False, restart: bool = True
    ) -> tuple[int, Status | None]:
        """waitpid(2): (pid, how it ended), or (0, None) with `nohang`. pid -1 any child, < -1 a group. Raises ECHILD."""
        await traps.sleep(SYSCALL_COST)
        while True:
            candidates = [
                child for child in self.children.values()
                if pid == -1 or child.pid == pid or (pid < -1 and child.pgid == -pid) or (pid == 0 and child.pgid == self.pgid)
            ]  # fmt: skip
            if not candidates:
                raise SysError("ECHILD")
            for child in candidates:
                if child.zombie:
                    self.host.reap(child)
                    return child.pid, child.status
                if untraced and child.news is not None:
                    news, child.news = child.news, None
                    return child.pid, news
            if nohang:
                return 0, None
            await self.block(self.child_events, restart=restart)


FACILITIES = {
    "kern": 0, "user": 1, "mail": 2, "daemon": 3, "auth": 4, "syslog": 5, "lpr": 6, "news": 7, "uucp": 8, "cron": 9, "authpriv": 10,
    "ftp": 11, "local0": 16, "local1": 17, "local2": 18, "local3": 19, "local4": 20, "local5": 21, "local6": 22, "local7": 23,
}  # fmt: skip
PRIORITIES = {"emerg": 0, "alert": 1, "crit": 2, "err": 3, "warning": 4, "notice": 5, "info": 6, "debug": 7}


def life_status(value: Any, exc: BaseException | None) -> Status | None:
    """How a process ended, from how its coroutine ended; None for an exception that is a bug of ours."""
    if exc is None:
        return Status(code=int(value or 0) & 0xFF)
    if isinstance(exc, Exit):
        return Status(code=exc.code)
    if isinstance(exc, Killed):
        return Status(signal=exc.signal)
    return None
