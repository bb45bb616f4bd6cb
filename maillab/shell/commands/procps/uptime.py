"""uptime - how long the machine has been running

SYNOPSIS
    uptime [-p] [-s]

BUGS
    The number of users is always 0.
"""
from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell import proc
from maillab.shell.commands.procps._machine import uptime_line
from maillab.shell.options import gnu
from maillab.sim.kernel.calendar import strftime

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"procps": "/usr/bin/uptime"}

OPTIONS = gnu("-p,--pretty -h,--help -s,--since -V,--version", standard=False)
HELP = """
Usage:
 uptime [options]

Options:
 -p, --pretty   show uptime in pretty format
 -h, --help     display this help and exit
 -s, --since    system up since
 -V, --version  output version information and exit

For more details see uptime(1).
"""


async def main(sys: Process, argv: list[str]) -> int:
    given = await OPTIONS.read(sys, argv, hint=HELP.rstrip("\n"))
    if given.has("help", "version"):
        await sys.stdout.write(HELP if given.has("help") else "uptime from procps-ng 4.0.2\n")
    elif given.has("since"):
        await sys.stdout.print(strftime("%Y-%m-%d %H:%M:%S", sys.clock() - int(proc.uptime(sys)) * 1_000_000))
    elif given.has("pretty"):
        await sys.stdout.print(pretty(int(proc.uptime(sys))))
    else:
        await sys.stdout.print(uptime_line(sys))
    return 0


def pretty(seconds: int) -> str:
    """`up 2 hours, 5 minutes`."""
    parts: list[str] = []
    for name, size in (("week", 604800), ("day", 86400), ("hour", 3600), ("minute", 60)):
        count, seconds = divmod(seconds, size)
        if count or (name == "minute" and not parts):
            parts.append(f"{count} {name}{'s' if count != 1 else ''}")
    return "up " + ", ".join(parts)
