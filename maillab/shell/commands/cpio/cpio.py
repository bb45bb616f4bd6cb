"""cpio - copy files to and from archives

SYNOPSIS
    cpio -o [-0v] [-H FORMAT] [-F ARCHIVE] < LIST OF NAMES
    cpio -i [-dmuvt] [-F ARCHIVE] [PATTERN]...
    cpio -p [-dmuv0] DIRECTORY < LIST OF NAMES

DESCRIPTION
    GNU cpio 2.13 with the formats bin (default), odc (-c) and newc. Files that exist and are not older are kept, except with -u.

EXIT STATUS
    0; 2 after an error.

BUGS
    -A -a -b -C -E -f -I -L -l -M -O -r -R -s -S -V -W and most long options are refused. Devices are not archived.
"""

from __future__ import annotations

import fnmatch
import stat
from typing import TYPE_CHECKING

from maillab.shell.commands.cpio._archive import BLOCK, BadArchive, Member, archive, unpack
from maillab.shell.commands.cpio._help import HELP, VERSION
from maillab.shell.options import gnu
from maillab.sim.host.accounts import group_name, user_name
from maillab.sim.host.errno import SysError
from maillab.sim.host.stdio import Input
from maillab.sim.kernel.calendar import strftime

if TYPE_CHECKING:
    from maillab.shell.options import Given
    from maillab.sim.host.process import Process

INSTALLED = {"cpio": "/bin/cpio"}

OPTIONS = gnu(
    "-i,--extract -o,--create -p,--pass-through -t,--list -0,--null -c -d,--make-directories -F,--file= -H,--format= -B --block-size= "
    "-m,--preserve-modification-time --no-preserve-owner --no-absolute-filenames --quiet -u,--unconditional -v,--verbose -D,--directory= "
    "-n,--numeric-uid-gid -?,--help --usage --version",
    standard=False,
)
HINT = "Try '{prog} --help' or '{prog} --usage' for more information.\n"
FORMATS = ("bin", "odc", "newc")
HALF_YEAR = 15_778_476


