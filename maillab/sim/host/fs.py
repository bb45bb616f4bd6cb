"""Filesystems: inodes by number, copy-on-write over a base image that many hosts share.

A `Filesystem` knows no process: permissions and path walking are in `paths`. Linux's ext4 is the model
(directories of 4096 bytes, `ENOSPC` when full).
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Mapping

from maillab.sim.host.errno import SysError
from maillab.sim.host.inode import BLOCK, Inode

ROOT = 2
FIRST = 64
"""The first inode number that a running host gives, as on the recorded ones (an overlay whose upper layer is fresh)."""
IMAGE_FIRST = 1 << 16
"""The first inode number in an image, out of the way of those."""


class Filesystem:
    """A tree of inodes. `base` is shared and never written; a changed inode is copied to `own` first."""

    def __init__(
        self, clock: Callable[[], int], base: Mapping[int, Inode] | None = None, capacity: int = 1 << 28, dev: int = 1
    ):
        self.clock = clock
        self.dev = dev
        self.capacity = capacity
        self.used = 0
        self.quota: dict[int, int] = {}
        self.usage: dict[int, int] = {}
        self._base: Mapping[int, Inode] = base or {}
        self._own: dict[int, Inode] = {}
        self._next = FIRST if base else ROOT
        if base is None:
            root = self._new(stat.S_IFDIR | 0o755, 0, 0)
            root.nlink = 2
            self._next = IMAGE_FIRST

    def freeze(self) -> dict[int, Inode]:
        """The inodes as a base image for other filesystems; this one must not be changed any more."""
        return self._own

    def get(self, ino: int) -> Inode:
        """The inode of a number, to look at only. Raises KeyError when it is gone."""
        found = self._own.get(ino)
        return self._base[ino] if found is None else found

    def own(self, ino: int) -> Inode:
        """The inode of a number, to change: copied from the shared image first."""
        found = self._own.get(ino)
        if found is None:
            found = self._own[ino] = self.get(ino).copy()
        return found

    def lookup(self, directory: int, name: str) -> int | None:
        """The inode number of a name in a directory, None when it has none."""
        entries = self.get(directory).entries
        return None if entries is None else entries.get(name)

    def names(self, directory: int) -> list[str]:
        """The names in a directory, without . and .., in the order they were made."""
        entries = self.get(directory).entries
        if entries is None:
            raise SysError("ENOTDIR")
        return list(entries)

    def _new(self, mode: int, uid: int, gid: int) -> Inode:
        inode = Inode(self._next, mode, uid, gid, self.clock())
        self._own[inode.ino] = inode
        self._next += 1
        return inode

    def create(self, directory: int, name: str, mode: int, uid: int, gid: int) -> Inode:
        """A new file of the kind in `mode`; a setgid directory gives its group (and setgid to directories)."""
        if len(name.encode("utf-8", "surrogateescape")) > 255:
            raise SysError("ENAMETOOLONG", name)
        parent = self.own(directory)
        if parent.mode & stat.S_ISGID:
            gid = parent.gid
            mode |= stat.S_ISGID if stat.S_ISDIR(mode) else 0
        if stat.S_ISDIR(mode):
            self._charge(uid, BLOCK)
            parent.nlink += 1
        inode = self._new(mode, uid, gid)
        if stat.S_ISDIR(mode):
            inode.nlink = 2
        self._enter(parent, name, inode.ino)
        return inode

    def _enter(self, parent: Inode, name: str, ino: int) -> None:
        assert parent.entries is not None
        parent.entries[name] = ino
        parent.mtime = parent.ctime = self.clock()

    def link(self, directory: int, name: str, ino: int) -> None:
        """A further name for an inode."""
        inode = self.own(ino)
        inode.nlink += 1
        inode.ctime = self.clock()
        self._enter(self.own(directory), name, ino)

    def unlink(self, directory: int, name: str) -> None:
        """Remove a name; the inode goes with its last name and last open description."""
        parent = self.own(directory)
        assert parent.entries is not None
        inode = self.own(parent.entries.pop(name))
        parent.mtime = parent.ctime = inode.ctime = self.clock()
        if inode.entries is not None:
            parent.nlink -= 1
            inode.nlink = 0
        else:
            inode.nlink -= 1
        self._drop_if_unused(inode)

    def rename(self, old_dir: int, old: str, new_dir: int, new: str) -> None:
        """Move a name, replacing what the new name meant (the caller has checked the kinds)."""
        ino = self.lookup(old_dir, old)
        assert ino is not None
        there = self.lookup(new_dir, new)
        if there == ino:
            return
        if there is not None:
            self.unlink(new_dir, new)
        source, target = self.own(old_dir), self.own(new_dir)
        assert source.entries is not None
        del source.entries[old]
        source.mtime = source.ctime = self.clock()
        self._enter(target, new, ino)
        moved = self.own(ino)
        moved.ctime = self.clock()
        if moved.entries is not None:
            source.nlink -= 1
            target.nlink += 1

    def _drop_if_unused(self, inode: Inode) -> None:
        if inode.nlink <= 0 and inode.opens <= 0:
            self._charge(inode.uid, -len(inode.data) if inode.entries is None else -BLOCK)
            if inode.ino not in self._base:
                self._own.pop(inode.ino, None)

    def opened(self, ino: int) -> None:
        """An open description holds this inode."""
        self.own(ino).opens += 1

    def closed(self, ino: int) -> None:
        """An open description let it go."""
        inode = self.own(ino)
        inode.opens -= 1
        self._drop_if_unused(inode)

    def _charge(self, uid: int, amount: int) -> None:
        if amount > 0:
            if self.used + amount > self.capacity:
                raise SysError("ENOSPC")
            limit = self.quota.get(uid)
            if limit is not None and self.usage.get(uid, 0) + amount > limit:
                raise SysError("EDQUOT")
        self.used = max(0, self.used + amount)
        if self.quota:
            self.usage[uid] = max(0, self.usage.get(uid, 0) + amount)

    def write(self, ino: int, offset: int, data: bytes) -> int:
        """Write bytes at an offset (a gap is filled with zeros); returns their number. Writes what fits, ENOSPC when nothing does."""
        inode = self.own(ino)
        if not isinstance(inode.data, bytearray):
            inode.data = bytearray(inode.data)
        body = inode.data
        grow = offset + len(data) - len(body)
        if grow > 0:
            room = self.capacity - self.used
            if grow > room:
                if room <= 0 or offset > len(body) + room:
                    raise SysError("ENOSPC")
                data = data[: len(data) - (grow - room)]
                grow = room
            self._charge(inode.uid, grow)
        if offset == len(body):
            body += data
        else:
            if offset > len(body):
                body.extend(bytes(offset - len(body)))
            body[offset : offset + len(data)] = data
        inode.mtime = inode.ctime = self.clock()
        return len(data)

    def truncate(self, ino: int, size: int) -> None:
        """Cut or extend with zeros."""
        inode = self.own(ino)
        self._charge(inode.uid, size - len(inode.data))
        body = inode.data
        inode.data = bytearray(body[:size]) if size <= len(body) else bytearray(body) + bytes(size - len(body))
        inode.mtime = inode.ctime = self.clock()

    def read(self, ino: int, offset: int, size: int) -> bytes:
        """Bytes of a regular file."""
        return bytes(self.get(ino).data[offset : offset + size])
