"""dmesg - print or control the kernel ring buffer

SYNOPSIS
    dmesg [options]

DESCRIPTION
    The ring buffer of the simulated kernel holds nothing but its banner.

BUGS
    Options that clear, follow or filter are accepted where an almost empty buffer makes them harmless, and refused otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.options import TRY_HELP, fail, gnu
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"util-linux": "/bin/dmesg"}

OPTIONS = gnu(
    "-C,--clear -c,--read-clear -D,--console-off -E,--console-on -F,--file= -f,--facility= -H,--human -J,--json -k,--kernel -L,--color=? "
    "-l,--level= -n,--console-level= -P,--nopager -p,--force-prefix -r,--raw --noescape -S,--syslog -s,--buffer-size= -u,--userspace "
    "-w,--follow -W,--follow-new -x,--decode -d,--show-delta -e,--reltime -T,--ctime -t,--notime --time-format= --since= --until= "
    "-h,--help -V,--version",
    standard=False,
)
REFUSED = ("file", "json", "follow", "follow-new", "since", "until", "time-format")


async def main(sys: Process, argv: list[str]) -> int:
    """dmesg."""
    given = await OPTIONS.read(sys, argv, help=__doc__ + "\n", version="dmesg from util-linux 2.38.1\n", hint=TRY_HELP)
    if given.operands:
        await fail(sys, argv, "bad usage", hint=TRY_HELP)
    for name in REFUSED:
        if given.has(name):
            await fail(sys, argv, f"--{name} is not simulated")
    if sys.euid != 0:
        await fail(sys, argv, "read kernel buffer failed: Operation not permitted")
    if given.has("clear", "userspace", "console-off", "console-on", "console-level"):
        return 0
    try:
        banner = sys.slurp("/proc/version").decode()
    except SysError:
        return 0
    await sys.stdout.write(("" if given.has("notime") else "[    0.000000] ") + banner)
    return 0
