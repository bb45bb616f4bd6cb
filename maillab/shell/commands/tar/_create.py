"""Putting files into an archive (c and r) and comparing them with it (d)."""

from __future__ import annotations

import tarfile
from typing import TYPE_CHECKING

from maillab.shell.commands.tar._archive import Member, header, padded
from maillab.shell.commands.tar._names import Names, Operands, excluded
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.shell.commands.tar.tar import Tar
    from maillab.sim.host.inode import Stat

TYPES = {"d": tarfile.DIRTYPE, "l": tarfile.SYMTYPE, "p": tarfile.FIFOTYPE, "c": tarfile.CHRTYPE, "b": tarfile.BLKTYPE}


class Creator:
    """Collects the blocks of new members."""

    def __init__(self, tar: Tar) -> None:
        self.tar = tar
        self.sys = tar.sys
        self.parts: list[bytes] = []
        self.linked: dict[tuple[int, int], str] = {}
        self.users = Names(tar.sys, "passwd")
        self.groups = Names(tar.sys, "group")

    async def add_all(self, operands: Operands) -> bytes:
        """Every operand with what is below it."""
        for number, (folder, name) in enumerate(operands.listed()):
            if number and name.startswith("/") and not self.tar.absolute:
                await self.tar.warn_once("Removing leading `/' from hard link targets")
            if not excluded(self.tar.excludes, name):
                await self.add(folder, name)
        return b"".join(self.parts)

    async def add(self, folder: str, name: str) -> None:
        """One file, and what is below a directory."""
        path = f"{folder}/{name}" if folder and not name.startswith("/") else name
        try:
            status = self.sys.stat(path) if self.tar.given.has("dereference") else self.sys.lstat(path)
        except SysError as error:
            await self.tar.trouble(f"{name}: Cannot stat: {error.strerror}")
            return
        if status.kind == "s":
            await self.tar.warn(f"{name}: socket ignored")
            return
        try:
            await self._member(path, name, status)
            names = self.sys.listdir(path) if status.kind == "d" and not self.tar.given.has("no-recursion") else []
        except SysError as error:
            await self.tar.trouble(f"{name}: Cannot open: {error.strerror}")
            return
        for base in names:
            below = f"{name.rstrip('/')}/{base}" if name != "/" else f"/{base}"
            if not excluded(self.tar.excludes, below):
                await self.add(folder, below)

    async def _member(self, path: str, name: str, status: Stat) -> None:
        info = tarfile.TarInfo(await self.tar.member_name(name))
        info.mode = status.mode & 0o7777
        info.uid, info.gid = status.uid, status.gid
        info.uname, info.gname = self.users.name(status.uid), self.groups.name(status.gid)
        info.mtime = status.mtime // 1_000_000
        info.type = TYPES.get(status.kind, tarfile.REGTYPE)
        data = b""
        identity = (status.dev, status.ino)
        if status.kind == "l":
            info.linkname = self.sys.readlink(path)
        elif status.kind == "-" and identity in self.linked:
            info.type, info.linkname = tarfile.LNKTYPE, self.linked[identity]
        elif status.kind == "-":
            if identity == self.tar.archive_identity:
                await self.tar.warn(f"{name}: file is the archive; not dumped")
                return
            data = self.sys.slurp(path)
            info.size = len(data)
            if status.nlink > 1:
                self.linked[identity] = info.name
        await self.tar.show_created(name + ("/" if status.kind == "d" and not name.endswith("/") else ""), info)
        self.parts.append(header(info) + padded(data))


async def compare(tar: Tar, found: list[Member]) -> None:
    """d: what differs between the archive and the files."""
    for member in found:
        name = member.info.name
        if tar.verbose:
            await tar.sys.stdout.write(f"{member.name}\n")
        try:
            status = tar.sys.lstat(tar.below(name))
        except SysError as error:
            await tar.warn(f"{name}: Warning: Cannot stat: {error.strerror}")
            tar.status = max(tar.status, 1)
            continue
        for difference in differences(tar, member, status):
            await tar.sys.stdout.write(f"{name}: {difference}\n")
            tar.status = max(tar.status, 1)


def differences(tar: Tar, member: Member, status: Stat) -> list[str]:
    """The words of tar for what is not the same."""
    info = member.info
    kinds = {tarfile.DIRTYPE: "d", tarfile.SYMTYPE: "l", tarfile.FIFOTYPE: "p"}
    if kinds.get(info.type, "-") != status.kind:
        return ["File type differs"]
    if status.kind == "l":
        return ["Symlink differs"] if tar.sys.readlink(tar.below(info.name)) != info.linkname else []
    said: list[str] = []
    if info.mode & 0o7777 != status.mode & 0o7777:
        said.append("Mode differs")
    if info.type == tarfile.LNKTYPE or status.kind != "-":
        return said
    if info.uid != status.uid:
        said.append("Uid differs")
    if info.gid != status.gid:
        said.append("Gid differs")
    if info.mtime != status.mtime // 1_000_000:
        said.append("Mod time differs")
    if info.size != status.size:
        said.append("Size differs")
    elif tar.sys.slurp(tar.below(info.name)) != member.data:
        said.append("Contents differ")
    return said
