"""printenv - print all or part of environment

Usage: printenv [OPTION]... [VARIABLE]...
Print the values of the specified environment VARIABLE(s).
If no VARIABLE is specified, print name and value pairs for them all.

  -0, --null     end each output line with NUL, not newline
      --help        display this help and exit
      --version     output version information and exit

NOTE: your shell may have its own version of printenv, which usually supersedes
the version described here.  Please refer to your shell's documentation
for details about the options it supports.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.options import gnu

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/printenv"}
AUTHORS = "David MacKenzie and Richard Mlynarik"
OPTIONS = gnu("-0,--null", permute=False)


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS, trouble=2)
    given = await command.read(OPTIONS)
    end = "\0" if given.has("null") else "\n"
    if not given.operands:
        for name, value in sys.env.items():
            await sys.stdout.write(f"{name}={value}{end}")
        return 0
    missing = False
    for name in given.operands:
        if name in sys.env and "=" not in name:
            await sys.stdout.write(sys.env[name] + end)
        else:
            missing = True
    return 1 if missing else 0
