"""The system calls that may wait (read(2), write(2), poll(2), flock(2), nanosleep(2)), and signals, which interrupt them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NoReturn

from maillab.sim.host.description import WaitQueue
from maillab.sim.host.descriptor_calls import DescriptorCalls
from maillab.sim.host.errno import SysError
from maillab.sim.host.identity import Handler
from maillab.sim.host.pipe import PipeEnd
from maillab.sim.host.signals import Exit
from maillab.sim.kernel import traps
from maillab.sim.kernel.chance import Stream

SYSCALL_COST = 5


class WaitCalls(DescriptorCalls):
    """Waiting, signals, the clock and chance of a process."""

    # --- waiting ----------------------------------------------------------------------------------------------------

    async def block(self, *queues: WaitQueue, deadline: int | None = None, restart: bool = True) -> None:
        """Park in wait queues until woken, until a deadline (microsecond), or until a signal handler interrupts (EINTR).

        With `restart` only handlers set with restart=False interrupt.
        """
        task = self.task
        if self.deadline is not None:
            if self.kernel.now >= self.deadline:
                raise SysError("ETIMEDOUT")
            deadline = self.deadline if deadline is None else min(deadline, self.deadline)
        for queue in queues:
            queue.tasks[task] = None
        if deadline is not None:
            self.kernel.wake_at(max(deadline, self.kernel.now), task)
        self.blocked = "restart" if restart else "interrupt"
        try:
            await traps.park()
        finally:
            self.blocked = ""
            for queue in queues:
                queue.tasks.pop(task, None)

    async def read(self, fd: int, size: int = 65536) -> bytes:
        """read(2): b"" at the end."""
        await traps.sleep(SYSCALL_COST)
        description = self.description(fd)
        if not description.readable:
            raise SysError("EBADF")
        return await description.read(self, size)

    async def read_within(self, fd: int, seconds: float, size: int = 65536) -> bytes | None:
        """poll(2) and read(2) of one descriptor at once: None when it stays silent for so long."""
        await traps.sleep(SYSCALL_COST)
        description = self.description(fd)
        end = self.kernel.now + max(0, int(seconds * 1_000_000))
        while (at := description.ready_read()) is None or at > self.kernel.now:
            if self.kernel.now >= end:
                return None
            await self.block(description.readers, deadline=end if at is None else min(at, end), restart=False)
        return await description.read(self, size)

    async def write(self, fd: int, data: bytes) -> int:
        """write(2): all of it, unless the descriptor is non-blocking."""
        await traps.sleep(SYSCALL_COST + (len(data) >> 8))
        description = self.description(fd)
        if not description.writable:
            raise SysError("EBADF")
        return await description.write(self, data)

    async def sleep(self, seconds: float) -> None:
        """nanosleep(2); a signal handler ends it early with EINTR."""
        await self.sleep_microseconds(int(seconds * 1_000_000))

    async def sleep_microseconds(self, microseconds: int) -> None:
        """Sleep in microseconds; honours the deadline of a connect under way."""
        end = self.kernel.now + microseconds
        await self.block(deadline=end, restart=False)
        if self.deadline is not None and self.kernel.now >= self.deadline and end > self.deadline:
            raise SysError("ETIMEDOUT")

    async def spend(self, microseconds: int) -> None:
        """Use processor time: virtual time passes, nothing interrupts but death."""
        self.cpu += microseconds
        await traps.sleep(microseconds)

    async def poll(
        self, read: Iterable[int] = (), write: Iterable[int] = (), timeout: float | None = None
    ) -> tuple[list[int], list[int]]:
        """poll(2): the descriptors that are ready to read and to write; ([], []) when `timeout` seconds passed first."""
        await traps.sleep(SYSCALL_COST)
        try:
            readers = [(fd, self.fds[fd]) for fd in read]
            writers = [(fd, self.fds[fd]) for fd in write]
        except KeyError:
            raise SysError("EBADF") from None
        end = None if timeout is None else self.kernel.now + max(0, int(timeout * 1_000_000))
        while True:
            now, soonest = self.kernel.now, end
            readable: list[int] = []
            for fd, description in readers:
                at = description.ready_read()
                if at is not None:
                    if at <= now:
                        readable.append(fd)
                    elif soonest is None or at < soonest:
                        soonest = at
            writable = [fd for fd, description in writers if (at := description.ready_write()) is not None and at <= now]
            if readable or writable or (end is not None and now >= end):
                return readable, writable
            queues = [description.readers for _, description in readers]
            queues += [description.writers for _, description in writers]
            await self.block(*queues, deadline=soonest, restart=False)

    async def open_fifo(self, path: str, flags: str = "r") -> int:
        """open(2) where a fifo waits for its other side; a non-blocking writer without reader gets ENXIO."""
        fd = self.open(path, flags)
        end = self.description(fd)
        if not isinstance(end, PipeEnd) or end.inode is None or (end.readable and end.writable):
            return fd
        if end.nonblock:
            if end.writable and not end.pipe.readers:
                self.close(fd)
                raise SysError("ENXIO", path)
            return fd
        while not (end.pipe.writers if end.readable else end.pipe.readers):
            await self.block(end.pipe.can_read, end.pipe.can_write)
        return fd

    async def flock(self, fd: int, kind: str = "ex", block: bool = True) -> bool:
        """flock(2): kind sh, ex or un; False when it is taken and `block` is not set."""
        await traps.sleep(SYSCALL_COST)
        description = self.description(fd)
        while not self.host.try_lock(description, kind):
            if not block:
                return False
            await self.block(self.host.lock_queue(description))
        return True

    # --- signals ----------------------------------------------------------------------------------------------------

    def signal(self, number: int, handler: Handler, restart: bool = True) -> None:
        """sigaction(2): handler is "default", "ignore" or a function of the signal number, called when it arrives."""
        if handler == "default":
            self.handlers.pop(number, None)
        else:
            self.handlers[number] = (handler, restart)

    def kill(self, pid: int, number: int) -> None:
        """kill(2): a negative pid is a group, 0 the own group, -1 everybody. Raises ESRCH, EPERM, EINVAL."""
        self.host.kill(self, pid, number)

    def signal_self(self, number: int) -> None:
        """Send a signal to this very process (raise(3)): a fatal one unwinds here."""
        self.host.deliver(self, number)

    def exit(self, code: int) -> NoReturn:
        """exit(3)."""
        raise Exit(code)

    # --- clock, chance, log, observers ------------------------------------------------------------------------------

    def clock(self) -> int:
        """Microseconds since 1970 on this host's clock."""
        return self.host.clock()

    def set_clock(self, now: int) -> None:
        """settimeofday(2). Raises EPERM."""
        if self.euid:
            raise SysError("EPERM")
        self.host.epoch += now - self.host.clock()

    def monotonic(self) -> int:
        """Microseconds since the world began."""
        return self.kernel.now

    @property
    def random(self) -> Stream:
        """The stream of chance of this program on this host."""
        if self._random is None:
            self._random = self.host.chance(self.comm)
        return self._random

    def observe(self, kind: str, **facts: Any) -> None:
        """State a fact to the observers of the lab; the run does not depend on it."""
        self.host.observe(self, kind, facts)

    def unsimulated(self, what: str) -> None:
        """Say, outside of the simulated screens, that something used here is not simulated."""
        self.host.observe(self, "unsimulated", {"what": what})
