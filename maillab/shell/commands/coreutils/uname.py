"""uname - print system information

Usage: uname [OPTION]...
Print certain system information.  With no OPTION, same as -s.

  -a, --all                print all information, in the following order,
                             except omit -p and -i if unknown:
  -s, --kernel-name        print the kernel name
  -n, --nodename           print the network node hostname
  -r, --kernel-release     print the kernel release
  -v, --kernel-version     print the kernel version
  -m, --machine            print the machine hardware name
  -p, --processor          print the processor type (non-portable)
  -i, --hardware-platform  print the hardware platform (non-portable)
  -o, --operating-system   print the operating system
      --help        display this help and exit
      --version     output version information and exit
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.options import gnu

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/bin/uname"}
AUTHORS = "David MacKenzie"
OPTIONS = gnu(
    "-a,--all -s,--kernel-name,--sysname -n,--nodename -r,--kernel-release,--release -v,--kernel-version -m,--machine "
    "-p,--processor -i,--hardware-platform -o,--operating-system"
)
ORDER = ("kernel-name", "nodename", "kernel-release", "kernel-version", "machine", "processor", "hardware-platform", "operating-system")


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    await command.need_operand(given.operands, 0, 0)
    kernel = sys.uname()
    facts = (kernel.sysname, kernel.nodename, kernel.release, kernel.version, kernel.machine, "unknown", "unknown", "GNU/Linux")
    wanted = [name for name in ORDER if given.has(name) or given.has("all")] or ["kernel-name"]
    words = [fact for name, fact in zip(ORDER, facts, strict=True) if name in wanted and not (given.has("all") and fact == "unknown")]
    await sys.stdout.print(*words)
    return 0
