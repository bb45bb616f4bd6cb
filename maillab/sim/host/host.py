"""A host: its disk, processes, terminals, sockets and clock."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from maillab.sim.host.description import Description, RegularFile, WaitQueue
from maillab.sim.host.errno import SysError
from maillab.sim.host.file_calls import FileCalls
from maillab.sim.host.fs import ROOT, Filesystem
from maillab.sim.host.identity import Identity
from maillab.sim.host.inode import Inode
from maillab.sim.host.paths import Found, Step, Walker
from maillab.sim.host.pipe import Pipe
from maillab.sim.host.process import Body, Execute, Process, life_status
from maillab.sim.host.procfs import ROOT as PROC_ROOT
from maillab.sim.host.procfs import ProcFs
from maillab.sim.host.signals import (
    IGNORED,
    NAMES,
    SIGABRT,
    SIGCHLD,
    SIGCONT,
    SIGHUP,
    SIGKILL,
    SIGPIPE,
    SIGSTOP,
    STOPPING,
    Exit,
    Killed,
    Status,
)  # fmt: skip
from maillab.sim.host.sockets import NetStack, Socket
from maillab.sim.host.stdio import WriteError
from maillab.sim.host.tty import Tty, TtyFile
from maillab.sim.kernel import traps
from maillab.sim.kernel.chance import Stream
from maillab.sim.kernel.kernel import Kernel
from maillab.sim.wire.network import Network, Node

EXHAUSTED = ("ENOSPC", "EFBIG", "EDQUOT", "EAGAIN")  # what a hostile neighbour can do to an innocent program
PROCESSES_MAX = 1000


@dataclass(frozen=True)
class KernelName:
    """What uname(2) says."""

    release: str = "6.1.0-28-amd64"
    version: str = "#1 SMP PREEMPT_DYNAMIC Debian 6.1.119-1 (2024-11-22)"
    machine: str = "x86_64"
    builder: str = "debian-kernel@lists.debian.org"


class Host:
    """One simulated machine. `observe` receives (process, kind, facts); `on_bug` an exception no program should raise."""

    def __init__(
        self, name: str, kernel: Kernel, network: Network, node: Node, hosts: dict[str, Host], image: Mapping[int, Inode],
        epoch: int, seed: int, kernel_name: KernelName, observe: Callable[[Identity, str, dict[str, Any]], None],
        on_bug: Callable[[Process, BaseException], None],
    ):  # fmt: skip
        self.name = name
        self.hostname = name
        self.kernel = kernel
        self.network = network
        self.node = node
        self.hosts = hosts
        self.epoch = epoch
        self.seed = seed
        self.kernel_name = kernel_name
        self.observe = observe
        self.on_bug = on_bug
        self.booted = kernel.now
        self.fs = Filesystem(self.clock, image)
        self._image = image
        self.root_steps: tuple[Step, ...] = (Step(self.fs, ROOT, ""),)
        self.proc = ProcFs(self)
        self.walker = Walker({})
        self.processes: dict[int, Process] = {}
        self.last_pid = 0
        self.net = NetStack(self)
        self.bound: dict[tuple[int, int], Socket] = {}
        self.fifos: dict[tuple[int, int], Pipe] = {}
        self.ttys: dict[str, Tty] = {}
        self.watchers: list[Callable[[FileCalls, str], None]] = []
        self._anonymous = 20000
        self._locks: dict[tuple[int, int], dict[Description, str]] = {}
        self._lock_queues: dict[tuple[int, int], WaitQueue] = {}
        self._chance: dict[str, Stream] = {}
        self.kernel_process = Process(self, 0, None)
        self._mount_proc()

    def _mount_proc(self) -> None:
        ino = self.fs.lookup(ROOT, "proc")
        if ino is not None:
            self.walker.mounts[(self.fs.dev, ino)] = Step(self.proc, PROC_ROOT, "proc")

    # --- time and chance --------------------------------------------------------------------------------------------

    def clock(self) -> int:
        """Microseconds since 1970."""
        return self.epoch + self.kernel.now

    @cached_property
    def base_bytes(self) -> int:
        """The bytes of the files that the image brought (df asks; a boot need not)."""
        return sum(len(inode.data) for inode in self._image.values())

    def uptime(self) -> int:
        """Microseconds since this host started."""
        return self.kernel.now - self.booted

    def chance(self, purpose: str) -> Stream:
        """The stream of chance for a purpose on this host."""
        stream = self._chance.get(purpose)
        if stream is None:
            stream = self._chance[purpose] = Stream(self.seed, f"{self.name}/{purpose}")
        return stream

    def new_anonymous_inode(self) -> int:
        """A number for a pipe or socket."""
        self._anonymous += 1
        return self._anonymous

    def changed(self, process: FileCalls, path: str) -> None:
        """A file changed: tell the watchers."""
        for watcher in self.watchers:
            watcher(process, process.absolute(path))

    # --- processes --------------------------------------------------------------------------------------------------

    def new_process(self, parent: Process | None) -> Process:
        """An entry in the process table. Raises EAGAIN when it is full."""
        if len(self.processes) >= PROCESSES_MAX:
            raise SysError("EAGAIN")
        pid = self.last_pid + 1
        while pid in self.processes or pid > 32767:
            pid = pid + 1 if pid < 32767 else 300
        self.last_pid = pid
        process = Process(self, pid, parent)
        self.processes[pid] = process
        if parent is not None:
            parent.children[pid] = process
        return process

    def begin(self, process: Process, body: Body, cost: int = 0) -> None:
        """Start the coroutine of a new process."""
        process.task = self.kernel.start(
            _life(process, body, cost), f"{self.name}:{process.pid}", lambda t, v, e: self._ended(process, v, e)
        )

    def start(
        self,
        body: Body,
        comm: str,
        parent: Process | None = None,
        tty: Tty | None = None,
        env: dict[str, str] | None = None,
    ) -> Process:
        """A process that was not forked by another: init, or what the lab itself starts. With a terminal it leads a session."""
        process = self.new_process(parent)
        process.comm = comm
        process.argv = [comm]
        process.env = dict(env or {})
        process.pgid = process.sid = process.pid
        if tty is not None:
            self.attach_terminal(process, tty)
        self.begin(process, body)
        return process

    def attach_terminal(self, process: Process, tty: Tty) -> None:
        """Give a session leader a terminal as descriptors 0, 1, 2."""
        file = TtyFile(tty, tty.name)
        file.refs = 3
        process.fds.update({0: file, 1: file, 2: file})
        process.tty = tty
        tty.session = process.sid
        tty.foreground = process.pgid

    def current(self) -> Process | None:
        """The process that runs right now."""
        for process in self.processes.values():
            if process.task is self.kernel.current:
                return process
        return None

    def _ended(self, process: Process, value: Any, exc: BaseException | None) -> None:
        """The kernel's part of an exit: close files, tell the parent, hand over orphans."""
        status = life_status(value, exc)
        if status is None:
            assert exc is not None
            status = Status(signal=SIGABRT)
            self.on_bug(process, exc)
        for fd in list(process.fds):
            process.close(fd)
        process.zombie, process.stopped, process.status = True, False, status
        init = self.processes.get(1)
        for child in list(process.children.values()):
            child.parent = init if init is not process else None
            if child.parent is not None:
                child.parent.children[child.pid] = child
                if child.zombie:
                    self._tell_parent(child)
            elif child.zombie:
                self.reap(child)
        process.children.clear()
        tty = process.tty
        if tty is not None and tty.session == process.pid:
            self._session_ends(process, tty)
        self.observe(process, "exit", {"status": status.shell})
        self._tell_parent(process)

    def _session_ends(self, leader: Process, tty: Tty) -> None:
        tty.session = 0
        for member in self.session_members(leader.sid):
            if member is not leader:
                member.tty = None
                if member.pgid == tty.foreground:
                    self.deliver(member, SIGHUP)

    def _tell_parent(self, process: Identity) -> None:
        parent = process.parent
        if parent is None or parent.zombie or parent.ignores(SIGCHLD):
            self.reap(process)
            return
        self.deliver(parent, SIGCHLD)
        parent.child_events.wake()

    def reap(self, process: Identity) -> None:
        """A zombie was waited for: its entry is free."""
        self.processes.pop(process.pid, None)
        if process.parent is not None:
            process.parent.children.pop(process.pid, None)

    def session_members(self, sid: int) -> list[Process]:
        """The living processes of a session."""
        return [process for process in self.processes.values() if process.sid == sid and not process.zombie]

    def is_orphaned_group(self, pgid: int) -> bool:
        """Whether no member of a group has a parent in another group of the same session."""
        for process in self.processes.values():
            parent = process.parent
            if (
                process.pgid == pgid
                and not process.zombie
                and parent is not None
                and parent.pgid != pgid
                and parent.sid == process.sid
            ):
                return False
        return True

    # --- signals ----------------------------------------------------------------------------------------------------

    def kill(self, sender: Identity, pid: int, number: int) -> None:
        """kill(2)."""
        if number not in NAMES and number != 0 and not 32 <= number <= 64:
            raise SysError("EINVAL")
        if pid > 0:
            target = self.processes.get(pid)
            if target is None:
                raise SysError("ESRCH")
            targets = [target]
        elif pid == -1:
            targets = [process for process in self.processes.values() if process.pid > 1 and process is not sender]
        else:
            group = sender.pgid if pid == 0 else -pid
            targets = [process for process in self.processes.values() if process.pgid == group]
        if not targets:
            raise SysError("ESRCH")
        allowed = [
            t for t in targets if sender.euid == 0 or sender.euid in (t.uid, t.suid) or sender.uid in (t.uid, t.suid)
        ]
        if not allowed:
            raise SysError("EPERM")
        allowed.sort(key=lambda t: t is sender)
        for target in allowed:
            if number:
                self.deliver(target, number)

    def kill_group(self, pgid: int, number: int) -> None:
        """A signal from the kernel to a process group (0: nobody)."""
        if pgid:
            for process in [process for process in self.processes.values() if process.pgid == pgid]:
                self.deliver(process, number)

    def deliver(self, process: Identity, number: int) -> None:
        """Act on a signal for one process. A fatal one for the running process raises Killed here."""
        if process.zombie:
            return
        handler, restart = process.handlers.get(number, ("default", True))
        if number == SIGCONT:
            self._continue(process)
        if number in (SIGKILL, SIGSTOP):
            handler = "default"
        if handler == "ignore":
            return
        if callable(handler):
            handler(number)
            if (
                process.blocked
                and (process.blocked == "interrupt" or not restart)
                and process is not self._running(process)
            ):
                self.kernel.throw(process.task, SysError("EINTR"))
            return
        if number in IGNORED or (process.pid == 1 and number not in (SIGSTOP,)):
            return
        if number in STOPPING:
            self._stop(process, number)
        elif process is self._running(process):
            raise Killed(number)
        else:
            process.stopped = False
            self.kernel.throw(process.task, Killed(number))

    def _running(self, process: Identity) -> Identity | None:
        return process if self.kernel.current is process.task else None

    def _stop(self, process: Identity, number: int) -> None:
        if number != SIGSTOP and self.is_orphaned_group(process.pgid):
            return
        if not process.stopped:
            process.stopped = True
            self.kernel.freeze(process.task)
            process.news = Status(stopped=number)
            self._news(process)

    def _continue(self, process: Identity) -> None:
        if process.stopped:
            process.stopped = False
            self.kernel.thaw(process.task)
            process.news = None

    def _news(self, process: Identity) -> None:
        if process.parent is not None:
            self.deliver(process.parent, SIGCHLD)
            process.parent.child_events.wake()

    # --- locks, sockets, terminals ----------------------------------------------------------------------------------

    def _lock_key(self, description: Description) -> tuple[int, int]:
        if not isinstance(description, RegularFile):
            raise SysError("EBADF")
        return description.fs.dev, description.ino

    def try_lock(self, description: Description, kind: str) -> bool:
        """flock(2) without waiting."""
        key = self._lock_key(description)
        holders = self._locks.setdefault(key, {})
        if kind == "un":
            holders.pop(description, None)
            self.lock_queue(description).wake()
            return True
        if any(holder is not description and "ex" in (kind, held) for holder, held in holders.items()):
            return False
        holders[description] = kind
        return True

    def lock_queue(self, description: Description) -> WaitQueue:
        """Who waits for the lock of a file."""
        key = self._lock_key(description)
        queue = self._lock_queues.get(key)
        if queue is None:
            queue = self._lock_queues[key] = WaitQueue(self.kernel)
        return queue

    def forget_locks(self, description: Description) -> None:
        """A description is closed for the last time: its locks go."""
        if isinstance(description, RegularFile) and (description.fs.dev, description.ino) in self._locks:
            key = (description.fs.dev, description.ino)
            if self._locks[key].pop(description, None) is not None and key in self._lock_queues:
                self._lock_queues[key].wake()
            if not self._locks[key]:
                del self._locks[key]
                if key in self._lock_queues and not self._lock_queues[key].tasks:
                    del self._lock_queues[key]

    def unix_socket(self, process: FileCalls, path: str) -> Socket | None:
        """The socket bound to a path, None when the file is no socket or nobody holds it."""
        try:
            return self.bound_socket(process.walk(path))
        except SysError:
            return None

    def bound_socket(self, found: Found) -> Socket | None:
        """The socket bound to what a path led to."""
        return None if found.step is None else self.bound.get((found.step.fs.dev, found.step.ino))

    def unix_sockets(self) -> list[Socket]:
        """All unix sockets of living processes, in order of their numbers."""
        seen: dict[int, Socket] = {}
        for process in self.processes.values():
            for description in process.fds.values():
                if isinstance(description, Socket) and description.family == "unix":
                    seen[description.ino] = description
        return [seen[ino] for ino in sorted(seen)]

    def forget_unix(self, socket: Socket) -> None:
        """A unix socket was closed: nobody answers at its path any more."""
        if socket.bound_at is not None:
            self.bound.pop(socket.bound_at, None)

    def add_tty(self, name: str, number: int, rows: int = 24, cols: int = 80) -> Tty:
        """A terminal `/dev/pts/N` with its device file."""
        tty = Tty(self, self.kernel, name, number, rows, cols)
        self.ttys[name] = tty
        process = self.kernel_process
        if not process.exists(name):
            process.mknod(name, 0o020620, tty.rdev)
        return tty

    def tty_of_device(self, rdev: tuple[int, int]) -> Tty | None:
        """The terminal of a device number."""
        return next((tty for tty in self.ttys.values() if tty.rdev == rdev), None)


