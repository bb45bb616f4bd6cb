"""whoami - print effective user name

Usage: whoami [OPTION]...
Print the user name associated with the current effective user ID.
Same as id -un.

      --help        display this help and exit
      --version     output version information and exit
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.options import gnu
from maillab.sim.host.accounts import getpwuid

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/whoami"}
AUTHORS = "Richard Mlynarik"
OPTIONS = gnu("", permute=False)


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    await command.need_operand(given.operands, 0, 0)
    user = getpwuid(sys, sys.euid)
    if user is None:
        await command.die(f"cannot find name for user ID {sys.euid}")
    await sys.stdout.print(user.name)
    return 0
