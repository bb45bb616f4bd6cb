"""The directives of stat --format."""

from __future__ import annotations

from collections.abc import Callable

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.modes import mode_string
from maillab.shell.quotearg import quote
from maillab.sim.host.accounts import getgrgid, getpwuid
from maillab.sim.host.errno import SysError
from maillab.sim.host.inode import Stat
from maillab.sim.kernel.calendar import SECOND, strftime

Places = Callable[[str], str | int]
KINDS = {
    "d": "directory", "l": "symbolic link", "p": "fifo", "s": "socket", "c": "character special file", "b": "block special file",
}  # fmt: skip
BLOCK = 4096
MAJOR, MINOR = 254, 1
"""The disk of the simulated hosts is a virtual disk's first partition, as `ls -l /dev/vda1` would say."""


class FileFacts:
    """A file being described."""

    def __init__(self, command: Command, name: str, stat: Stat, quoting: bool = True):
        self.command = command
        self.name = name
        self.stat = stat
        self.style = command.sys.env.get("QUOTING_STYLE", "shell-escape-always") if quoting else "literal"

    def quoted(self) -> str:
        """%N: the name quoted, with the target of a symbolic link."""
        style = self.style
        shown = quote(self.name, style, utf8=self.command.utf8)
        if self.stat.kind != "l":
            return shown
        try:
            target = self.command.sys.readlink(self.name)
        except SysError:
            return shown
        return f"{shown} -> {quote(target, style, utf8=self.command.utf8)}"


def _when(us: int) -> str:
    return strftime("%Y-%m-%d %H:%M:%S.%N %z", us)


def _birth(stat: Stat) -> int:
    """The birth of a file is not kept: the earliest of its times."""
    return min(stat.atime, stat.mtime, stat.ctime)


def device(stat: Stat) -> tuple[int, int]:
    """The (major, minor) number of the disk that holds a file."""
    return (MAJOR, stat.dev) if stat.dev else (0, stat.dev)


def _number(major: int, minor: int) -> int:
    return (major << 8) | (minor & 0xFF) | ((minor & ~0xFF) << 12)


def file_field(key: str, facts: FileFacts) -> str | int:
    """The value of a directive about a file."""
    stat = facts.stat
    numbers: dict[str, int] = {
        "a": stat.perms, "b": stat.blocks, "B": 512, "d": _number(*device(stat)), "D": _number(*device(stat)), "f": stat.mode,
        "g": stat.gid, "h": stat.nlink, "i": stat.ino, "o": BLOCK, "s": stat.size, "u": stat.uid, "t": stat.rdev[0], "T": stat.rdev[1],
        "r": _number(*stat.rdev), "R": _number(*stat.rdev), "Hd": device(stat)[0], "Ld": device(stat)[1],
        "Hr": stat.rdev[0], "Lr": stat.rdev[1],
    }  # fmt: skip
    if key in numbers:
        return numbers[key]
    sys = facts.command.sys
    match key:
        case "A":
            return mode_string(stat.mode, stat.kind)
        case "n":
            return facts.name
        case "N":
            return facts.quoted()
        case "F":
            return KINDS.get(stat.kind) or ("regular file" if stat.size else "regular empty file")
        case "U":
            return user.name if (user := getpwuid(sys, stat.uid)) else "UNKNOWN"
        case "G":
            return group.name if (group := getgrgid(sys, stat.gid)) else "UNKNOWN"
        case "m":
            return "/"
        case "C":
            return "?"
        case "x":
            return _when(stat.atime)
        case "y":
            return _when(stat.mtime)
        case "z":
            return _when(stat.ctime)
        case "w":
            return _when(_birth(stat))
        case "X":
            return _dotted(stat.atime)
        case "Y":
            return _dotted(stat.mtime)
        case "Z":
            return _dotted(stat.ctime)
        case "W":
            return _dotted(_birth(stat))
    return "?"  # fmt: skip


def _dotted(us: int) -> str:
    """Seconds with their fraction, which is shown only when a precision asks for it."""
    return f"{us // SECOND}.{us % SECOND:06d}"


def system_field(key: str, name: str, capacity: int, used: int) -> str | int:
    """The value of a directive about a file system (-f)."""
    free = max(0, capacity - used) // BLOCK
    values: dict[str, str | int] = {
        "n": name, "i": "fe0100000000", "l": 255, "T": "ext2/ext3", "t": "ef53", "s": BLOCK, "S": BLOCK, "b": capacity // BLOCK, "f": free,
        "a": free, "c": capacity // 16384, "d": max(0, capacity // 16384 - 1000),
    }  # fmt: skip
    return values.get(key, "?")
