"""realpath - print the resolved path

Usage: realpath [OPTION]... FILE...
Print the resolved absolute file name;
all but the last component must exist

  -e, --canonicalize-existing  all components of the path must exist
  -m, --canonicalize-missing   no path components need exist or be a directory
  -L, --logical                resolve '..' components before symlinks
  -P, --physical               resolve symlinks as encountered (default)
  -q, --quiet                  suppress most error messages
      --relative-to=DIR        print the resolved path relative to DIR
      --relative-base=DIR      print absolute paths unless paths below DIR
  -s, --strip, --no-symlinks   don't expand symlinks
  -z, --zero                   end each output line with NUL, not newline
      --help        display this help and exit
      --version     output version information and exit
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._canonical import canonical
from maillab.shell.commands.coreutils._command import Command
from maillab.shell.commands.coreutils._relative import relative
from maillab.shell.options import Given, gnu
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/realpath"}
AUTHORS = "Padraig Brady"
SINCE = {"coreutils": (8, 15)}
OPTIONS = gnu(
    "-e,--canonicalize-existing -m,--canonicalize-missing --relative-to= --relative-base= -q,--quiet -s,--no-symlinks,--strip -z,--zero "
    "-L,--logical -P,--physical"
)


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    if not given.operands:
        await command.usage("missing operand")
    to, base = await _bases(command, given)
    for name in given.operands:
        try:
            found = _resolve(sys, given, name)
        except SysError as error:
            command.status = 1
            if not given.has("quiet"):
                await command.complain(command.odd(name), error)
            continue
        inside = base is None or found == base or found.startswith(base.rstrip("/") + "/")
        if to is not None and inside:
            found = relative(found, to)
        await sys.stdout.write(found + ("\0" if given.has("zero") else "\n"))
    return command.status


def _resolve(sys: Process, given: Given, name: str) -> str:
    mode = {"canonicalize-existing": "none", "canonicalize-missing": "all"}.get(
        given.latest("canonicalize-existing", "canonicalize-missing") or ""
    )
    links = given.latest("no-symlinks", "logical", "physical")
    return canonical(sys, name, mode or "last", follow=links != "no-symlinks", logical=links in ("no-symlinks", "logical"))


async def _bases(command: Command, given: Given) -> tuple[str | None, str | None]:
    """(--relative-to, --relative-base), resolved."""
    results: list[str | None] = []
    for name in ("relative-to", "relative-base"):
        text = given.last(name)
        try:
            results.append(_resolve(command.sys, given, text) if text is not None else None)
        except SysError as error:
            await command.die(command.odd(text or ""), error)
    to, base = results
    if base is not None and to is None:
        to = base
    if base is not None and to is not None and to != base and not to.startswith(base.rstrip("/") + "/"):
        return None, None
    return to, base
