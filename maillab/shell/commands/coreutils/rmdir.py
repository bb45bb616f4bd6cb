"""rmdir - remove empty directories

Usage: rmdir [OPTION]... DIRECTORY...
Remove the DIRECTORY(ies), if they are empty.

      --ignore-fail-on-non-empty
                    ignore each failure that is solely because a directory
                    is non-empty

  -p, --parents     remove DIRECTORY and its ancestors; e.g., 'rmdir -p a/b/c'
                    is similar to 'rmdir a/b/c a/b a'

  -v, --verbose     output a diagnostic for every directory processed
      --help        display this help and exit
      --version     output version information and exit
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.commands.coreutils._names import dir_name
from maillab.shell.options import gnu
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/bin/rmdir"}
AUTHORS = "David MacKenzie"
OPTIONS = gnu("--ignore-fail-on-non-empty --path -p,--parents -v,--verbose")


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    await command.need_operand(given.operands)
    for name in given.operands:
        if not await _remove(command, name, given.has("verbose"), given.has("ignore-fail-on-non-empty")):
            continue
        while given.has("parents", "path"):
            name = dir_name(name)
            if name in (".", "/") or not await _remove(
                command, name, given.has("verbose"), given.has("ignore-fail-on-non-empty"), "directory "
            ):
                break
    return command.status


async def _remove(command: Command, name: str, verbose: bool, ignore: bool, what: str = "") -> bool:
    """Remove one directory; False when that failed."""
    if verbose:
        await command.sys.stdout.print(f"{command.program}: removing directory, {command.file(name)}")
    try:
        command.sys.rmdir(name)
    except SysError as error:
        if not (ignore and error.name in ("ENOTEMPTY", "EEXIST")):
            await command.complain(f"failed to remove {what}{command.file(name)}", error)
        return False
    return True
