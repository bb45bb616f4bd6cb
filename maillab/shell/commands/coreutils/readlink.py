"""readlink - print resolved symbolic links or canonical file names

Usage: readlink [OPTION]... FILE...
Print value of a symbolic link or canonical file name

  -f, --canonicalize            canonicalize by following every symlink in
                                every component of the given name recursively;
                                all but the last component must exist
  -e, --canonicalize-existing   canonicalize by following every symlink in
                                every component of the given name recursively,
                                all components must exist
  -m, --canonicalize-missing    canonicalize by following every symlink in
                                every component of the given name recursively,
                                without requirements on components existence
  -n, --no-newline              do not output the trailing delimiter
  -q, --quiet
  -s, --silent                  suppress most error messages (on by default)
  -v, --verbose                 report error messages
  -z, --zero                    end each output line with NUL, not newline
      --help        display this help and exit
      --version     output version information and exit
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._canonical import canonical
from maillab.shell.commands.coreutils._command import Command
from maillab.shell.options import gnu
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/bin/readlink"}
AUTHORS = "Dmitry V. Levin"
OPTIONS = gnu(
    "-f,--canonicalize -e,--canonicalize-existing -m,--canonicalize-missing -n,--no-newline -q,--quiet -s,--silent -v,--verbose -z,--zero"
)
MISSING = {"canonicalize": "last", "canonicalize-existing": "none", "canonicalize-missing": "all"}


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    if not given.operands:
        await command.usage("missing operand")
    mode = given.latest(*MISSING)
    verbose = given.latest("quiet", "silent", "verbose") == "verbose"
    newline = not given.has("no-newline")
    if len(given.operands) > 1 and not newline:
        await command.note("ignoring --no-newline with multiple arguments")
        newline = True
    end = ("\0" if given.has("zero") else "\n") if newline else ""
    for name in given.operands:
        try:
            found = canonical(sys, name, MISSING[mode]) if mode else sys.readlink(name)
        except SysError as error:
            command.status = 1
            if verbose:
                await command.complain(command.odd(name), error)
            continue
        await sys.stdout.write(found + end)
    return command.status
