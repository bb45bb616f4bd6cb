"""link - call the link function to create a link to a file

Usage: link FILE1 FILE2
  or:  link OPTION
Call the link function to create a link named FILE2 to an existing FILE1.

      --help        display this help and exit
      --version     output version information and exit
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.options import gnu
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/link"}
AUTHORS = "Michael Stone"
OPTIONS = gnu("", permute=False)


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    names = (await command.read(OPTIONS)).operands
    await command.need_operand(names, 2, 2)
    try:
        sys.link(names[0], names[1])
    except SysError as error:
        await command.die(f"cannot create link {command.file(names[1])} to {command.file(names[0])}", error)
    return 0
