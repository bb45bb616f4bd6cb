"""nohup - run a command immune to hangups, with output to a non-tty

Usage: nohup COMMAND [ARG]...
  or:  nohup OPTION
Run COMMAND, ignoring hangup signals.

      --help        display this help and exit
      --version     output version information and exit

If standard input is a terminal, redirect it from an unreadable file.
If standard output is a terminal, append output to 'nohup.out' if possible,
'$HOME/nohup.out' otherwise.
If standard error is a terminal, redirect it to standard output.
To save output to FILE, use 'nohup COMMAND > FILE'.

NOTE: your shell may have its own version of nohup, which usually supersedes
the version described here.  Please refer to your shell's documentation
for details about the options it supports.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.commands.coreutils._names import join
from maillab.shell.commands.coreutils._run import become
from maillab.shell.options import gnu
from maillab.sim.host.errno import SysError
from maillab.sim.host.signals import SIGHUP

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/nohup"}
AUTHORS = "Jim Meyering"
OPTIONS = gnu("", permute=False)


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS, trouble=125)
    words = (await command.read(OPTIONS)).operands
    await command.need_operand(words)
    stdin, stdout, stderr = sys.isatty(0), sys.isatty(1), sys.isatty(2)
    if stdin:
        fd = sys.open("/dev/null", "r")
        sys.dup2(fd, 0)
        sys.close(fd)
        if not stdout and not stderr:
            await command.note("ignoring input")
    if stdout:
        name = await _output(command)
        await command.note(f"{'ignoring input and ' if stdin else ''}appending output to {command.file(name)}")
    if stderr:
        if not stdout:
            await command.note("ignoring input and redirecting stderr to stdout" if stdin else "redirecting stderr to stdout")
        sys.dup2(1, 2)
    sys.signal(SIGHUP, "ignore")
    await become(command, words, sentence=f"failed to run command {command.file(words[0])}")


async def _output(command: Command) -> str:
    """Let stdout go to nohup.out, here or in the home directory."""
    sys = command.sys
    names = ["nohup.out"] + ([join(sys.env["HOME"], "nohup.out")] if "HOME" in sys.env else [])
    for name in names:
        try:
            fd = sys.open(name, "a", 0o600)
        except SysError as error:
            await command.note(f"failed to open {command.file(name)}", error)
            continue
        sys.dup2(fd, 1)
        sys.close(fd)
        return name
    return sys.exit(125)
