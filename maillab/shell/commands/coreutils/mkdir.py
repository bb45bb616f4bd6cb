"""mkdir - make directories

Usage: mkdir [OPTION]... DIRECTORY...
Create the DIRECTORY(ies), if they do not already exist.

Mandatory arguments to long options are mandatory for short options too.
  -m, --mode=MODE   set file mode (as in chmod), not a=rwx - umask
  -p, --parents     no error if existing, make parent directories as needed,
                    with their file modes unaffected by any -m option.
  -v, --verbose     print a message for each created directory
  -Z                   set SELinux security context of each created directory
                         to the default type
      --context[=CTX]  like -Z, or if CTX is specified then set the SELinux
                         or SMACK security context to CTX
      --help        display this help and exit
      --version     output version information and exit
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.modes import Change, parse_mode
from maillab.shell.options import gnu
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/bin/mkdir"}
AUTHORS = "David MacKenzie"
OPTIONS = gnu("-m,--mode= -p,--parents -v,--verbose -Z --context=?")


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    await command.need_operand(given.operands)
    change: Change | None = None
    if (text := given.last("mode")) is not None:
        change = parse_mode(text)
        if change is None:
            await command.die(f"invalid mode {command.q(text)}")
    for name in given.operands:
        if given.has("parents") and not await _parents(command, name, given.has("verbose")):
            continue
        await _make(command, name, change, given.has("parents"), given.has("verbose"))
    return command.status


async def _parents(command: Command, name: str, verbose: bool) -> bool:
    """Make what is missing above a directory."""
    parts = name.rstrip("/").split("/")[:-1]
    for count in range(1, len(parts) + 1):
        path = "/".join(parts[:count])
        if not path or path in (".", ".."):
            continue
        try:
            command.sys.mkdir(path)
            command.sys.chmod(path, 0o777 & ~command.sys.umask_ | 0o300)
        except SysError as error:
            if command.sys.isdir(path):
                continue
            name_of = "ENOTDIR" if error.name == "EEXIST" else error.name
            await command.complain(f"cannot create directory {command.file(path)}", SysError(name_of))
            return False
        if verbose:
            await command.sys.stdout.print(f"{command.program}: created directory {command.file(path)}")
    return True


async def _make(command: Command, name: str, change: Change | None, parents: bool, verbose: bool) -> None:
    try:
        command.sys.mkdir(name)
    except SysError as error:
        if not (parents and error.name == "EEXIST" and command.sys.isdir(name)):
            await command.complain(f"cannot create directory {command.file(name)}", error)
        return
    if change:
        made = command.sys.stat(name).perms
        wanted = change(0o777, True, command.sys.umask_)
        command.sys.chmod(name, wanted | made & 0o6000)
    if verbose:
        await command.sys.stdout.print(f"{command.program}: created directory {command.file(name)}")
