"""ischroot - is this process in a chroot?

SYNOPSIS
    ischroot [-t|-f]

EXIT STATUS
    0 yes; 1 no; 2 it cannot be told (with -t then 0, with -f 1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.options import gnu
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"debianutils": "/usr/bin/ischroot"}
SINCE = {"debianutils": (4, 0)}

OPTIONS = gnu("-f,--default-false -t,--default-true -V,--version -h,--help", standard=False)
HELP = """Usage: ischroot [OPTION]
  -f, --default-false return false if detection fails
  -t, --default-true  return true if detection fails
  -V, --version       output version information and exit.
  -h, --help          display this help and exit.
"""


async def main(sys: Process, argv: list[str]) -> int:
    """ischroot."""
    given = await OPTIONS.read(sys, argv, help=HELP, version="Debian ischroot, version 5.7\n", hint=HELP)
    try:
        mine, first = sys.stat("/"), sys.stat("/proc/1/root/.")
    except SysError:
        return 0 if given.has("default-true") else 1 if given.has("default-false") else 2
    return 0 if mine.ino != first.ino else 1
