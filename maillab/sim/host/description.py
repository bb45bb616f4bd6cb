"""Open file descriptions: what a file descriptor points at, shared by dup and fork (open(2))."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError
from maillab.sim.host.fs import Filesystem

if TYPE_CHECKING:
    from maillab.sim.host.file_calls import FileCalls
    from maillab.sim.host.inode import Stat
    from maillab.sim.host.paths import Step
    from maillab.sim.host.wait_calls import WaitCalls
    from maillab.sim.kernel.kernel import Kernel, Task


class WaitQueue:
    """Tasks waiting for one thing, first come first served."""

    __slots__ = ("kernel", "tasks")

    def __init__(self, kernel: Kernel):
        self.kernel = kernel
        self.tasks: dict[Task, None] = {}

    def wake(self, at: int = 0) -> None:
        """Wake all who wait, now or at a later microsecond."""
        if not self.tasks:
            return
        if at <= self.kernel.now:
            for task in tuple(self.tasks):
                self.kernel.wake(task)
        else:
            for task in self.tasks:
                self.kernel.wake_at(at, task)


class Description:
    """An open file. `ready_read` and `ready_write` say from which microsecond on the call would not wait (None: unknown)."""

    kind = "file"

    def __init__(self, kernel: Kernel, readable: bool, writable: bool):
        self.kernel = kernel
        self.readable = readable
        self.writable = writable
        self.nonblock = False
        self.refs = 1
        self.path = ""
        self.readers = WaitQueue(kernel)
        self.writers = WaitQueue(kernel)

    def ready_read(self) -> int | None:
        return 0

    def ready_write(self) -> int | None:
        return 0

    async def read(self, process: WaitCalls, size: int) -> bytes:
        raise SysError("EINVAL")

    async def write(self, process: WaitCalls, data: bytes) -> int:
        raise SysError("EINVAL")

    def stat(self) -> Stat:
        raise SysError("EINVAL")

    def release(self) -> None:
        """The last descriptor was closed."""

    def link_text(self) -> str:
        """What readlink of /proc/PID/fd/N shows."""
        return self.path


class RegularFile(Description):
    """A plain file of a disk, with its offset."""

    def __init__(self, kernel: Kernel, step: Step, path: str, readable: bool, writable: bool, append: bool):
        super().__init__(kernel, readable, writable)
        assert isinstance(step.fs, Filesystem)
        self.fs = step.fs
        self.ino = step.ino
        self.path = path
        self.append = append
        self.offset = 0
        self.fs.opened(self.ino)

    async def read(self, process: WaitCalls, size: int) -> bytes:
        return self.read_now(size)

    def read_now(self, size: int) -> bytes:
        """Read at the offset: a plain file never waits."""
        data = self.fs.read(self.ino, self.offset, size)
        self.offset += len(data)
        return data

    async def write(self, process: WaitCalls, data: bytes) -> int:
        return self.write_now(process, data)

    def write_now(self, process: FileCalls, data: bytes) -> int:
        """Write at the offset (at the end when appending). Raises EFBIG past the process's file size limit, ENOSPC."""
        if self.append:
            self.offset = len(self.fs.get(self.ino).data)
        limit = process.limits.get("fsize")
        if limit is not None and self.offset + len(data) > limit:
            if self.offset >= limit:
                process.file_too_large()
            data = data[: limit - self.offset]
        done = self.fs.write(self.ino, self.offset, data)
        self.offset += done
        return done

    def stat(self) -> Stat:
        return self.fs.get(self.ino).stat(self.fs.dev)

    def release(self) -> None:
        self.fs.closed(self.ino)


class VirtualFile(Description):
    """A file of /proc: its text is made when it is opened."""

    def __init__(self, kernel: Kernel, data: bytes, stat: Stat, path: str):
        super().__init__(kernel, True, False)
        self.data = data
        self.offset = 0
        self.path = path
        self._stat = stat

    async def read(self, process: WaitCalls, size: int) -> bytes:
        return self.read_now(size)

    def read_now(self, size: int) -> bytes:
        """Read at the offset."""
        data = self.data[self.offset : self.offset + size]
        self.offset += len(data)
        return data

    def stat(self) -> Stat:
        return self._stat


class DirectoryFile(Description):
    """An open directory (for fchdir and fstat)."""

    kind = "directory"

    def __init__(self, kernel: Kernel, stack: tuple[Step, ...], path: str):
        super().__init__(kernel, True, False)
        self.stack = stack
        self.path = path

    async def read(self, process: WaitCalls, size: int) -> bytes:
        raise SysError("EISDIR")

    def stat(self) -> Stat:
        last = self.stack[-1]
        return last.fs.get(last.ino).stat(last.fs.dev)


class Device(Description):
    """The memory devices: null, zero, full, random, urandom (mem(4), full(4), random(4))."""

    kind = "device"

    def __init__(self, kernel: Kernel, name: str, stat: Stat, path: str):
        super().__init__(kernel, True, True)
        self.name = name
        self.path = path
        self._stat = stat

    async def read(self, process: WaitCalls, size: int) -> bytes:
        if self.name == "null":
            return b""
        if self.name in ("random", "urandom"):
            return process.random.randbytes(size)
        return bytes(size)

    async def write(self, process: WaitCalls, data: bytes) -> int:
        if self.name == "full":
            raise SysError("ENOSPC")
        return len(data)

    def stat(self) -> Stat:
        return self._stat
