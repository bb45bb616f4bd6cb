"""Reading /proc: the processes of the host and the sockets they hold, as procps and netstat read them (proc(5))."""
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

TICKS = 100  # USER_HZ


@dataclass(slots=True)
class ProcessInfo:
    """One process. `start` in hundredths of a second since the boot, `cpu` in hundredths, sizes in KiB; `tty` is a device number."""

    pid: int
    comm: str
    state: str
    ppid: int
    pgid: int
    sid: int
    tty: int
    tpgid: int
    cpu: int
    nice: int
    start: int
    vsize: int
    rss: int
    uid: int
    euid: int
    gid: int
    egid: int
    argv: list[str]
    umask: str = "0022"

    @property
    def command(self) -> str:
        """The arguments, or the name in brackets when there are none (kernel threads, zombies)."""
        if not self.argv:
            return f"[{self.comm}]" + (" <defunct>" if self.state == "Z" else "")
        return " ".join(self.argv)

    @property
    def stat(self) -> str:
        """The state with ps' letters: < N nice, s session leader, + foreground."""
        text = self.state
        text += "<" if self.nice < 0 else "N" if self.nice > 0 else ""
        text += "s" if self.sid == self.pid else ""
        return text + ("+" if self.tpgid == self.pgid and self.tty else "")


def read_text(sys: Process, path: str) -> str:
    """A file of /proc; "" when it is gone or not allowed."""
    try:
        return sys.slurp(path).decode("utf-8", "surrogateescape")
    except SysError:
        return ""


def processes(sys: Process) -> list[ProcessInfo]:
    """All processes in the order of their numbers."""
    try:
        names = sys.listdir("/proc")
    except SysError:
        return []
    found = (process(sys, int(name)) for name in sorted((n for n in names if n.isdigit()), key=int))
    return [info for info in found if info is not None]


def process(sys: Process, pid: int) -> ProcessInfo | None:
    """One process, None when there is none."""
    stat = read_text(sys, f"/proc/{pid}/stat")
    if not stat:
        return None
    end = stat.rindex(")")
    comm, fields = stat[stat.index("(") + 1:end], stat[end + 2:].split()
    status = dict(line.split(":\t", 1) for line in read_text(sys, f"/proc/{pid}/status").splitlines() if ":\t" in line)
    uids, gids = (list(map(int, status.get(key, "0 0").split())) for key in ("Uid", "Gid"))
    argv = read_text(sys, f"/proc/{pid}/cmdline").split("\0")[:-1]
    number = [int(word) for word in fields[1:]]
    return ProcessInfo(pid, comm, fields[0], number[0], number[1], number[2], number[3], number[4], number[10] + number[11], number[15],
                       number[18], number[19] // 1024, number[20] * 4, uids[0], uids[1], gids[0], gids[1], argv,
                       status.get("Umask", "0022"))


def tty_name(number: int) -> str:
    """A terminal's device number as ps shows it: pts/0, tty1, ?."""
    major, minor = number >> 8 & 0xFFF, number & 0xFF | (number >> 12 & 0xFFF00)
    if not number:
        return "?"
    if 136 <= major <= 143:
        return f"pts/{(major - 136) * 256 + minor}"
    return {4: f"tty{minor}" if minor < 64 else f"ttyS{minor - 64}"}.get(major, "?")


def socket_owners(sys: Process) -> dict[int, list[tuple[int, int, ProcessInfo]]]:
    """Who holds each socket inode: (pid, descriptor, process), in the order of the numbers; only what this user may see."""
    owners: dict[int, list[tuple[int, int, ProcessInfo]]] = {}
    for info in processes(sys):
        if sys.euid not in (0, info.euid):
            continue
        try:
            descriptors = sorted(sys.listdir(f"/proc/{info.pid}/fd"), key=int)
        except SysError:
            continue
        for fd in descriptors:
            try:
                link = sys.readlink(f"/proc/{info.pid}/fd/{fd}")
            except SysError:
                continue
            if link.startswith("socket:["):
                owners.setdefault(int(link[8:-1]), []).append((info.pid, int(fd), info))
    return owners


def uptime(sys: Process) -> float:
    """Seconds since the boot."""
    text = read_text(sys, "/proc/uptime").split()
    return float(text[0]) if text else 0.0
