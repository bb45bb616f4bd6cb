"""unlink - call the unlink function to remove the specified file

Usage: unlink FILE
  or:  unlink OPTION
Call the unlink function to remove the specified FILE.

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

INSTALLED = {"coreutils": "/usr/bin/unlink"}
AUTHORS = "Michael Stone"
OPTIONS = gnu("", permute=False)


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    names = (await command.read(OPTIONS)).operands
    await command.need_operand(names, 1, 1)
    try:
        sys.unlink(names[0])
    except SysError as error:
        await command.die(f"cannot unlink {command.file(names[0])}", error)
    return 0
