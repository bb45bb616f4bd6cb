"""mcookie - make a random cookie of 128 bits

SYNOPSIS
    mcookie [-v]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.options import gnu

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"util-linux": "/usr/bin/mcookie"}

OPTIONS = gnu("-f,--file= -m,--max-size= -v,--verbose -h,--help -V,--version", standard=False)
HELP = """
Usage:
 mcookie [options]

Generate magic cookies for xauth.

Options:
 -f, --file <file>     use file as a cookie seed
 -m, --max-size <num>  limit how much is read from seed files
 -v, --verbose         explain what is being done

 -h, --help            display this help
 -V, --version         display version

Arguments:
 <num> arguments may be followed by the suffixes for
   GiB, TiB, PiB, EiB, ZiB, and YiB (the "iB" is optional)

For more details see mcookie(1).
"""


async def main(sys: Process, argv: list[str]) -> int:
    """mcookie."""
    await OPTIONS.read(sys, argv, help=HELP, version="mcookie from util-linux 2.38.1\n")
    await sys.stdout.print("".join(sys.random.choice("0123456789abcdef") for _ in range(32)))
    return 0
