"""pwdx - the working directory of a process

SYNOPSIS
    pwdx PID...
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.options import gnu
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"procps": "/usr/bin/pwdx"}

OPTIONS = gnu("-V,--version -h,--help", standard=False)
HELP = """
Usage:
 pwdx [options] pid...

Options:
 -h, --help     display this help and exit
 -V, --version  output version information and exit

For more details see pwdx(1).
"""


async def main(sys: Process, argv: list[str]) -> int:
    """pwdx."""
    given = await OPTIONS.read(sys, argv, help=HELP, version="pwdx from procps-ng 4.0.2\n", hint=HELP)
    if not given.operands:
        await sys.stderr.write(HELP)
        return 1
    status = 0
    for word in given.operands:
        number = word.removeprefix("/proc/")
        if not number.isdigit():
            await sys.stderr.print(f"pwdx: invalid process id: {word}")
            return 1
        try:
            await sys.stdout.print(f"{word}: {sys.readlink(f'/proc/{number}/cwd')}")
        except SysError as error:
            status = 1
            text = "No such process" if error.name == "ENOENT" else str(error)
            await (sys.stdout if error.name == "ENOENT" else sys.stderr).print(f"{word}: {text}")
    return status
