"""-printf and -ls: files as text."""

from __future__ import annotations

from maillab.shell.commands.findutils._tree import Entry, Walk
from maillab.shell.modes import mode_string
from maillab.sim.host.errno import SysError
from maillab.sim.kernel import calendar

ESCAPES = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\"}
SIX_MONTHS = 180 * 86400 * 1_000_000
TIMES = {"a": "atime", "t": "mtime", "c": "ctime"}


class Names:
    """User and group names of this host, each looked up once."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.known: dict[str, dict[int, str]] = {}

    def name(self, database: str, number: int) -> str:
        """The name of a number, the number itself when it has none."""
        if database not in self.known:
            try:
                lines = self.walk.sys.slurp(f"/etc/{database}").decode("utf-8", "surrogateescape").split("\n")
            except SysError:
                lines = []
            table: dict[int, str] = {}
            for line in lines:
                parts = line.split(":")
                if len(parts) > 2 and parts[2].isdigit():
                    table.setdefault(int(parts[2]), parts[0])
            self.known[database] = table
        return self.known[database].get(number, str(number))

    def number(self, database: str, name: str) -> int | None:
        """The number of a name."""
        self.name(database, 0)
        return next((number for number, known in self.known[database].items() if known == name), None)


def long_line(walk: Walk, names: Names, entry: Entry) -> str:
    """-ls."""
    status = entry.status
    form = "%b %e %H:%M" if -3600_000_000 < walk.sys.clock() - status.mtime < SIX_MONTHS else "%b %e  %Y"
    line = (
        f"{status.ino:9d} {(status.blocks + 1) // 2:6d} {mode_string(status.mode, status.kind)} {status.nlink:3d} "
        f"{names.name('passwd', status.uid):<8} {names.name('group', status.gid):<8} {status.size:8d} "
        f"{when(walk, form, status.mtime)} {entry.path}"
    )
    if status.kind == "l":
        line += f" -> {walk.sys.readlink(entry.path)}"
    return line + "\n"


def when(walk: Walk, form: str, microseconds: int) -> str:
    """A time in the process's time zone."""
    return calendar.strftime(form, microseconds)


def formatted(walk: Walk, names: Names, form: str, entry: Entry) -> str:
    """-printf."""
    out: list[str] = []
    at = 0
    while at < len(form):
        char = form[at]
        at += 1
        if char == "\\" and at < len(form):
            letter = form[at]
            at += 1
            if letter == "c":
                break
            if letter in "01234567":
                stop = at
                while stop < min(at + 2, len(form)) and form[stop] in "01234567":
                    stop += 1
                out.append(chr(int(form[at - 1 : stop], 8)))
                at = stop
            else:
                out.append(ESCAPES.get(letter, "\\" + letter))
        elif char == "%" and at < len(form):
            stop = at
            while stop < len(form) and form[stop] in "-+ #0123456789.":
                stop += 1
            letter = form[stop : stop + 1]
            detail = form[stop + 1 : stop + 2] if letter in tuple("ACTB") else ""
            out.append(directive(walk, names, entry, form[at:stop], letter, detail))
            at = stop + 1 + len(detail)
        else:
            out.append(char)
    return "".join(out)


def directive(walk: Walk, names: Names, entry: Entry, flags: str, letter: str, detail: str) -> str:
    """One directive of -printf."""
    status = entry.status
    if letter == "%":
        return "%"
    if letter in ("A", "C", "T"):
        return f"%{flags}s" % time_detail(walk, {"A": status.atime, "C": status.ctime, "T": status.mtime}[letter], detail)
    if letter in TIMES:
        microseconds = getattr(status, TIMES[letter])
        return f"%{flags}s" % (when(walk, "%a %b %e %H:%M:%S", microseconds) + f".{microseconds % 1_000_000 * 1000:09d}0 "
                              + when(walk, "%Y", microseconds))  # fmt: skip
    numbers = {"s": status.size, "d": entry.depth, "n": status.nlink, "i": status.ino, "U": status.uid, "G": status.gid,
               "b": status.blocks, "k": (status.blocks + 1) // 2, "D": status.dev}  # fmt: skip
    if letter in numbers:
        return f"%{flags}d" % numbers[letter]
    if letter == "m":
        return f"%{flags}o" % (status.mode & 0o7777)
    folder, slash, _ = entry.path.rpartition("/")
    texts = {
        "p": entry.path, "f": entry.base, "h": folder if slash else ".", "H": entry.start,
        "P": entry.path[len(entry.start) :].lstrip("/"), "u": names.name("passwd", status.uid),
        "g": names.name("group", status.gid), "M": mode_string(status.mode, status.kind), "y": entry.kind, "F": "ext4",
        "l": walk.sys.readlink(entry.path) if letter == "l" and status.kind == "l" else "", "Y": entry.kind, "S": "1",
    }  # fmt: skip
    if letter not in texts:
        return f"%{flags}{letter}"
    return f"%{flags}s" % texts[letter]


def time_detail(walk: Walk, microseconds: int, detail: str) -> str:
    """%Tk and its kin."""
    fraction = f".{microseconds % 1_000_000 * 1000:09d}0"
    if detail == "@":
        return f"{microseconds // 1_000_000}{fraction}"
    if detail == "+":
        return when(walk, "%Y-%m-%d+%H:%M:%S", microseconds) + fraction
    if detail in ("S", "T", "X"):
        return when(walk, {"S": "%S", "T": "%H:%M:%S", "X": "%H:%M:%S"}[detail], microseconds) + fraction
    return when(walk, f"%{detail}", microseconds)
