"""tee - read from standard input and write to standard output ...

Usage: tee [OPTION]... [FILE]...
Copy standard input to each FILE, and also to standard output.

  -a, --append              append to the given FILEs, do not overwrite
  -i, --ignore-interrupts   ignore interrupt signals
  -p                        diagnose errors writing to non pipes
      --output-error[=MODE]   set behavior on write error.  See MODE below
      --help        display this help and exit
      --version     output version information and exit

MODE determines behavior with write errors on the outputs:
  warn           diagnose errors writing to any output
  warn-nopipe    diagnose errors writing to any output not a pipe
  exit           exit on error writing to any output
  exit-nopipe    exit on error writing to any output not a pipe
The default MODE for the -p option is 'warn-nopipe'.
The default operation when --output-error is not specified, is to
exit immediately on error writing to a pipe, and diagnose errors
writing to non pipe outputs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.options import UsageError, gnu
from maillab.sim.host.errno import SysError
from maillab.sim.host.signals import SIGINT, SIGPIPE

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/tee"}
AUTHORS = "Mike Parker, Richard M. Stallman, and David MacKenzie"
OPTIONS = gnu("-a,--append -i,--ignore-interrupts -p --output-error=?")
MODES = {"warn": "warn", "warn-nopipe": "warn-nopipe", "exit": "exit", "exit-nopipe": "exit-nopipe"}


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    mode = "warn-nopipe" if given.has("p", "output-error") else ""
    if value := given.last("output-error"):
        try:
            mode = command.choice(value, "--output-error", MODES)
        except UsageError as error:
            await command.usage(error)
    if given.has("ignore-interrupts"):
        sys.signal(SIGINT, "ignore")
    if mode:
        sys.signal(SIGPIPE, "ignore")
    outputs = {1: "standard output"}
    for name in given.operands:
        try:
            outputs[sys.open(name, "a" if given.has("append") else "w")] = name
        except SysError as error:
            await command.complain(command.odd(name), error)
            if mode.startswith("exit"):
                return 1
    async for block in command.blocks(0):
        for fd, name in list(outputs.items()):
            try:
                await sys.write(fd, block)
            except SysError as error:
                del outputs[fd]
                if error.name != "EPIPE" or not mode.endswith("nopipe"):
                    await command.complain(command.odd(name), error)
                    if mode.startswith("exit"):
                        return 1
        if not outputs:
            break
    return command.status
