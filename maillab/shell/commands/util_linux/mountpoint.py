"""mountpoint - see if a directory is a mount point

SYNOPSIS
    mountpoint [-q] [-d] DIRECTORY

EXIT STATUS
    0 a mount point; 32 none; 1 an error.

BUGS
    -x is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.options import fail, gnu
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"util-linux": "/bin/mountpoint", "initscripts": "/bin/mountpoint"}

OPTIONS = gnu("-q,--quiet --nofollow -d,--fs-devno -x,--devno -h,--help -V,--version", standard=False)
HELP = """
Usage:
 mountpoint [-qd] /path/to/directory
 mountpoint -x /dev/device

Check whether a directory or file is a mountpoint.

Options:
 -q, --quiet        quiet mode - don't print anything
     --nofollow     do not follow symlink
 -d, --fs-devno     print maj:min device number of the filesystem
 -x, --devno        print maj:min device number of the block device

 -h, --help         display this help
 -V, --version      display version

For more details see mountpoint(1).
"""
NOT_MOUNTED = 32


async def main(sys: Process, argv: list[str]) -> int:
    """mountpoint."""
    given = await OPTIONS.read(sys, argv, help=HELP, version="mountpoint from util-linux 2.38.1\n")
    if len(given.operands) != 1:
        await sys.stderr.write("mountpoint: bad usage\nTry 'mountpoint --help' for more information.\n")
        return 1
    if given.has("devno"):
        await fail(sys, argv, "-x is not simulated", status=1)
    path = given.operands[0]
    try:
        sys.stat(path)
    except SysError as error:
        if not given.has("quiet"):
            await sys.stderr.print(f"mountpoint: {path}: {error}")
        return 1
    real = sys.realpath(path)
    points = [line.split()[1] for line in sys.slurp("/proc/mounts").decode().splitlines()]
    mounted = real == "/" or real in points
    if given.has("fs-devno"):
        await sys.stdout.print(f"0:{20 + points.index(real)}" if real in points else "0:20")
    elif not given.has("quiet"):
        await sys.stdout.print(f"{path} is {'' if mounted else 'not '}a mountpoint")
    return 0 if mounted else NOT_MOUNTED
