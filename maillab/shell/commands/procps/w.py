"""w - who is logged on and what they do

SYNOPSIS
    w [-hs]

BUGS
    Nobody is ever logged on: there is no utmp.
"""
from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.procps._machine import uptime_line
from maillab.shell.options import gnu

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"procps": "/usr/bin/w"}

OPTIONS = gnu("-h,--no-header -s,--short -f,--from -o,--old-style -i,--ip-addr -p,--pids -u,--no-current "
              "-V,--version --help", standard=False)


async def main(sys: Process, argv: list[str]) -> int:
    given = await OPTIONS.read(sys, argv)
    if given.has("version"):
        await sys.stdout.print("w from procps-ng 4.0.2")
    elif not given.has("no-header"):
        await sys.stdout.print(uptime_line(sys))
        await sys.stdout.print("USER     TTY      FROM              IDLE  WHAT" if given.has("short")
                               else "USER     TTY      FROM             LOGIN@   IDLE   JCPU   PCPU WHAT")
    return 0
