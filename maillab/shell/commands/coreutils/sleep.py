"""sleep - delay for a specified amount of time

Usage: sleep NUMBER[SUFFIX]...
  or:  sleep OPTION
Pause for NUMBER seconds.  SUFFIX may be 's' for seconds (the default),
'm' for minutes, 'h' for hours or 'd' for days.  NUMBER need not be an
integer.  Given two or more arguments, pause for the amount of time
specified by the sum of their values.

      --help        display this help and exit
      --version     output version information and exit
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.commands.coreutils._durations import parse_duration
from maillab.shell.options import TRY_HELP, gnu

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/bin/sleep"}
AUTHORS = "Jim Meyering and Paul Eggert"
OPTIONS = gnu("", permute=False)
FOREVER = 10**10


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    words = (await command.read(OPTIONS)).operands
    await command.need_operand(words)
    seconds = 0.0
    for word in words:
        duration = parse_duration(word)
        if duration is None:
            await command.complain(f"invalid time interval {command.q(word)}")
        else:
            seconds += duration
    if command.status:
        await sys.stderr.write(TRY_HELP.replace("{prog}", argv[0]))
        return 1
    await sys.sleep(min(seconds, FOREVER))
    return 0
