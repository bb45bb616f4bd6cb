"""namei - follow a path name to its end

SYNOPSIS
    namei [-x] [-m] [-o] [-l] [-n] [-v] PATH...

DESCRIPTION
    Prints every component of the path: f: the path itself, d a directory, l a symbolic link (then what it leads to, indented), - a
    file, s a socket, p a pipe, b and c devices; -m adds modes, -o owners, -v aligns them, -l does all three, -x shows mount points
    as D, -n does not follow symbolic links.

EXIT STATUS
    0; 1 when something does not exist.
"""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

from maillab.shell.options import gnu
from maillab.sim.host.accounts import getgrall, getpwall, group_name, user_name
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.shell.options import Given
    from maillab.sim.host.inode import Stat
    from maillab.sim.host.process import Process

INSTALLED = {"util-linux": "/usr/bin/namei"}

OPTIONS = gnu("-h,--help -V,--version -l,--long -m,--modes -n,--nosymlinks -o,--owners -v,--vertical -x,--mountpoints", standard=False)
HELP = """
Usage:
 namei [options] <pathname>...

Follow a pathname until a terminal point is found.

Options:
 -x, --mountpoints   show mount point directories with a 'D'
 -m, --modes         show the mode bits of each file
 -o, --owners        show owner and group name of each file
 -l, --long          use a long listing format (-m -o -v)\x20
 -n, --nosymlinks    don't follow symlinks
 -v, --vertical      vertical align of modes and owners
 -h, --help          display this help
 -V, --version       display version

For more details see namei(1).
"""
LINKS_MAX = 256


class Walk:
    """One path: its components are printed while they are followed."""

    def __init__(self, sys: Process, given: Given):
        self.sys = sys
        self.modes = given.has("modes", "long")
        self.owners = given.has("owners", "long")
        self.vertical = given.has("vertical", "long")
        self.follow = not given.has("nosymlinks")
        self.mounts = given.has("mountpoints")
        self.users = max([len(user.name) for user in getpwall(sys)], default=0) if self.owners else 0
        self.groups = max([len(group.name) for group in getgrall(sys)], default=0) if self.owners else 0
        self.missing = False
        self.links = 0
        self.components: list[tuple[int, str, Stat | None, str]] = []

    def collect(self, path: str, place: str, level: int) -> str:
        """Note the components of a path that starts in the directory `place`; returns where it leads."""
        words = [word for word in path.split("/") if word]
        if path.startswith("/"):
            place = "/"
            self.components.append((level, "/", self.sys.lstat("/"), "/"))
        for word in words:
            here = f"{place.rstrip('/')}/{word}" if place else word
            try:
                found = self.sys.lstat(here)
            except SysError as error:
                self.components.append((level, f"{word} - {error}", None, here))
                self.missing = True
                return here
            if found.kind != "l":
                self.components.append((level, word, found, here))
                place = here
                continue
            target = self.sys.readlink(here)
            self.components.append((level, f"{word} -> {target}", found, here))
            self.links += 1
            if not self.follow or self.links > LINKS_MAX:
                place = here
                continue
            place = self.collect(target, place, level + 1)
            if self.missing:
                return place
        return place

    async def show(self, path: str) -> None:
        """Print one path."""
        await self.sys.stdout.print(f"f: {path}")
        self.collect(path, "", 0)
        shown = [found for _, _, found, _ in self.components if found]
        users = max([len(user_name(self.sys, found.uid)) for found in shown], default=0)
        groups = max([len(group_name(self.sys, found.gid)) for found in shown], default=0)
        for level, text, found, where in self.components:
            await self.sys.stdout.print(self._line(level, text, found, where, users, groups))

    def _line(self, level: int, text: str, found: Stat | None, where: str, users: int, groups: int) -> str:
        indent = "  " * level
        if found is None:
            widths = (10 if self.modes else 1) + (users + groups + 2 if self.owners else 0)
            lead = " " * widths
        else:
            lead = stat.filemode(found.mode) if self.modes else self._letter(found, where)
            if self.owners:
                lead += f" {user_name(self.sys, found.uid):<{users}} {group_name(self.sys, found.gid):<{groups}}"
        if self.vertical:
            return f"{lead} {indent}{text}"
        return f" {indent}{lead} {text}"

    def _letter(self, found: Stat, where: str) -> str:
        if self.mounts and found.kind == "d" and (where == "/" or where in self._mount_points()):
            return "D"
        return found.kind

    def _mount_points(self) -> list[str]:
        return [line.split()[1] for line in self.sys.slurp("/proc/mounts").decode().splitlines()]


async def main(sys: Process, argv: list[str]) -> int:
    """namei."""
    given = await OPTIONS.read(sys, argv, help=HELP, version="namei from util-linux 2.38.1\n")
    if not given.operands:
        await sys.stderr.write("namei: pathname argument is missing\nTry 'namei --help' for more information.\n")
        return 1
    status = 0
    for path in given.operands:
        walk = Walk(sys, given)
        await walk.show(path)
        status = 1 if walk.missing else status
    return status
