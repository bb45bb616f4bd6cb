"""nproc - print the number of processing units available

Usage: nproc [OPTION]...
Print the number of processing units available to the current process,
which may be less than the number of online processors

      --all      print the number of installed processors
      --ignore=N  if possible, exclude N processing units
      --help        display this help and exit
      --version     output version information and exit
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.options import gnu

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/nproc"}
AUTHORS = "Giuseppe Scrivano"
SINCE = {"coreutils": (8, 1)}
OPTIONS = gnu("--all --ignore=")
PROCESSORS = 1
"""The simulated hosts have one processor."""


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    await command.need_operand(given.operands, 0, 0)
    ignore = given.last("ignore") or "0"
    if not ignore.isdigit():
        await command.die(f"invalid number: {command.q(ignore)}")
    await sys.stdout.print(max(1, PROCESSORS - int(ignore)))
    return 0
