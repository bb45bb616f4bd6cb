"""setsid - run a program in a new session

SYNOPSIS
    setsid [-c] [-f] [-w] PROGRAM [ARGUMENT]...

BUGS
    -c is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.findutils._exec import start
from maillab.shell.options import fail, gnu
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"util-linux": "/usr/bin/setsid"}

OPTIONS = gnu("-V,--version -c,--ctty -f,--fork -w,--wait -h,--help", permute=False, standard=False)
HELP = """
Usage:
 setsid [options] <program> [arguments ...]

Run a program in a new session.

Options:
 -c, --ctty     set the controlling terminal to the current one
 -f, --fork     always fork
 -w, --wait     wait program to exit, and use the same return
 -h, --help     display this help
 -V, --version  display version

For more details see setsid(1).
"""


async def main(sys: Process, argv: list[str]) -> int:
    """setsid."""
    given = await OPTIONS.read(sys, argv, help=HELP, version="setsid from util-linux 2.38.1\n")
    if not given.operands:
        await sys.stderr.write("setsid: no command specified\nTry 'setsid --help' for more information.\n")
        return 1
    if given.has("ctty"):
        await fail(sys, argv, "--ctty is not simulated", status=1)

    async def child(process: Process) -> int:
        process.setsid()
        try:
            return (await start(process, given.operands)).shell
        except SysError as error:
            await process.stderr.print(f"setsid: failed to execute {given.operands[0]}: {error}")
            return 127 if error.name == "ENOENT" else 126

    if sys.pgid != sys.pid and not given.has("fork"):
        return await child(sys)
    pid = sys.fork(child)
    if not given.has("wait"):
        return 0
    _, status = await sys.waitpid(pid)
    return status.shell if status else 0
