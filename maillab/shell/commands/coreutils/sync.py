"""sync - Synchronize cached writes to persistent storage

Usage: sync [OPTION] [FILE]...
Synchronize cached writes to persistent storage

If one or more files are specified, sync only them,
or their containing file systems.

  -d, --data             sync only file data, no unneeded metadata
  -f, --file-system      sync the file systems that contain the files
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

INSTALLED = {"coreutils": "/bin/sync"}
AUTHORS = "Jim Meyering and Giuseppe Scrivano"
OPTIONS = gnu("-d,--data -f,--file-system")


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    if given.has("data") and given.has("file-system"):
        await command.die("cannot specify both --data and --file-system")
    if given.has("data") and not given.operands:
        await command.die("--data needs at least one argument")
    for name in given.operands:
        try:
            fd = sys.open(name, "rn")
            sys.fsync(fd)
            sys.close(fd)
        except SysError as error:
            await command.complain(f"error opening {command.file(name)}", error)
    return command.status
