"""pwd - print name of current/working directory

Usage: pwd [OPTION]...
Print the full filename of the current working directory.

  -L, --logical   use PWD from environment, even if it contains symlinks
  -P, --physical  avoid all symlinks
      --help        display this help and exit
      --version     output version information and exit

If no option is specified, -P is assumed.

NOTE: your shell may have its own version of pwd, which usually supersedes
the version described here.  Please refer to your shell's documentation
for details about the options it supports.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.options import gnu
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/bin/pwd"}
AUTHORS = "Jim Meyering"
OPTIONS = gnu("-L,--logical -P,--physical")


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    if given.operands:
        await command.note("ignoring non-option arguments")
    logical = given.latest("logical", "physical") == "logical" or ("POSIXLY_CORRECT" in sys.env and not given.found)
    if logical and (pwd := _trusted(sys)):
        await sys.stdout.print(pwd)
        return 0
    try:
        await sys.stdout.print(sys.getcwd())
    except SysError as error:
        await command.die("couldn't find directory entry in '..' with matching i-node" if error.name == "ENOENT" else "error", error)
    return 0


def _trusted(sys: Process) -> str:
    """$PWD when it is an absolute name of the current directory without dots."""
    pwd = sys.env.get("PWD", "")
    if not pwd.startswith("/") or any(part in (".", "..") for part in pwd.split("/")):
        return ""
    try:
        there, here = sys.stat(pwd), sys.stat(".")
    except SysError:
        return ""
    return pwd if (there.dev, there.ino) == (here.dev, here.ino) else ""
