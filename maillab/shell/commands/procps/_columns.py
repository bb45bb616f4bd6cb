"""The columns of ps: header, width, side and text of each format specifier (ps(1), "STANDARD FORMAT SPECIFIERS")."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from maillab.shell.proc import TICKS, ProcessInfo, tty_name, uptime
from maillab.sim.host.accounts import group_name, user_name
from maillab.sim.kernel.calendar import strftime

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

DAY = 86400 * 1_000_000


class Machine:
    """What the columns need besides the process: names, the clock, memory."""

    def __init__(self, sys: Process) -> None:
        self.sys = sys
        self.now = sys.clock()
        self.uptime = uptime(sys)
        self.memory = 2_014_972
        self.prefix: dict[int, str] = {}

    def started(self, p: ProcessInfo) -> int:
        """Microseconds since 1970."""
        return self.now - int((self.uptime - p.start / TICKS) * 1_000_000)

    def elapsed(self, p: ProcessInfo) -> int:
        """Seconds."""
        return max(0, int(self.uptime - p.start / TICKS))

    def date(self, form: str, when: int) -> str:
        return strftime(form, when)


Text = Callable[[ProcessInfo, Machine], str]


@dataclass(frozen=True)
class Column:
    """One format specifier. `width` 0 means as wide as a process number may be; `left` aligns left."""

    header: str
    width: int
    left: bool
    text: Text
    sort: Callable[[ProcessInfo], object] | None = None


def _clock(seconds: int) -> str:
    days, rest = divmod(seconds, 86400)
    text = f"{rest // 3600:02d}:{rest % 3600 // 60:02d}:{rest % 60:02d}"
    return f"{days}-{text}" if days else text


def _etime(p: ProcessInfo, m: Machine) -> str:
    seconds = m.elapsed(p)
    if seconds >= 3600:
        return _clock(seconds)
    return f"{seconds // 60:02d}:{seconds % 60:02d}"


def _stime(p: ProcessInfo, m: Machine) -> str:
    when = m.started(p)
    return m.date("%H:%M" if m.now // DAY == when // DAY else "%b%d", when)


def _bsdstart(p: ProcessInfo, m: Machine) -> str:
    when = m.started(p)
    return m.date(" %H:%M" if m.now - when < DAY else "%b %e", when)


def _start(p: ProcessInfo, m: Machine) -> str:
    when = m.started(p)
    return m.date("%H:%M:%S" if m.now - when < DAY else "  %b %d", when)


def _pcpu(p: ProcessInfo, m: Machine) -> float:
    lived = m.uptime - p.start / TICKS
    return min(99.9, p.cpu / TICKS / lived * 100) if lived > 0 else 0.0


def _command(p: ProcessInfo, m: Machine) -> str:
    return m.prefix.get(p.pid, "") + p.command


def _comm(p: ProcessInfo, m: Machine) -> str:
    return m.prefix.get(p.pid, "") + p.comm + (" <defunct>" if p.state == "Z" else "")


def _number(header: str, width: int, of: Callable[[ProcessInfo], int]) -> Column:
    return Column(header, width, False, lambda p, m: str(of(p)), of)


def _user(header: str, of: Callable[[ProcessInfo], int]) -> Column:
    return Column(header, 8, True, lambda p, m: user_name(m.sys, of(p)), of)


def _group(header: str, of: Callable[[ProcessInfo], int]) -> Column:
    return Column(header, 8, True, lambda p, m: group_name(m.sys, of(p)), of)


def _fixed(header: str, width: int, text: str, left: bool = False) -> Column:
    return Column(header, width, left, lambda p, m: text)


PID, PPID = _number("PID", 0, lambda p: p.pid), _number("PPID", 0, lambda p: p.ppid)
PGID, SID = _number("PGID", 0, lambda p: p.pgid), _number("SID", 0, lambda p: p.sid)
COMM = Column("COMMAND", 15, True, _comm, lambda p: p.comm)
ARGS = Column("COMMAND", 27, True, _command, lambda p: p.command)
TTY = Column("TTY", 8, True, lambda p, m: tty_name(p.tty), lambda p: p.tty)
TIME = Column("TIME", 8, False, lambda p, m: _clock(p.cpu // TICKS), lambda p: p.cpu)
BSDTIME = Column("TIME", 6, False, lambda p, m: f"{p.cpu // TICKS // 60}:{p.cpu // TICKS % 60:02d}", lambda p: p.cpu)
PCPU = Column("%CPU", 4, False, lambda p, m: f"{_pcpu(p, m):.1f}", lambda p: p.cpu)
PMEM = Column("%MEM", 4, False, lambda p, m: f"{p.rss * 100 / m.memory:.1f}", lambda p: p.rss)
EUSER, RUSER = _user("EUSER", lambda p: p.euid), _user("RUSER", lambda p: p.uid)
USER = _user("USER", lambda p: p.euid)
NICE = _number("NI", 3, lambda p: p.nice)
STATE = Column("S", 1, True, lambda p, m: p.state, lambda p: p.state)
STAT = Column("STAT", 4, True, lambda p, m: p.stat, lambda p: p.stat)
VSZ, RSS = _number("VSZ", 6, lambda p: p.vsize), _number("RSS", 5, lambda p: p.rss)
ETIME = Column("ELAPSED", 11, False, _etime, lambda p: -p.start)
ETIMES = Column("ELAPSED", 7, False, lambda p, m: str(m.elapsed(p)), lambda p: -p.start)
LSTART = Column("STARTED", 24, False, lambda p, m: m.date("%a %b %e %H:%M:%S %Y", m.started(p)), lambda p: p.start)
STIME = Column("STIME", 5, True, _stime, lambda p: p.start)
CPU = Column("C", 2, False, lambda p, m: str(int(_pcpu(p, m))), lambda p: p.cpu)
FLAGS = _fixed("F", 1, "4")

COLUMNS: dict[str, Column] = {
    "pid": PID, "tgid": _number("TGID", 0, lambda p: p.pid), "lwp": _number("LWP", 0, lambda p: p.pid), "ppid": PPID, "pgid": PGID,
    "pgrp": _number("PGRP", 0, lambda p: p.pgid), "sid": SID, "sess": _number("SESS", 0, lambda p: p.sid),
    "session": _number("SESS", 0, lambda p: p.sid), "tpgid": _number("TPGID", 0, lambda p: p.tpgid),
    "comm": COMM, "ucmd": COMM, "ucomm": COMM, "args": ARGS, "command": ARGS,
    "cmd": Column("CMD", 27, True, _command, lambda p: p.command),
    "fname": Column("COMMAND", 8, True, lambda p, m: p.comm[:8]),
    "tty": Column("TT", 8, True, TTY.text, TTY.sort), "tt": Column("TT", 8, True, TTY.text, TTY.sort), "tname": TTY,
    "time": TIME, "cputime": TIME, "bsdtime": BSDTIME, "cputimes": _number("TIME", 8, lambda p: p.cpu // TICKS),
    "user": USER, "uname": USER, "euser": EUSER, "ruser": RUSER,
    "uid": _number("UID", 5, lambda p: p.euid), "euid": _number("EUID", 5, lambda p: p.euid), "ruid": _number("RUID", 5, lambda p: p.uid),
    "gid": _number("GID", 5, lambda p: p.egid), "egid": _number("EGID", 5, lambda p: p.egid), "rgid": _number("RGID", 5, lambda p: p.gid),
    "group": _group("GROUP", lambda p: p.egid), "egroup": _group("EGROUP", lambda p: p.egid), "rgroup": _group("RGROUP", lambda p: p.gid),
    "stat": STAT, "s": STATE, "state": STATE, "ni": NICE, "nice": NICE, "pri": _number("PRI", 3, lambda p: 19 - p.nice),
    "opri": _number("PRI", 3, lambda p: 80 + p.nice), "vsz": VSZ, "vsize": VSZ, "rss": RSS, "rssize": RSS, "rsz": RSS,
    "sz": _number("SZ", 5, lambda p: p.vsize // 4), "size": _number("SIZE", 5, lambda p: p.vsize // 8),
    "pcpu": PCPU, "%cpu": PCPU, "pmem": PMEM, "%mem": PMEM, "c": CPU, "etime": ETIME, "etimes": ETIMES, "lstart": LSTART,
    "stime": STIME, "start_time": Column("START", 5, True, _stime, lambda p: p.start),
    "bsdstart": Column("START", 6, False, _bsdstart, lambda p: p.start), "start": Column("STARTED", 8, False, _start, lambda p: p.start),
    "addr_1": Column("ADDR SZ", 7, True, lambda p, m: f"- {p.vsize // 4:5d}"),
    "wchan": _fixed("WCHAN", 6, "-", True), "addr": _fixed("ADDR", 4, "-", True), "f": FLAGS, "flag": FLAGS, "flags": FLAGS,
    "nlwp": _fixed("NLWP", 4, "1"), "thcount": _fixed("THCNT", 5, "1"), "psr": _fixed("PSR", 3, "0"), "cls": _fixed("CLS", 3, "TS"),
    "class": _fixed("CLS", 3, "TS", True), "rtprio": _fixed("RTPRIO", 6, "-"), "policy": _fixed("POL", 3, "TS"),
    "label": _fixed("LABEL", 31, "-", True), "unit": _fixed("UNIT", 31, "-", True),
}  # fmt: skip

LAST_COLUMNS = ("comm", "args", "cmd", "command", "ucmd", "ucomm")

FORMATS: dict[str, list[tuple[str, str | None]]] = {
    "": [("pid", None), ("tname", None), ("time", None), ("ucmd", "CMD")],
    "f": [("user", "UID"), ("pid", None), ("ppid", None), ("c", None), ("stime", None), ("tname", None), ("time", None), ("cmd", None)],
    "F": [("user", "UID"), ("pid", None), ("ppid", None), ("c", None), ("sz", None), ("rss", None), ("psr", None), ("stime", None),
          ("tname", None), ("time", None), ("cmd", None)],
    "l": [("f", None), ("s", None), ("uid", None), ("pid", None), ("ppid", None), ("c", None), ("opri", None), ("ni", None),
          ("addr_1", None), ("wchan", None), ("tname", None), ("time", None), ("ucmd", "CMD")],
    "j": [("pid", None), ("pgid", None), ("sid", None), ("tname", None), ("time", None), ("ucmd", "CMD")],
    "bsd": [("pid", None), ("tname", None), ("stat", None), ("bsdtime", None), ("args", None)],
    "bsd-u": [("user", None), ("pid", None), ("pcpu", None), ("pmem", None), ("vsz", None), ("rss", None), ("tname", None), ("stat", None),
              ("start_time", None), ("bsdtime", None), ("args", None)],
    "bsd-l": [("f", None), ("uid", None), ("pid", None), ("ppid", None), ("pri", None), ("ni", None), ("vsz", None), ("rss", None),
              ("wchan", None), ("stat", None), ("tname", None), ("bsdtime", None), ("args", None)],
    "bsd-j": [("ppid", None), ("pid", None), ("pgid", None), ("sid", None), ("tname", None), ("tpgid", None), ("stat", None), ("uid", None),
              ("bsdtime", None), ("args", None)],
}
