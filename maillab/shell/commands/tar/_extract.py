"""Taking files out of an archive (x)."""

from __future__ import annotations

import tarfile
from typing import TYPE_CHECKING

from maillab.shell.commands.tar._archive import Member
from maillab.shell.commands.tar._names import Names
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.shell.commands.tar.tar import Tar


class Extractor:
    """Writes members to the disk; directories get their modes and times at the end."""

    def __init__(self, tar: Tar) -> None:
        self.tar = tar
        self.sys = tar.sys
        self.root = tar.sys.euid == 0
        self.users = Names(tar.sys, "passwd")
        self.groups = Names(tar.sys, "group")
        self.delayed: list[tuple[str, Member]] = []

    async def extract(self, member: Member) -> None:
        """One member."""
        name = await self.tar.stripped(member.info.name)
        if not name:
            return
        if self.tar.given.has("to-stdout"):
            await self.sys.stdout.write(member.data)
            return
        path = self.tar.below(name)
        try:
            self._parents(path)
            await self._make(path, member)
        except SysError as error:
            action = {tarfile.DIRTYPE: "Cannot mkdir", tarfile.LNKTYPE: f"Cannot hard link to '{member.info.linkname}'",
                      tarfile.SYMTYPE: f"Cannot create symlink to '{member.info.linkname}'"}  # fmt: skip
            await self.tar.trouble(f"{name}: {action.get(member.info.type, 'Cannot open')}: {error.strerror}")

    def _parents(self, path: str) -> None:
        folder = path.rstrip("/").rpartition("/")[0]
        if folder and not self.sys.exists(folder):
            self._parents(folder)
            self.sys.mkdir(folder)

    async def _make(self, path: str, member: Member) -> None:
        info = member.info
        if info.isdir():
            if not self.sys.isdir(path):
                self._clear(path)
                self.sys.mkdir(path, 0o700 if not self.root else 0o755)
            self.delayed.append((path, member))
            return
        if self.tar.given.has("keep-old-files") and self.sys.exists(path):
            await self.tar.trouble(f"{info.name}: Cannot open: File exists")
            return
        if info.type != tarfile.LNKTYPE or self.tar.below(info.linkname) != path:
            self._clear(path)
        if info.issym():
            self.sys.symlink(info.linkname, path)
            if self.root:
                self.sys.lchown(path, self._owner(info), self._group(info))
            return
        if info.type == tarfile.LNKTYPE:
            self.sys.link(self.tar.below(await self.tar.stripped(info.linkname)), path)
            return
        if info.isfifo():
            self.sys.mkfifo(path)
        else:
            self.sys.spew(path, member.data, "x", 0o600)
        self._attributes(path, member)

    def _clear(self, path: str) -> None:
        try:
            if self.sys.lstat(path).kind != "d":
                self.sys.unlink(path)
        except SysError as error:
            if error.name != "ENOENT":
                raise

    def _owner(self, info: tarfile.TarInfo) -> int:
        number = self.users.number(info.uname)
        return info.uid if number is None or self.tar.given.has("numeric-owner") else number

    def _group(self, info: tarfile.TarInfo) -> int:
        number = self.groups.number(info.gname)
        return info.gid if number is None or self.tar.given.has("numeric-owner") else number

    def _attributes(self, path: str, member: Member) -> None:
        info = member.info
        if self.root and not self.tar.given.has("no-same-owner"):
            self.sys.chown(path, self._owner(info), self._group(info))
        keep = self.root or self.tar.given.has("preserve-permissions")
        self.sys.chmod(path, info.mode & 0o7777 if keep else info.mode & 0o777 & ~self.sys.umask_)
        if not self.tar.given.has("touch"):
            self.sys.utime(path, self.sys.clock(), int(info.mtime) * 1_000_000)

    async def finish(self) -> None:
        """The directories' modes and times, innermost first."""
        for path, member in reversed(self.delayed):
            try:
                self._attributes(path, member)
            except SysError as error:
                await self.tar.trouble(f"{member.name}: Cannot utime: {error.strerror}")
