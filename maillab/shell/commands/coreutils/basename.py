"""basename - strip directory and suffix from filenames

Usage: basename NAME [SUFFIX]
  or:  basename OPTION... NAME...
Print NAME with any leading directory components removed.
If specified, also remove a trailing SUFFIX.

Mandatory arguments to long options are mandatory for short options too.
  -a, --multiple       support multiple arguments and treat each as a NAME
  -s, --suffix=SUFFIX  remove a trailing SUFFIX; implies -a
  -z, --zero           end each output line with NUL, not newline
      --help        display this help and exit
      --version     output version information and exit

Examples:
  basename /usr/bin/sort          -> "sort"
  basename include/stdio.h .h     -> "stdio"
  basename -s .h include/stdio.h  -> "stdio"
  basename -a any/str1 any/str2   -> "str1" followed by "str2"
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.commands.coreutils._names import base_name
from maillab.shell.options import gnu

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/basename"}
AUTHORS = "David MacKenzie"
OPTIONS = gnu("-a,--multiple -s,--suffix= -z,--zero", permute=False)


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    names = given.operands
    suffix = given.last("suffix") or ""
    several = given.has("multiple", "suffix")
    await command.need_operand(names, most=None if several else 2)
    if not several and len(names) == 2:
        suffix = names.pop()
    for name in names:
        base = base_name(name)
        if suffix and base.endswith(suffix) and base != suffix:
            base = base[: -len(suffix)]
        await sys.stdout.write(base + ("\0" if given.has("zero") else "\n"))
    return 0
