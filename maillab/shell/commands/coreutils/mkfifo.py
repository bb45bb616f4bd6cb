"""mkfifo - make FIFOs (named pipes)

Usage: mkfifo [OPTION]... NAME...
Create named pipes (FIFOs) with the given NAMEs.

Mandatory arguments to long options are mandatory for short options too.
  -m, --mode=MODE    set file permission bits to MODE, not a=rw - umask
  -Z                   set the SELinux security context to default type
      --context[=CTX]  like -Z, or if CTX is specified then set the SELinux
                         or SMACK security context to CTX
      --help        display this help and exit
      --version     output version information and exit
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.modes import parse_mode
from maillab.shell.options import gnu
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/mkfifo"}
AUTHORS = "David MacKenzie"
OPTIONS = gnu("-m,--mode= -Z --context=?")


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    await command.need_operand(given.operands)
    mode = None
    if (text := given.last("mode")) is not None:
        change = parse_mode(text)
        if change is None:
            await command.die("invalid mode")
        mode = change(0o666, False, sys.umask_)
        if mode & ~0o777:
            await command.die("mode must specify only file permission bits")
    for name in given.operands:
        try:
            sys.mkfifo(name)
            if mode is not None:
                sys.chmod(name, mode)
        except SysError as error:
            await command.complain(f"cannot create fifo {command.file(name)}", error)
    return command.status
