"""tty - print the file name of the terminal connected to stand...

Usage: tty [OPTION]...
Print the file name of the terminal connected to standard input.

  -s, --silent, --quiet   print nothing, only return an exit status
      --help        display this help and exit
      --version     output version information and exit
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.options import gnu

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/tty"}
AUTHORS = "David MacKenzie"
OPTIONS = gnu("-s,--silent,--quiet")


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS, trouble=2)
    given = await command.read(OPTIONS)
    if given.operands:
        await command.usage(f"extra operand {command.q(given.operands[0])}")
    terminal = sys.isatty(0)
    if not given.has("silent"):
        await sys.stdout.print(sys.ttyname(0) if terminal else "not a tty")
    return 0 if terminal else 1
