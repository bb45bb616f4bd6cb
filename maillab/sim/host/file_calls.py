"""The system calls on files (open(2), stat(2), chmod(2), rename(2) ...): the part of `Process` that looks at the disk."""

from __future__ import annotations

import stat

from maillab.sim.host.description import DirectoryFile, RegularFile
from maillab.sim.host.errno import SysError
from maillab.sim.host.fs import Filesystem
from maillab.sim.host.identity import Identity
from maillab.sim.host.inode import Inode, Stat
from maillab.sim.host.paths import EXECUTE, READ, WRITE, Found, Step, alive, may

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
_STANDARD = {"/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2}


class FileCalls(Identity):
    """Identity plus the calls on files."""

    def walk(self, path: str, follow: bool = True) -> Found:
        """Resolve a path for this process."""
        return self.host.walker.walk(path, self.root, self.cwd, self.who, follow)

    def _inode(self, path: str, follow: bool = True) -> Inode:
        return self.walk(path, follow).inode(path)

    def _writable_parent(self, found: Found, path: str) -> tuple[Filesystem, int]:
        parent = found.parent[-1]
        if not isinstance(parent.fs, Filesystem):
            raise SysError("ENOENT" if found.step is None else "EPERM", path)
        if self.euid and not may(self.who, parent.fs.get(parent.ino), WRITE | EXECUTE):
            raise SysError("EACCES", path)
        return parent.fs, parent.ino

    def _existing(self, path: str, follow: bool = True) -> tuple[Filesystem, Inode, Found]:
        """The disk and inode of an existing file. Raises ENOENT; EPERM on /proc."""
        found = self.walk(path, follow)
        inode = found.inode(path)
        assert found.step is not None
        if not isinstance(found.step.fs, Filesystem):
            raise SysError("EPERM", path)
        return found.step.fs, inode, found

    def _make(self, fs: Filesystem, parent: int, name: str, mode: int, path: str) -> Inode:
        try:
            inode = fs.create(parent, name, mode, self.euid, self.egid)
        except SysError as error:
            raise SysError(error.name, path) from None
        self.host.changed(self, path)
        return inode

    def _regular(self, fd: int) -> RegularFile:
        description = self.description(fd)
        if not isinstance(description, RegularFile):
            raise SysError("ESPIPE")
        return description

    # --- looking ----------------------------------------------------------------------------------------------------

    def stat(self, path: str) -> Stat:
        """stat(2)."""
        return self._stat(path, True)

    def lstat(self, path: str) -> Stat:
        """lstat(2)."""
        return self._stat(path, False)

    def _named_descriptor(self, path: str) -> int | None:
        """The descriptor that /dev/fd/N, /dev/stdin or /proc/self/fd/N names, when it is a pipe or a socket: these have no path."""
        fd = _STANDARD.get(path)
        if fd is None and path.startswith(("/dev/fd/", "/proc/self/fd/")) and path.rsplit("/", 1)[1].isdigit():
            fd = int(path.rsplit("/", 1)[1])
        if fd is None or fd not in self.fds or self.fds[fd].link_text().startswith("/"):
            return None
        return fd

    def _stat(self, path: str, follow: bool) -> Stat:
        fd = self._named_descriptor(path) if follow and path.startswith(("/dev/", "/proc/")) else None
        if fd is not None:
            return self.fds[fd].stat()
        found = self.walk(path, follow)
        inode = found.inode(path)
        assert found.step is not None
        return inode.stat(found.step.fs.dev)

    def fstat(self, fd: int) -> Stat:
        """fstat(2)."""
        return self.description(fd).stat()

    def exists(self, path: str) -> bool:
        """Whether stat(2) succeeds."""
        try:
            return self.walk(path).step is not None
        except SysError:
            return False

    def isdir(self, path: str) -> bool:
        """Whether a path is a directory."""
        try:
            return self._inode(path).entries is not None
        except SysError:
            return False

    def isfile(self, path: str) -> bool:
        """Whether a path is a plain file."""
        try:
            return self._inode(path).kind == "-"
        except SysError:
            return False

    def access(self, path: str, want: str) -> bool:
        """Whether the effective user may r, w, x it (f: it exists). Raises when the way there fails, ENOENT included."""
        inode = self._inode(path)
        bits = sum({"r": READ, "w": WRITE, "x": EXECUTE, "f": 0}[letter] for letter in want)
        return may(self.who, inode, bits)

    def listdir(self, path: str) -> list[str]:
        """The names in a directory, in no useful order (as the disk has them)."""
        found = self.walk(path)
        inode = found.inode(path)
        assert found.step is not None
        if inode.entries is None:
            raise SysError("ENOTDIR", path)
        if not may(self.who, inode, READ):
            raise SysError("EACCES", path)
        return found.step.fs.names(found.step.ino) if alive(found.step) else []

    def readlink(self, path: str) -> str:
        """readlink(2)."""
        inode = self._inode(path, follow=False)
        if not inode.target:
            raise SysError("EINVAL", path)
        return inode.target

    def realpath(self, path: str) -> str:
        """realpath(3): absolute, without links; the last component may be missing."""
        found = self.walk(path)
        steps = found.parent if found.step is None else (*found.parent, found.step) if found.name != "/" else (found.step,)
        names = [step.name for step in steps[len(self.root) :]] + ([found.name] if found.step is None else [])
        return "/" + "/".join(names)

    def absolute(self, path: str) -> str:
        """The path with the working directory put in front, dots kept."""
        if path.startswith("/"):
            return path
        here = self.getcwd()
        return f"{'' if here == '/' else here}/{path}"

    def statvfs(self, path: str) -> tuple[int, int]:
        """(capacity, used) bytes of the disk a path is on."""
        found = self.walk(path)
        found.inode(path)
        assert found.step is not None
        fs = found.step.fs
        return (fs.capacity, fs.used + self.host.base_bytes) if isinstance(fs, Filesystem) else (0, 0)

    # --- changing ---------------------------------------------------------------------------------------------------

    def mkdir(self, path: str, mode: int = 0o777) -> None:
        """mkdir(2)."""
        self._make_new(path, stat.S_IFDIR | (mode & ~self.umask_ & 0o7777))

    def mkfifo(self, path: str, mode: int = 0o666) -> None:
        """mkfifo(3)."""
        self._make_new(path, stat.S_IFIFO | (mode & ~self.umask_ & 0o7777))

    def mknod(self, path: str, mode: int, rdev: tuple[int, int] = (0, 0)) -> None:
        """mknod(2): `mode` includes the kind (stat.S_IFCHR ...)."""
        if self.euid and not stat.S_ISFIFO(mode):
            raise SysError("EPERM", path)
        self._make_new(path, (mode & ~0o7777) | (mode & ~self.umask_ & 0o7777)).rdev = rdev

    def symlink(self, target: str, path: str) -> None:
        """symlink(2)."""
        if not target:
            raise SysError("ENOENT", path)
        self._make_new(path, stat.S_IFLNK | 0o777).target = target

    def _make_new(self, path: str, mode: int) -> Inode:
        found = self.walk(path, follow=False)
        if found.step is not None:
            raise SysError("EEXIST", path)
        if path.endswith("/") and not stat.S_ISDIR(mode):
            raise SysError("ENOENT", path)
        fs, parent = self._writable_parent(found, path)
        return self._make(fs, parent, found.name, mode, path)

    def link(self, old: str, new: str) -> None:
        """link(2)."""
        fs, inode, _ = self._existing(old, follow=False)
        if inode.entries is not None:
            raise SysError("EPERM", old)
        found = self.walk(new, follow=False)
        if found.step is not None:
            raise SysError("EEXIST", new)
        target_fs, parent = self._writable_parent(found, new)
        if target_fs is not fs:
            raise SysError("EXDEV", new)
        fs.link(parent, found.name, inode.ino)
        self.host.changed(self, new)

    def unlink(self, path: str) -> None:
        """unlink(2)."""
        found = self.walk(path, follow=False)
        inode = found.inode(path)
        if inode.entries is not None:
            raise SysError("EISDIR", path)
        fs, parent = self._writable_parent(found, path)
        self._check_sticky(fs, parent, inode, path)
        fs.unlink(parent, found.name)
        self.host.changed(self, path)

    def rmdir(self, path: str) -> None:
        """rmdir(2)."""
        found = self.walk(path, follow=False)
        inode = found.inode(path)
        if path.rstrip("/").split("/")[-1] == ".":
            raise SysError("EINVAL", path)
        if inode.entries is None:
            raise SysError("ENOTDIR", path)
        assert found.step is not None
        if found.name == "/" or (found.parent[-1].fs.dev, inode.ino) in self.host.walker.mounts or found.step.fs is not found.parent[-1].fs:
            raise SysError("EBUSY", path)
        if inode.entries or path.endswith("/.."):
            raise SysError("ENOTEMPTY", path)
        fs, parent = self._writable_parent(found, path)
        self._check_sticky(fs, parent, inode, path)
        fs.unlink(parent, found.name)
        self.host.changed(self, path)

    def _check_sticky(self, fs: Filesystem, parent: int, inode: Inode, path: str) -> None:
        directory = fs.get(parent)
        if self.euid and directory.mode & stat.S_ISVTX and self.euid not in (inode.uid, directory.uid):
            raise SysError("EPERM", path)

    def rename(self, old: str, new: str) -> None:
        """rename(2)."""
        source, target = self.walk(old, follow=False), self.walk(new, follow=False)
        inode = source.inode(old)
        fs, source_dir = self._writable_parent(source, old)
        target_fs, target_dir = self._writable_parent(target, new)
        if fs is not target_fs:
            raise SysError("EXDEV", old)
        if "/" in (source.name, target.name):
            raise SysError("EBUSY", old)
        if new.endswith("/") and inode.entries is None:
            raise SysError("ENOTDIR", new)
        if inode.entries is not None and any(step.ino == inode.ino for step in target.parent):
            raise SysError("EINVAL", new)
        self._check_sticky(fs, source_dir, inode, old)
        if target.step is not None:
            there = target.inode(new)
            self._check_sticky(fs, target_dir, there, new)
            if there.entries is not None and inode.entries is None:
                raise SysError("EISDIR", new)
            if there.entries is None and inode.entries is not None:
                raise SysError("ENOTDIR", new)
            if there.entries:
                raise SysError("ENOTEMPTY", new)
        fs.rename(source_dir, source.name, target_dir, target.name)
        self.host.changed(self, old)
        self.host.changed(self, new)

    def chmod(self, path: str, mode: int) -> None:
        """chmod(2)."""
        fs, inode, _ = self._existing(path)
        self._chmod(fs, inode, mode, path)

    def fchmod(self, fd: int, mode: int) -> None:
        """fchmod(2)."""
        file = self._regular(fd)
        self._chmod(file.fs, file.fs.get(file.ino), mode, file.path)

    def _chmod(self, fs: Filesystem, inode: Inode, mode: int, path: str) -> None:
        if self.euid and self.euid != inode.uid:
            raise SysError("EPERM", path)
        if self.euid and inode.gid != self.egid and inode.gid not in self.groups:
            mode &= ~stat.S_ISGID
        own = fs.own(inode.ino)
        own.mode = (own.mode & ~0o7777) | (mode & 0o7777)
        own.ctime = self.host.clock()
        self.host.changed(self, path)

    def chown(self, path: str, uid: int, gid: int, follow: bool = True) -> None:
        """chown(2); -1 leaves an id alone. setuid and setgid bits of plain files are cleared."""
        fs, inode, _ = self._existing(path, follow)
        self._chown(fs, inode, uid, gid, path)

    def lchown(self, path: str, uid: int, gid: int) -> None:
        """lchown(2)."""
        self.chown(path, uid, gid, follow=False)

    def fchown(self, fd: int, uid: int, gid: int) -> None:
        """fchown(2)."""
        file = self._regular(fd)
        self._chown(file.fs, file.fs.get(file.ino), uid, gid, file.path)

    def _chown(self, fs: Filesystem, inode: Inode, uid: int, gid: int, path: str) -> None:
        if self.euid:
            owns = inode.uid == self.euid and uid in (-1, inode.uid)
            if not owns or (gid != -1 and gid != inode.gid and gid != self.egid and gid not in self.groups):
                raise SysError("EPERM", path)
        own = fs.own(inode.ino)
        own.uid = own.uid if uid == -1 else uid
        own.gid = own.gid if gid == -1 else gid
        if own.entries is None and own.mode & 0o111:
            own.mode &= ~0o6000
        own.ctime = self.host.clock()
        self.host.changed(self, path)

    def utime(self, path: str, atime: int | None, mtime: int | None, follow: bool = True) -> None:
        """utimensat(2), in microseconds since 1970; None leaves a time alone."""
        fs, inode, _ = self._existing(path, follow)
        if self.euid and self.euid != inode.uid and not may(self.who, inode, WRITE):
            raise SysError("EACCES", path)
        own = fs.own(inode.ino)
        own.atime = own.atime if atime is None else atime
        own.mtime = own.mtime if mtime is None else mtime
        own.ctime = self.host.clock()

    # --- the working directory --------------------------------------------------------------------------------------

    def _directory(self, path: str) -> tuple[Step, ...]:
        found = self.walk(path)
        inode = found.inode(path)
        assert found.step is not None
        if inode.entries is None:
            raise SysError("ENOTDIR", path)
        if not may(self.who, inode, EXECUTE):
            raise SysError("EACCES", path)
        return (*found.parent, found.step) if found.name != "/" else (found.step,) if len(self.root) == 1 else self.root

    def chdir(self, path: str) -> None:
        """chdir(2)."""
        self.cwd = self._directory(path)

    def fchdir(self, fd: int) -> None:
        """fchdir(2)."""
        description = self.description(fd)
        if not isinstance(description, DirectoryFile):
            raise SysError("ENOTDIR")
        self.cwd = description.stack

    def chroot(self, path: str) -> None:
        """chroot(2): only root may; the working directory stays where it is."""
        if self.euid:
            raise SysError("EPERM", path)
        self.root = self._directory(path)

    def getcwd(self) -> str:
        """getcwd(3)."""
        if alive(self.cwd[-1]) is None:
            raise SysError("ENOENT")
        names = [step.name for step in self.cwd[len(self.root) :]]
        return "/" + "/".join(names)

    def umask(self, mask: int) -> int:
        """umask(2): the old mask."""
        old, self.umask_ = self.umask_, mask & 0o777
        return old
