"""arch - print machine hardware name (same as uname -m)

Usage: arch [OPTION]...
Print machine architecture.

      --help        display this help and exit
      --version     output version information and exit
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.options import gnu

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/arch"}
AUTHORS = "David MacKenzie and Karel Zak"
SINCE = {"coreutils": (7, 0)}
OPTIONS = gnu("")


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    await command.need_operand(given.operands, 0, 0)
    await sys.stdout.print(sys.uname().machine)
    return 0