async def _life(process: Process, body: Body, cost: int) -> int:
    """The whole life of a process: its program, and those it execs; buffered output goes out at the end."""
    if cost:
        await traps.sleep(cost)
    while True:
        try:
            try:
                code = int(await body(process) or 0)
            except Exit as request:
                code = request.code
            await process.flush_output()
            return code
        except Execute as request:
            await process.flush_output()
            body = request.body
        except SysError as error:
            if error.name == "EPIPE" and isinstance(error, WriteError):
                raise Killed(SIGPIPE) from None
            if error.name not in EXHAUSTED and not isinstance(error, WriteError):
                raise
            return await _give_up(process, error)


async def _give_up(process: Process, error: SysError) -> int:
    """What GNU's programs say when their output cannot be written, and what a program dies of when the machine is full."""
    name = process.argv[0] if process.argv else process.comm
    what = "write error: " if isinstance(error, WriteError) or error.name != "EAGAIN" else ""
    try:
        await process.write(2, f"{name}: {what}{error.strerror}\n".encode("utf-8", "surrogateescape"))
    except SysError:
        return 1
    return 1


def fingerprint(host: Host) -> int:
    """A checksum of every file of a host: names, modes, owners, times, contents."""
    crc = 0

    def visit(ino: int, path: str) -> None:
        nonlocal crc
        inode = host.fs.get(ino)
        head = f"{path}\0{inode.mode}\0{inode.uid}\0{inode.gid}\0{inode.nlink}\0{inode.mtime}\0{inode.target}\0".encode(
            "utf-8", "surrogateescape"
        )
        crc = zlib.crc32(bytes(inode.data), zlib.crc32(head, crc))
        for name in sorted(inode.entries or ()):
            child = host.fs.lookup(ino, name)
            assert child is not None
            visit(child, f"{path}/{name}")

    visit(ROOT, "")
    return crc
