"""users - print the user names of users currently logged in to t...

Usage: users [OPTION]... [FILE]
Output who is currently logged in according to FILE.
If FILE is not specified, use /var/run/utmp.  /var/log/wtmp as FILE is common.

      --help        display this help and exit
      --version     output version information and exit
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.commands.coreutils._utmp import PATH, sessions
from maillab.shell.options import gnu

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/users"}
AUTHORS = "Joseph Arceneaux and David MacKenzie"
OPTIONS = gnu("", permute=False)


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    await command.need_operand(given.operands, 0, 1)
    names = sorted(session.user for session in sessions(sys, given.operands[0] if given.operands else PATH))
    if names:
        await sys.stdout.print(*names)
    return 0
