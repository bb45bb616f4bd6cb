"""mount - mount a filesystem (the listing)

SYNOPSIS
    mount [-l] [-t type]

DESCRIPTION
    Without a device, lists what is mounted, as /proc/mounts says.

BUGS
    Nothing can be mounted: a device or a directory is refused with the message of a missing fstab entry or mount point.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.options import TRY_HELP, fail, gnu
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"mount": "/bin/mount"}

OPTIONS = gnu(
    "-a,--all -c,--no-canonicalize -f,--fake -F,--fork -T,--fstab= -i,--internal-only -l,--show-labels -n,--no-mtab -o,--options= "
    "-O,--test-opts= -r,--read-only -t,--types= --source= --target= -v,--verbose -w,--rw,--read-write -B,--bind -M,--move -R,--rbind "
    "-L,--label= -U,--uuid= -h,--help -V,--version",
    standard=False,
)
NOT_ROOT, BAD_USAGE, FAILED = 1, 1, 32


async def main(sys: Process, argv: list[str]) -> int:
    """mount."""
    given = await OPTIONS.read(sys, argv, help=__doc__ + "\n", version="mount from util-linux 2.38.1\n", status=BAD_USAGE, hint=TRY_HELP)
    if given.has("all"):
        return 0
    if not given.operands and not given.has("source", "target", "label", "uuid"):
        return await listing(sys, argv, (given.last("types") or "").split(",") if given.has("types") else [])
    if sys.euid != 0:
        await fail(sys, argv, f"{given.operands[-1]}: must be superuser to use mount.", status=NOT_ROOT)
    if len(given.operands) == 1:
        await fail(sys, argv, f"{given.operands[0]}: can't find in /etc/fstab.", status=BAD_USAGE)
    target = given.operands[-1] if given.operands else ""
    if not sys.exists(target):
        hint = "       dmesg(1) may have more information after failed mount system call.\n"
        await fail(sys, argv, f"{target}: mount point does not exist.", status=FAILED, hint=hint)
    return await fail(sys, argv, f"{target}: permission denied.", status=FAILED)


async def listing(sys: Process, argv: list[str], types: list[str]) -> int:
    """What is mounted."""
    try:
        text = sys.slurp("/proc/mounts").decode("utf-8", "surrogateescape")
    except SysError as error:
        await fail(sys, argv, f"failed to read mtab: {error.strerror}", status=FAILED)
    for line in text.splitlines():
        parts = line.split(" ")
        if len(parts) >= 4 and (not types or parts[2] in types):
            await sys.stdout.write(f"{parts[0]} on {parts[1]} type {parts[2]} ({parts[3]})\n")
    return 0
