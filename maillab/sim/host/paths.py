"""Walking paths: names to inodes, with symbolic links, mounts, chroot and permissions (path_resolution(7))."""

from __future__ import annotations

import stat
from typing import NamedTuple, Protocol

from maillab.sim.host.errno import SysError
from maillab.sim.host.inode import Inode

READ, WRITE, EXECUTE = 4, 2, 1
_LINKS_MAX = 40


class Tree(Protocol):
    """What a mounted filesystem must answer: the disk (`Filesystem`) and /proc (`ProcFs`) do."""

    dev: int

    def get(self, ino: int) -> Inode: ...
    def lookup(self, directory: int, name: str) -> int | None: ...
    def names(self, directory: int) -> list[str]: ...


class Step(NamedTuple):
    """One directory (or file) on the way from the root."""

    fs: Tree
    ino: int
    name: str


class Credentials(NamedTuple):
    """Who asks: effective user, group and supplementary groups."""

    uid: int
    gid: int
    groups: tuple[int, ...]


class Found(NamedTuple):
    """A walked path: the directory it ends in, the last name, and what is there (None when nothing is)."""

    parent: tuple[Step, ...]
    name: str
    step: Step | None

    def inode(self, path: str) -> Inode:
        """The inode found. Raises ENOENT."""
        if self.step is None:
            raise SysError("ENOENT", path)
        return alive(self.step) or removed_directory(self.step.ino)


def alive(step: Step) -> Inode | None:
    """The inode of a step, None for a directory that was removed while it was somebody's working directory."""
    try:
        return step.fs.get(step.ino)
    except KeyError:
        return None


def removed_directory(ino: int) -> Inode:
    """What stat(2) of "." sees in a removed directory: an empty one without links."""
    inode = Inode(ino, stat.S_IFDIR | 0o755)
    inode.nlink = 0
    return inode


def may(who: Credentials, inode: Inode, want: int) -> bool:
    """Whether these credentials may READ|WRITE|EXECUTE; root needs one x bit to execute a plain file, nothing else."""
    mode = inode.mode
    if who.uid == 0:
        return not want & EXECUTE or inode.entries is not None or bool(mode & 0o111)
    if inode.uid == who.uid:
        mode >>= 6
    elif inode.gid == who.gid or inode.gid in who.groups:
        mode >>= 3
    return mode & want == want


class Walker:
    """Resolves paths for a process: its root (chroot), working directory and credentials."""

    def __init__(self, mounts: dict[tuple[int, int], Step]):
        self.mounts = mounts

    def walk(
        self, path: str, root: tuple[Step, ...], cwd: tuple[Step, ...], who: Credentials, follow: bool = True
    ) -> Found:
        """Resolve `path`; the last component may be missing. Raises ENOENT, ENOTDIR, EACCES, ELOOP, ENAMETOOLONG."""
        if not path:
            raise SysError("ENOENT", path)
        if len(path) > 4096 or "\0" in path:
            raise SysError("ENAMETOOLONG" if len(path) > 4096 else "EINVAL", path)
        stack = list(root if path[0] == "/" else cwd)
        todo = path.split("/")
        todo.reverse()
        links, name, slash = 0, "", path[-1] == "/"
        here = stack[-1]
        found = alive(here)
        while todo:
            part = todo.pop()
            if not part or part == ".":
                continue
            if found is None:
                if part != "..":
                    raise SysError("ENOENT", path)
                stack.pop()
                here = stack[-1]
                found = alive(here)
                continue
            if found.entries is None:
                raise SysError("ENOTDIR", path)
            if who.uid and not may(who, found, EXECUTE):
                raise SysError("EACCES", path)
            if part == "..":
                if len(stack) > len(root):
                    stack.pop()
                    here = stack[-1]
                    found = alive(here)
                continue
            name = part
            fs = here.fs
            ino = found.entries.get(part) if found.entries else fs.lookup(here.ino, part)  # /proc makes its names when asked
            if ino is None:
                if todo and any(rest not in ("", ".") for rest in todo):
                    raise SysError(
                        "ENOENT" if len(part.encode("utf-8", "surrogateescape")) <= 255 else "ENAMETOOLONG", path
                    )
                return Found(tuple(stack), part, None)
            child = fs.get(ino)
            target = child.target
            if target and (todo or follow or slash):
                links += 1
                if links > _LINKS_MAX:
                    raise SysError("ELOOP", path)
                if target[0] == "/":
                    stack = list(root)
                    here = stack[-1]
                    found = alive(here)
                more = target.split("/")
                more.reverse()
                todo.extend(more)
                continue
            here, found = Step(fs, ino, part), child
            mounted = self.mounts.get((fs.dev, ino)) if child.entries is not None else None
            if mounted is not None:
                here = mounted._replace(name=part)
                found = alive(here)
            stack.append(here)
        if slash and found is not None and found.entries is None:
            raise SysError("ENOTDIR", path)
        return Found(
            tuple(stack[:-1]) if len(stack) > 1 else tuple(stack), name if len(stack) > len(root) else "/", here
        )
