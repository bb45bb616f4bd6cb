"""What uptime, w, top, free and vmstat read of the machine as a whole."""
from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell import proc
from maillab.sim.kernel.calendar import strftime

if TYPE_CHECKING:
    from maillab.sim.host.process import Process


def meminfo(sys: Process) -> dict[str, int]:
    """/proc/meminfo in KiB."""
    out = {}
    for line in proc.read_text(sys, "/proc/meminfo").splitlines():
        key, _, rest = line.partition(":")
        words = rest.split()
        if words and words[0].isdigit():
            out[key] = int(words[0])
    return out


def uptime_line(sys: Process) -> str:
    """The line of uptime(1): time of day, time since the boot, users, load."""
    seconds = int(proc.uptime(sys))
    days, rest = divmod(seconds, 86400)
    hours, minutes = rest // 3600, rest % 3600 // 60
    since = f"{days} day{'s' if days != 1 else ''}, " if days else ""
    since += f"{hours:2d}:{minutes:02d}" if hours else f"{minutes} min"
    load = ", ".join(proc.read_text(sys, "/proc/loadavg").split()[:3])
    return f" {strftime('%H:%M:%S', sys.clock())} up {since},  0 user,  load average: {load}"
