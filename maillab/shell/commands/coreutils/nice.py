"""nice - run a program with modified scheduling priority

Usage: nice [OPTION] [COMMAND [ARG]...]
Run COMMAND with an adjusted niceness, which affects process scheduling.
With no COMMAND, print the current niceness.  Niceness values range from
-20 (most favorable to the process) to 19 (least favorable to the process).

Mandatory arguments to long options are mandatory for short options too.
  -n, --adjustment=N   add integer N to the niceness (default 10)
      --help        display this help and exit
      --version     output version information and exit

NOTE: your shell may have its own version of nice, which usually supersedes
the version described here.  Please refer to your shell's documentation
for details about the options it supports.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.commands.coreutils._run import become
from maillab.shell.options import gnu
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/nice"}
AUTHORS = "David MacKenzie"
OPTIONS = gnu("-n,--adjustment=", permute=False)


async def main(sys: Process, argv: list[str]) -> int:
    words = list(argv)
    if len(words) > 1 and (old := re.fullmatch(r"-([-+]?\d+)", words[1])):
        words[1:2] = ["-n", old[1]]
    command = Command(sys, words, __doc__, AUTHORS, trouble=125)
    given = await command.read(OPTIONS)
    text = given.last("adjustment")
    if text is not None and not re.fullmatch(r"[-+]?\d+", text):
        await command.die(f"invalid adjustment {command.q(text)}")
    if not given.operands:
        if text is not None:
            await command.usage("a command must be given with an adjustment")
        await sys.stdout.print(sys.nice(0))
        return 0
    try:
        sys.nice(int(text or 10))
    except SysError as error:
        await command.note("cannot set niceness", error)
    return await become(command, given.operands)
