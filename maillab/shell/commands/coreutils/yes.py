"""yes - output a string repeatedly until killed

Usage: yes [STRING]...
  or:  yes OPTION
Repeatedly output a line with all specified STRING(s), or 'y'.

      --help        display this help and exit
      --version     output version information and exit
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.options import gnu
from maillab.sim.host.errno import SysError
from maillab.sim.host.stdio import encode

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/yes"}
AUTHORS = "David MacKenzie"
OPTIONS = gnu("", permute=False)
BLOCK = 8192


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    words = (await command.read(OPTIONS)).operands
    line = encode(" ".join(words or ["y"]) + "\n")
    block = line * max(1, BLOCK // len(line))
    try:
        while True:
            await sys.write(1, block)
    except SysError as error:
        await command.die("standard output", error)
