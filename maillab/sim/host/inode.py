"""Inodes: what a filesystem is made of."""

from __future__ import annotations

import stat
from typing import Final, NamedTuple

BLOCK: Final = 4096
_KINDS = {
    stat.S_IFREG: "-",
    stat.S_IFDIR: "d",
    stat.S_IFLNK: "l",
    stat.S_IFIFO: "p",
    stat.S_IFSOCK: "s",
    stat.S_IFCHR: "c",
    stat.S_IFBLK: "b",
}


class Inode:
    """A file of any kind. `data` serves regular files, `entries` directories (name -> inode number), `target` symbolic links.

    Times are microseconds since 1970. `opens` counts open descriptions, so that an unlinked file lives until its last close.
    """

    __slots__ = (
        "atime",
        "ctime",
        "data",
        "entries",
        "gid",
        "ino",
        "mode",
        "mtime",
        "nlink",
        "opens",
        "rdev",
        "target",
        "uid",
    )

    def __init__(self, ino: int, mode: int, uid: int = 0, gid: int = 0, when: int = 0):
        self.ino = ino
        self.mode = mode
        self.uid = uid
        self.gid = gid
        self.nlink = 1
        self.atime = self.mtime = self.ctime = when
        self.data: bytes | bytearray = b""
        self.entries: dict[str, int] | None = {} if stat.S_ISDIR(mode) else None
        self.target = ""
        self.rdev = (0, 0)
        self.opens = 0

    def copy(self) -> Inode:
        """A copy of its own for a host that is about to change it."""
        new = Inode.__new__(Inode)
        for slot in self.__slots__:
            setattr(new, slot, getattr(self, slot))
        if self.entries is not None:
            new.entries = dict(self.entries)
        elif isinstance(self.data, bytearray):
            new.data = bytes(self.data)
        return new

    @property
    def kind(self) -> str:
        """One of `-dlpscb`, as ls prints it."""
        return _KINDS[stat.S_IFMT(self.mode)]

    @property
    def size(self) -> int:
        """Bytes, as stat(2) says them on ext4."""
        if self.entries is not None:
            return BLOCK
        return len(self.target.encode("utf-8", "surrogateescape")) if self.target else len(self.data)

    def stat(self, dev: int = 1) -> Stat:
        """What stat(2) would return."""
        size = self.size
        blocks = 0 if self.target or self.kind not in "-d" else (size + BLOCK - 1) // BLOCK * 8
        return Stat(
            self.ino,
            self.mode,
            self.nlink,
            self.uid,
            self.gid,
            size,
            self.atime,
            self.mtime,
            self.ctime,
            self.rdev,
            blocks,
            self.kind,
            dev,
        )


class Stat(NamedTuple):
    """stat(2)'s answer; times in microseconds since 1970, blocks of 512 bytes, `kind` one of `-dlpscb`."""

    ino: int
    mode: int
    nlink: int
    uid: int
    gid: int
    size: int
    atime: int
    mtime: int
    ctime: int
    rdev: tuple[int, int]
    blocks: int
    kind: str
    dev: int

    @property
    def perms(self) -> int:
        """The permission bits, 0 - 0o7777."""
        return self.mode & 0o7777
