"""umount - unmount filesystems

SYNOPSIS
    umount [options] {directory|device}...

BUGS
    Nothing can be unmounted: what is mounted is busy, anything else is not a mount point.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.options import TRY_HELP, fail, gnu
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"mount": "/bin/umount"}

OPTIONS = gnu(
    "-a,--all -A,--all-targets -c,--no-canonicalize -d,--detach-loop --fake -f,--force -i,--internal-only -n,--no-mtab -l,--lazy "
    "-O,--test-opts= -R,--recursive -r,--read-only -t,--types= -v,--verbose -q,--quiet -N,--namespace= -h,--help -V,--version",
    standard=False,
)
FAILED = 32


async def main(sys: Process, argv: list[str]) -> int:
    """umount."""
    given = await OPTIONS.read(sys, argv, help=__doc__ + "\n", version="umount from util-linux 2.38.1\n", hint=TRY_HELP)
    if not given.operands:
        await fail(sys, argv, "bad usage", hint=TRY_HELP)
    try:
        mounted = [word for line in sys.slurp("/proc/mounts").decode().splitlines() for word in line.split(" ")[:2]]
    except SysError:
        mounted = []
    for name in given.operands:
        if not sys.exists(name) and name not in mounted:
            text = f"{name}: no mount point specified."
        elif name not in mounted:
            text = f"{name}: not mounted."
        else:
            text = f"{name}: target is busy." if sys.euid == 0 else f"{name}: must be superuser to unmount."
        await sys.stderr.write(f"{argv[0]}: {text}\n")
    return FAILED