class Run:
    """One run of cpio."""

    def __init__(self, sys: Process, given: Given):
        self.sys = sys
        self.given = given
        self.verbose = given.has("verbose")
        self.status = 0

    async def note(self, text: str) -> None:
        """An error."""
        await self.sys.stdout.flush()
        await self.sys.stderr.print(f"cpio: {text}")
        self.status = 2

    async def blocks(self, size: int) -> None:
        """The count of blocks that ends every run."""
        if not self.given.has("quiet"):
            count = -(-size // BLOCK)
            await self.sys.stdout.flush()
            await self.sys.stderr.print(f"{count} block{'s' if count != 1 else ''}")

    async def members(self) -> list[Member]:
        """The files that the standard input names."""
        text = (await Input(self.sys, 0).read()).decode("utf-8", "surrogateescape")
        found = []
        for name in text.split("\0" if self.given.has("null") else "\n"):
            if not name:
                continue
            try:
                found.append(self._member(name))
            except SysError as error:
                await self.note(f"{name}: Cannot stat: {error}" if error.name == "ENOENT" else f"{name}: Cannot open: {error}")
        return found

    def _member(self, name: str) -> Member:
        status = self.sys.lstat(name)
        data = b""
        if status.kind == "l":
            data = self.sys.readlink(name).encode("utf-8", "surrogateescape")
        elif status.kind == "-":
            data = self.sys.slurp(name)
        stored = name.removeprefix("./") or name
        return Member(stored, status.mode, status.uid, status.gid, status.nlink, status.mtime // 1_000_000, status.ino, data)

    async def create(self, form: str) -> int:
        """cpio -o"""
        members = await self.members()
        data = archive(members, form)
        if self.verbose:
            await self.sys.stderr.write("".join(f"{member.name}\n" for member in members))
        path = self.given.last("file")
        if path:
            self.sys.spew(path, data)
        else:
            await self.sys.stdout.write(data)
        await self.blocks(len(data))
        return self.status

    async def extract(self) -> int:
        """cpio -i, cpio -t"""
        path = self.given.last("file")
        try:
            data = self.sys.slurp(path) if path else await Input(self.sys, 0).read()
        except SysError as error:
            await self.note(f"Cannot open {path}: {error}")
            return 2
        patterns = self.given.operands
        try:
            for member in unpack(data):
                if patterns and not any(fnmatch.fnmatchcase(member.name, pattern) for pattern in patterns):
                    continue
                if self.given.has("list"):
                    await self.sys.stdout.print(self._listed(member) if self.verbose else member.name)
                elif await self.lay(member, member.name) and self.verbose:
                    await self.sys.stderr.print(member.name)
        except BadArchive as error:
            await self.note(str(error))
            await self.blocks(0)
            return 2
        await self.blocks(len(data))
        return self.status

    async def copy(self) -> int:
        """cpio -p"""
        target = self.given.operands[0]
        size = 0
        for member in await self.members():
            path = f"{target}/{member.name}"
            if await self.lay(member, path) and self.verbose:
                await self.sys.stderr.print(path)
            size += len(member.data)
        await self.blocks(size)
        return self.status

    async def lay(self, member: Member, path: str) -> bool:
        """Make a file of a member; whether it was made."""
        sys = self.sys
        directory = stat.S_ISDIR(member.mode)
        old = sys.lstat(path) if self._exists(path) else None
        if old and directory and old.kind == "d":
            sys.chmod(path, member.mode & 0o7777)
            return True
        if old and not self.given.has("unconditional") and old.mtime // 1_000_000 >= member.mtime:
            await self.note(f"{path} not created: newer or same age version exists")
            self.status = 0
            return False
        try:
            self._make(member, path, bool(old))
        except SysError as error:
            await self.note(f"{path}: Cannot {'make directory' if directory else 'open'}: {error}")
            return False
        return True

    def _exists(self, path: str) -> bool:
        try:
            self.sys.lstat(path)
        except SysError:
            return False
        return True

    def _make(self, member: Member, path: str, replace: bool) -> None:
        sys = self.sys
        if replace:
            sys.unlink(path)
        parent = path.rpartition("/")[0]
        if parent and self.given.has("make-directories"):
            done = "/" if path.startswith("/") else ""
            for part in parent.strip("/").split("/"):
                done += part
                if not self._exists(done):
                    sys.mkdir(done)
                done += "/"
        if stat.S_ISLNK(member.mode):
            sys.symlink(member.data.decode("utf-8", "surrogateescape"), path)
        elif stat.S_ISDIR(member.mode):
            sys.mkdir(path, member.mode & 0o7777)
        else:
            sys.spew(path, member.data, mode=0o600)
        if sys.euid == 0 and not self.given.has("no-preserve-owner"):
            sys.lchown(path, member.uid, member.gid)
        if stat.S_ISLNK(member.mode):
            return
        sys.chmod(path, member.mode & 0o7777)
        if self.given.has("preserve-modification-time"):
            sys.utime(path, member.mtime * 1_000_000, member.mtime * 1_000_000)

    def _listed(self, member: Member) -> str:
        """A line of cpio -tv."""
        numeric = self.given.has("numeric-uid-gid")
        user = str(member.uid) if numeric else user_name(self.sys, member.uid)
        group = str(member.gid) if numeric else group_name(self.sys, member.gid)
        when = member.mtime * 1_000_000
        recent = abs(self.sys.clock() // 1_000_000 - member.mtime) < HALF_YEAR
        day = strftime("%b %e %H:%M" if recent else "%b %e  %Y", when)
        target = f" -> {member.data.decode('utf-8', 'surrogateescape')}" if stat.S_ISLNK(member.mode) else ""
        return f"{stat.filemode(member.mode)} {member.nlink:3d} {user:<8} {group:<8} {len(member.data):8d} {day} {member.name}{target}"


async def main(sys: Process, argv: list[str]) -> int:
    """cpio."""
    given = await OPTIONS.read(sys, argv, help=HELP, version=VERSION, status=64, hint=HINT)
    mode = given.latest("extract", "create", "pass-through") or ("extract" if given.has("list") else None)
    if mode is None:
        await sys.stderr.write("cpio: You must specify one of -oipt options.\n" + HINT.replace("{prog}", argv[0]))
        return 2
    form = given.last("format") or ("odc" if given.has("c") else "bin")
    if form not in FORMATS:
        await sys.stderr.print(f"cpio: invalid archive format '{form}'; valid formats are:\nbin odc newc (the others are not simulated)")
        return 2
    if folder := given.last("directory"):
        sys.chdir(folder)
    run = Run(sys, given)
    if mode == "create":
        return await run.create(form)
    if mode == "extract":
        return await run.extract()
    if len(given.operands) != 1:
        await sys.stderr.write("cpio: must specify one directory\n" + HINT.replace("{prog}", argv[0]))
        return 2
    return await run.copy()
