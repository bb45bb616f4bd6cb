"""logname - print user's login name

Usage: logname [OPTION]
Print the user's login name.

      --help        display this help and exit
      --version     output version information and exit
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.commands.coreutils._utmp import sessions
from maillab.shell.options import gnu

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/logname"}
AUTHORS = "FIX" "ME: unknown"  # fmt: skip  # so says the real program: not a mark of ours, hence in two parts
OPTIONS = gnu("", permute=False)


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    await command.need_operand(given.operands, 0, 0)
    line = sys.ttyname(0).removeprefix("/dev/") if sys.isatty(0) else ""
    for session in sessions(sys):
        if session.line == line:
            await sys.stdout.print(session.user)
            return 0
    return await command.die("no login name")
