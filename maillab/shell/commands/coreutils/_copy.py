"""Copying files and trees, for cp, mv (between disks) and install."""

from __future__ import annotations

import stat as modes
from dataclasses import dataclass, field

from maillab.shell.commands.coreutils._backup import Backup, ask
from maillab.shell.commands.coreutils._command import Command, open_waiting
from maillab.shell.commands.coreutils._names import base_name, dir_name, join
from maillab.shell.modes import mode_string
from maillab.sim.host.errno import SysError
from maillab.sim.host.inode import Stat


@dataclass
class How:
    """How to copy: the options of cp."""

    recursive: bool = False
    follow: str = "always"  # never, command-line, always: which symbolic links in the sources are followed
    preserve: frozenset[str] = frozenset()  # of mode, ownership, timestamps, links
    backup: Backup = field(default_factory=lambda: Backup("none", "~"))
    overwrite: str = "yes"  # yes, ask, never
    update: bool = False
    force: bool = False
    remove_first: bool = False
    link: str = ""  # "", hard, symbolic
    verbose: bool = False
    attributes_only: bool = False
    one_file_system: bool = False
    copy_contents: bool = False
    parents: bool = False


class Copier:
    """One run of cp: remembers what it made, so that nothing is overwritten twice and hard links stay links."""

    def __init__(self, command: Command, how: How):
        self.command = command
        self.sys = command.sys
        self.how = how
        self.made: set[tuple[int, int]] = set()
        self.links: dict[tuple[int, int], str] = {}
        self.above: list[tuple[int, int]] = []

    async def copy(self, source: str, target: str, top: bool = True) -> bool:
        """Copy one source to one target; False after a complaint."""
        how, command = self.how, self.command
        try:
            stat = self.sys.stat(source) if self._follows(top) else self.sys.lstat(source)
        except SysError as error:
            await command.complain(f"cannot stat {command.file(source)}", error)
            return False
        if stat.kind == "d" and not how.recursive:
            await command.complain(f"-r not specified; omitting directory {command.file(source)}")
            return False
        there = self._there(target, stat)
        if there is None and self._is_dangling(target) and not how.remove_first and stat.kind == "-" and not how.backup:
            await command.complain(f"not writing through dangling symlink {command.file(target)}")
            return False
        kept = ""
        if there is not None:
            allowed, kept = await self._make_way(source, stat, target, there)
            if not allowed:
                return allowed is None
        if stat.kind == "d":
            return await self._directory(source, stat, target, there if not kept else None)
        return await self._file(source, stat, target, kept)

    def _follows(self, top: bool) -> bool:
        return self.how.follow == "always" or (self.how.follow == "command-line" and top)

    def _there(self, target: str, stat: Stat) -> Stat | None:
        """What is at the target (a link followed, unless a link is copied)."""
        try:
            special = stat.kind == "l" or (self.how.recursive and stat.kind != "-")
            if special or self.how.remove_first or self.how.backup:
                return self.sys.lstat(target)
            return self.sys.stat(target)
        except SysError:
            return None

    def _is_dangling(self, target: str) -> bool:
        try:
            return self.sys.lstat(target).kind == "l"
        except SysError:
            return False

    async def _make_way(self, source: str, stat: Stat, target: str, there: Stat) -> tuple[bool | None, str]:
        """May the target be replaced? (True, name of the backup); None: quietly not, False: with a complaint."""
        how, command = self.how, self.command
        if (stat.dev, stat.ino) == (there.dev, there.ino) and not (how.backup and stat.kind != "d"):
            if how.link == "hard" or (how.force and how.link):
                return None, ""
            if not (how.remove_first and self.sys.lstat(target).kind == "l"):
                await command.complain(f"{command.file(source)} and {command.file(target)} are the same file")
                return False, ""
        if stat.kind == "d" and there.kind != "d":
            if how.backup:
                return await self._back_up(target)
            await command.complain(f"cannot overwrite non-directory {command.file(target)} with directory {command.file(source)}")
            return False, ""
        if stat.kind != "d" and there.kind == "d" and not how.backup:
            await command.complain(f"cannot overwrite directory {command.file(target)} with non-directory")
            return False, ""
        if stat.kind == "d":
            return True, ""
        if how.update and there.mtime >= stat.mtime:
            return None, ""
        if how.overwrite == "never":
            return None, ""
        if how.overwrite == "ask" and not await self._ask(target, there):
            return None, ""
        if (there.dev, there.ino) in self.made and not how.backup:
            await command.complain(f"will not overwrite just-created {command.file(target)} with {command.file(source)}")
            return False, ""
        if how.backup:
            return await self._back_up(target)
        if how.remove_first or stat.kind == "l" or (how.recursive and stat.kind != "-"):
            self.sys.unlink(target)
            if how.verbose and how.remove_first:
                await self.sys.stdout.print(f"removed {command.file(target)}")
        return True, ""

    async def _ask(self, target: str, there: Stat) -> bool:
        return await ask(self.command, overwrite_question(self.command, target, there))

    async def _back_up(self, target: str) -> tuple[bool, str]:
        kept = self.how.backup.name(self.command, target)
        try:
            self.sys.rename(target, kept)
        except SysError as error:
            await self.command.complain(f"cannot backup {self.command.file(target)}", error)
            return False, ""
        return True, kept

    async def _say(self, source: str, target: str, kept: str = "") -> None:
        if self.how.verbose:
            tail = f" (backup: {self.command.file(kept)})" if kept else ""
            await self.sys.stdout.print(f"{self.command.file(source)} -> {self.command.file(target)}{tail}")

    # --- directories --------------------------------------------------------------------------------------------------------

    async def _directory(self, source: str, stat: Stat, target: str, there: Stat | None) -> bool:
        command = self.command
        identity = (stat.dev, stat.ino)
        if identity in self.made or self._is_inside(target, identity):
            if there is None:
                shown = command.file(target)
                await command.complain(f"cannot copy a directory, {command.file(source)}, into itself, {shown}")
                return False
            await command.complain(f"cannot copy a directory, {command.file(source)}, into itself, {command.file(target)}")
            return False
        created = there is None
        if created:
            try:
                self.sys.mkdir(target, stat.perms & 0o777 | 0o700)
            except SysError as error:
                await command.complain(f"cannot create directory {command.file(target)}", error)
                return False
            await self._say(source, target)
            made = self.sys.stat(target)
            self.made.add((made.dev, made.ino))
        complete = await self._entries(source, target)
        if created:
            self._finish(target, stat, directory=True)
        elif self.how.preserve:
            self._finish(target, stat, directory=True, keep_mode="mode" not in self.how.preserve)
        return complete

    def _is_inside(self, target: str, identity: tuple[int, int]) -> bool:
        """Is the target below the directory being copied?"""
        path = dir_name(target)
        for _ in range(200):
            try:
                stat = self.sys.stat(path)
            except SysError:
                return False
            if (stat.dev, stat.ino) == identity:
                return True
            up = self.sys.stat(f"{path}/..")
            if (up.dev, up.ino) == (stat.dev, stat.ino):
                return False
            path = f"{path}/.."
        return False

    async def _entries(self, source: str, target: str) -> bool:
        try:
            names = self.sys.listdir(source)
        except SysError as error:
            await self.command.complain(f"cannot access {self.command.file(source)}", error)
            return False
        complete = True
        for name in names:
            complete = await self.copy(join(source, name), join(target, name), top=False) and complete
        return complete

    # --- everything else ------------------------------------------------------------------------------------------------------

    async def _file(self, source: str, stat: Stat, target: str, kept: str) -> bool:
        identity = (stat.dev, stat.ino)
        try:
            if self.how.link:
                await self._link(source, target)
            elif "links" in self.how.preserve and stat.nlink > 1 and identity in self.links:
                self._replace(target)
                self.sys.link(self.links[identity], target)
            elif stat.kind == "l":
                self.sys.symlink(self.sys.readlink(source), target)
                self._owners(target, stat, follow=False)
                if "timestamps" in self.how.preserve:
                    self.sys.utime(target, stat.atime, stat.mtime, False)
            elif stat.kind == "-" or self.how.copy_contents or not self.how.recursive:
                if not await self._content(source, stat, target):
                    return False
            else:
                await self._special(stat, target)
        except SysError as error:
            await self._cannot_create(source, stat, target, error)
            return False
        if stat.nlink > 1:
            self.links.setdefault(identity, target)
        made = self.sys.lstat(target)
        self.made.add((made.dev, made.ino))
        await self._say(source, target, kept)
        return True

    def _replace(self, target: str) -> None:
        if self.sys.exists(target):
            self.sys.unlink(target)

    async def _cannot_create(self, source: str, stat: Stat, target: str, error: SysError) -> None:
        command = self.command
        if self.how.link:
            kind = "hard" if self.how.link == "hard" else "symbolic"
            await command.complain(f"cannot create {kind} link {command.file(target)} to {command.file(source)}", error)
        elif stat.kind == "l":
            await command.complain(f"cannot create symbolic link {command.file(target)}", error)
        else:
            what = {"p": "fifo", "b": "special file", "c": "special file"}.get(stat.kind, "regular file")
            await command.complain(f"cannot create {what} {command.file(target)}", error)

    async def _link(self, source: str, target: str) -> None:
        if self.how.force:
            self._replace(target)
        if self.how.link == "hard":
            self.sys.link(source, target)
        elif not source.startswith("/") and dir_name(target) != ".":
            await self.command.die(f"{self.command.odd(target)}: can make relative symbolic links only in current directory")
        else:
            self.sys.symlink(source, target)

    async def _special(self, stat: Stat, target: str) -> None:
        self._replace(target)
        self.sys.mknod(target, stat.mode & ~0o7777 | 0o600, stat.rdev)
        self._finish(target, stat, directory=False)

    async def _content(self, source: str, stat: Stat, target: str) -> bool:
        """The bytes of a file; the target keeps its own mode and owner when it exists."""
        command = self.command
        try:
            from_fd = await open_waiting(self.sys, source)
        except SysError as error:
            await command.complain(f"cannot open {command.file(source)} for reading", error)
            return False
        existed = self.sys.exists(target)
        try:
            to_fd = await self._open_target(target, stat, existed)
        except SysError as error:
            self.sys.close(from_fd)
            sentence = f"cannot create regular file {command.file(target)}"
            await command.complain(sentence, SysError("ENOTDIR") if target.endswith("/") and error.name == "EISDIR" else error)
            return False
        complete = self.how.attributes_only or await self._pour(source, from_fd, target, to_fd)
        self.sys.close(from_fd)
        self.sys.close(to_fd)
        if not existed or self.how.preserve:
            self._finish(target, stat, directory=False, keep_mode=existed and "mode" not in self.how.preserve)
        return complete

    async def _open_target(self, target: str, stat: Stat, existed: bool) -> int:
        mode = stat.perms & 0o777 if "ownership" not in self.how.preserve else stat.perms & 0o700
        flags = "c" if self.how.attributes_only else "w"
        try:
            return await open_waiting(self.sys, target, flags) if existed else self.sys.open(target, flags, mode)
        except SysError:
            if not (self.how.force and existed):
                raise
        self.sys.unlink(target)
        return self.sys.open(target, "w", mode)

    async def _pour(self, source: str, from_fd: int, target: str, to_fd: int) -> bool:
        while True:
            try:
                block = await self.sys.read(from_fd, 65536)
            except SysError as error:
                await self.command.complain(f"error reading {self.command.file(source)}", error)
                return False
            if not block:
                return True
            try:
                await self.sys.write(to_fd, block)
            except SysError as error:
                await self.command.complain(f"error writing {self.command.file(target)}", error)
                return False

    # --- attributes -------------------------------------------------------------------------------------------------------------

    def _owners(self, target: str, stat: Stat, follow: bool = True) -> None:
        if "ownership" in self.how.preserve:
            try:
                self.sys.chown(target, stat.uid, stat.gid, follow)
            except SysError:
                pass

    def _finish(self, target: str, stat: Stat, directory: bool, keep_mode: bool = False) -> None:
        """Owner, mode and times of a new file: those of the source when preserved."""
        preserve = self.how.preserve
        self._owners(target, stat)
        if "mode" in preserve:
            mode = stat.perms
            if "ownership" in preserve:
                now = self.sys.stat(target)
                mode &= ~(modes.S_ISUID if now.uid != stat.uid else 0) & ~(modes.S_ISGID if now.gid != stat.gid else 0)
            self.sys.chmod(target, mode)
        elif not keep_mode and directory:
            inherited = self.sys.stat(target).perms & modes.S_ISGID
            self.sys.chmod(target, stat.perms & 0o777 & ~self.sys.umask_ | inherited)
        if "timestamps" in preserve:
            self.sys.utime(target, stat.atime, stat.mtime)


def overwrite_question(command: Command, target: str, there: Stat) -> str:
    """What -i asks before a file is replaced."""
    if there.kind != "l" and not command.sys.access(target, "w"):
        mode = f"{there.perms:04o} ({mode_string(there.mode, there.kind)[1:]})"
        if command.name == "mv":
            return f"replace {command.file(target)}, overriding mode {mode}? "
        return f"unwritable {command.file(target)} (mode {mode}); try anyway? "
    return f"overwrite {command.file(target)}? "


def strip_slashes(name: str) -> str:
    """A name without its trailing slashes."""
    return name.rstrip("/") or name[:1]


def target_name(destination: str, source: str) -> str:
    """Where a source goes inside a directory (`..` and `.` go to the directory itself)."""
    base = base_name(source)
    return join(destination, base) if base not in (".", "..") else f"{destination}/."
