"""mesg - display (or do not display) messages from other users

SYNOPSIS
    mesg [-v] [n|y]

DESCRIPTION
    Whether others may write to this terminal: the group's write permission of its device.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.options import TRY_HELP, fail, gnu
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"util-linux": "/usr/bin/mesg"}

OPTIONS = gnu("-v,--verbose -h,--help -V,--version", standard=False)
GROUP_WRITE, ALL_WRITE = 0o020, 0o022


async def main(sys: Process, argv: list[str]) -> int:
    """mesg."""
    given = await OPTIONS.read(sys, argv, help=__doc__ + "\n", version="mesg from util-linux 2.38.1\n", status=2, hint=TRY_HELP)
    fd = next((fd for fd in range(3) if sys.isatty(fd)), None)
    if fd is None:
        if given.has("verbose"):
            await sys.stderr.write(f"{argv[0]}: no tty\n")
        return 2
    name = sys.ttyname(fd)
    mode = sys.stat(name).mode & 0o7777
    if not given.operands:
        writable = bool(mode & ALL_WRITE)
        await sys.stdout.write("is y\n" if writable else "is n\n")
        return 0 if writable else 1
    answer = given.operands[0][:1]
    if answer not in ("y", "n"):
        await fail(sys, argv, f"invalid argument: {given.operands[0]}", status=2)
    try:
        sys.chmod(name, mode | GROUP_WRITE if answer == "y" else mode & ~ALL_WRITE)
    except SysError as error:
        await fail(sys, argv, f"change {name} mode failed: {error.strerror}", status=2)
    return 0 if answer == "y" else 1
