"""hostid - print the numeric identifier for the current host

Usage: hostid [OPTION]
Print the numeric identifier (in hexadecimal) for the current host.

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

INSTALLED = {"coreutils": "/usr/bin/hostid"}
AUTHORS = "Jim Meyering"
OPTIONS = gnu("", permute=False)


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    await command.need_operand(given.operands, 0, 0)
    await sys.stdout.print(f"{gethostid(sys):08x}")
    return 0


def gethostid(sys: Process) -> int:
    """gethostid(3): the number in /etc/hostid, or the halves of the address that /etc/hosts gives the host's name, swapped."""
    try:
        return int.from_bytes(sys.slurp("/etc/hostid")[:4], "little")
    except SysError:
        pass
    try:
        lines = sys.slurp("/etc/hosts").decode("utf-8", "replace").splitlines()
    except SysError:
        return 0
    for line in lines:
        words = line.partition("#")[0].split()
        if sys.hostname() in words[1:] and words[0].count(".") == 3:
            a, b, c, d = (int(part) for part in words[0].split("."))
            return b << 24 | a << 16 | d << 8 | c
    return 0
