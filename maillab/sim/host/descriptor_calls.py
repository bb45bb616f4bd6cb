"""The system calls that open files and work on descriptors (open(2), dup(2), pipe(2), pread(2), lseek(2) ...)."""

from __future__ import annotations

import stat

from maillab.sim.host.description import Description, Device, DirectoryFile, RegularFile, VirtualFile
from maillab.sim.host.errno import SysError
from maillab.sim.host.file_calls import FileCalls
from maillab.sim.host.fs import Filesystem
from maillab.sim.host.inode import Inode
from maillab.sim.host.paths import READ, WRITE, Found, Step, may
from maillab.sim.host.pipe import Pipe, PipeEnd
from maillab.sim.host.tty import TtyFile

_MEMORY_DEVICES = {(1, 3): "null", (1, 5): "zero", (1, 7): "full", (1, 8): "random", (1, 9): "urandom"}
_READS = {
    "r": (True, False),
    "w": (False, True),
    "a": (False, True),
    "x": (False, True),
    "c": (False, True),
    "rw": (True, True),
    "d": (True, False),
}
OPEN_MAX = 1024


class DescriptorCalls(FileCalls):
    """FileCalls plus descriptors."""

    # --- descriptors ------------------------------------------------------------------------------------------------

    def install(self, description: Description, lowest: int = 0, cloexec: bool = False) -> int:
        """Give a description the lowest free descriptor from `lowest` on. Raises EMFILE."""
        fd = lowest
        while fd in self.fds:
            fd += 1
        if fd >= OPEN_MAX:
            raise SysError("EMFILE")
        self.fds[fd] = description
        if cloexec:
            self.cloexec.add(fd)
        return fd

    def close(self, fd: int) -> None:
        """close(2)."""
        description = self.description(fd)
        del self.fds[fd]
        self.cloexec.discard(fd)
        self._release(description)

    def _release(self, description: Description) -> None:
        description.refs -= 1
        if description.refs == 0:
            self.host.forget_locks(description)
            description.release()

    def dup(self, fd: int, lowest: int = 0, cloexec: bool = False) -> int:
        """dup(2), to the lowest free descriptor from `lowest` on."""
        description = self.description(fd)
        new = self.install(description, lowest, cloexec)
        description.refs += 1
        return new

    def dup2(self, old: int, new: int) -> int:
        """dup2(2)."""
        description = self.description(old)
        if not 0 <= new < OPEN_MAX:
            raise SysError("EBADF")
        if old != new:
            description.refs += 1
            if new in self.fds:
                self.close(new)
            self.fds[new] = description
        self.cloexec.discard(new)
        return new

    def set_cloexec(self, fd: int, on: bool = True) -> None:
        """FD_CLOEXEC of fcntl(2)."""
        self.description(fd)
        (self.cloexec.add if on else self.cloexec.discard)(fd)

    def set_nonblock(self, fd: int, on: bool = True) -> None:
        """O_NONBLOCK of fcntl(2)."""
        self.description(fd).nonblock = on

    # --- open -------------------------------------------------------------------------------------------------------

    def open(self, path: str, flags: str = "r", mode: int = 0o666) -> int:
        """open(2); flags: r w a x r+ w+ a+ rw c d, with n (non-blocking), N (no symbolic link), e (close on exec)."""
        base = flags.rstrip("nNe")
        follow = "N" not in flags[len(base) :] and base != "x"
        readable, writable = (True, True) if base.endswith("+") else _READS[base]
        named = self._named_descriptor(path) if path.startswith(("/dev/", "/proc/")) else None
        if named is not None:
            return self.dup(named)
        found = self.walk(path, follow)
        if found.step is None:
            if base in ("r", "r+", "d"):
                raise SysError("ENOENT", path)
            found = self._create(found, path, stat.S_IFREG | (mode & ~self.umask_ & 0o7777))
        elif base == "x":
            raise SysError("EEXIST", path)
        else:
            self._check_open(found.inode(path), path, readable, writable, base)
        step = found.step
        assert step is not None
        description = self._describe(step, found, path, readable, writable, base)
        description.nonblock = "n" in flags[len(base) :]
        if base in ("w", "w+") and isinstance(description, RegularFile) and description.fs.get(description.ino).data:
            description.fs.truncate(description.ino, 0)
        return self.install(description, cloexec="e" in flags[len(base) :])

    def _create(self, found: Found, path: str, mode: int) -> Found:
        if path.endswith("/"):
            raise SysError("EISDIR", path)
        fs, parent = self._writable_parent(found, path)
        inode = self._make(fs, parent, found.name, mode, path)
        return found._replace(step=Step(fs, inode.ino, found.name))

    def _check_open(self, inode: Inode, path: str, readable: bool, writable: bool, base: str) -> None:
        if inode.target and base != "d":
            raise SysError("ELOOP", path)
        if inode.entries is not None and writable:
            raise SysError("EISDIR", path)
        if base == "d" and inode.entries is None:
            raise SysError("ENOTDIR", path)
        if not may(self.who, inode, READ * readable | WRITE * writable):
            raise SysError("EACCES", path)

    def _describe(self, step: Step, found: Found, path: str, readable: bool, writable: bool, base: str) -> Description:
        inode = step.fs.get(step.ino)
        if inode.entries is not None:
            return DirectoryFile(self.kernel, (*found.parent, step) if found.name != "/" else (step,), self.absolute(path))
        kind = inode.kind
        if kind == "-":
            if isinstance(step.fs, Filesystem):
                if writable:
                    self.host.changed(self, path)
                return RegularFile(self.kernel, step, self.absolute(path), readable, writable, base.startswith("a"))
            if writable:
                raise SysError("EACCES", path)
            return VirtualFile(self.kernel, bytes(inode.data), inode.stat(step.fs.dev), self.absolute(path))
        if kind == "p":
            pipe = self.host.fifos.setdefault((step.fs.dev, step.ino), Pipe(self.kernel, step.ino))
            return PipeEnd(self.kernel, pipe, readable, writable, inode)
        if kind == "c":
            return self._open_device(inode, path)
        raise SysError("ENXIO", path)

    def _open_device(self, inode: Inode, path: str) -> Description:
        name = _MEMORY_DEVICES.get(inode.rdev)
        if name is not None:
            return Device(self.kernel, name, inode.stat(), self.absolute(path))
        if inode.rdev == (5, 0):
            if self.tty is None:
                raise SysError("ENXIO", path)
            return TtyFile(self.tty, "/dev/tty", inode)
        tty = self.host.tty_of_device(inode.rdev)
        if tty is None:
            raise SysError("ENXIO", path)
        return TtyFile(tty, self.absolute(path), inode)

    def pipe(self) -> tuple[int, int]:
        """pipe(2): (read end, write end)."""
        pipe = Pipe(self.kernel, self.host.new_anonymous_inode())
        read_end, write_end = PipeEnd(self.kernel, pipe, True, False), PipeEnd(self.kernel, pipe, False, True)
        return self.install(read_end), self.install(write_end)

    # --- plain files, at once ---------------------------------------------------------------------------------------

    def slurp(self, path: str) -> bytes:
        """All bytes of a plain file (or a file of /proc). Raises as open(2) does, EISDIR."""
        inode = self._inode(path)
        if inode.entries is not None:
            raise SysError("EISDIR", path)
        if not may(self.who, inode, READ):
            raise SysError("EACCES", path)
        return bytes(inode.data)

    def spew(self, path: str, data: bytes, flags: str = "w", mode: int = 0o666) -> None:
        """Write a whole plain file. Raises as open(2) and write(2) do."""
        fd = self.open(path, flags, mode)
        try:
            self.write_now(fd, data)
        finally:
            self.close(fd)

    def read_now(self, fd: int, size: int = 1 << 30) -> bytes:
        """read(2) of a plain file, which never waits."""
        description = self.description(fd)
        if not isinstance(description, (RegularFile, VirtualFile)) or not description.readable:
            raise SysError("EBADF")
        return description.read_now(size)

    def write_now(self, fd: int, data: bytes) -> int:
        """write(2) to a plain file, which never waits."""
        description = self.description(fd)
        if not isinstance(description, RegularFile) or not description.writable:
            raise SysError("EBADF")
        return description.write_now(self, data)

    def pread(self, fd: int, size: int, offset: int) -> bytes:
        """pread(2)."""
        file = self._regular(fd)
        return file.fs.read(file.ino, offset, size)

    def pwrite(self, fd: int, data: bytes, offset: int) -> int:
        """pwrite(2)."""
        file = self._regular(fd)
        return file.fs.write(file.ino, offset, data)

    def lseek(self, fd: int, offset: int, whence: int = 0) -> int:
        """lseek(2): whence 0 start, 1 here, 2 end."""
        description = self.description(fd)
        if not isinstance(description, (RegularFile, VirtualFile)):
            raise SysError("ESPIPE")
        size = description.stat().size if isinstance(description, RegularFile) else len(description.data)
        where = offset + (0, description.offset, size)[whence]
        if where < 0:
            raise SysError("EINVAL")
        description.offset = where
        return where

    def ftruncate(self, fd: int, size: int) -> None:
        """ftruncate(2)."""
        file = self._regular(fd)
        if not file.writable:
            raise SysError("EINVAL")
        file.fs.truncate(file.ino, size)

    def truncate(self, path: str, size: int) -> None:
        """truncate(2)."""
        fd = self.open(path, "r+")
        try:
            self.ftruncate(fd, size)
        finally:
            self.close(fd)

    def fsync(self, fd: int) -> None:
        """fsync(2): the simulated disk is always in step."""
        self.description(fd)
