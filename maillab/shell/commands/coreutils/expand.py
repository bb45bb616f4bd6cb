"""expand - convert tabs to spaces

Usage: expand [OPTION]... [FILE]...
Convert tabs in each FILE to spaces, writing to standard output.

With no FILE, or when FILE is -, read standard input.

Mandatory arguments to long options are mandatory for short options too.
  -i, --initial    do not convert tabs after non blanks
  -t, --tabs=N     have tabs N characters apart, not 8
  -t, --tabs=LIST  use comma separated list of tab positions.
                     The last specified position can be prefixed with '/'
                     to specify a tab size to use after the last
                     explicitly specified tab stop.  Also a prefix of '+'
                     can be used to align remaining tab stops relative to
                     the last specified tab stop instead of the first column
      --help        display this help and exit
      --version     output version information and exit
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.commands.coreutils._tabs import TabError, TabStops, parse_tabs
from maillab.shell.options import gnu

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/expand"}
AUTHORS = "David MacKenzie"
OPTIONS = gnu("-t,--tabs= -i,--initial -0=? -1=? -2=? -3=? -4=? -5=? -6=? -7=? -8=? -9=?")


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    texts = [(f.name if f.name.isdigit() else "") + (f.value or "") for f in given.found if f.name != "initial"]
    try:
        tabs = parse_tabs(texts, command.q)
    except TabError as error:
        await command.die(str(error))
    for name in given.operands or ["-"]:
        fd = await command.open(name)
        if fd is None:
            continue
        async for line in command.lines(fd, name):
            await sys.stdout.write(expand(line, tabs, given.has("initial")))
        command.done(fd)
    return command.status


def expand(line: bytes, tabs: TabStops, initial: bool) -> bytes:
    """A line with its tabs as spaces (`initial`: only those before anything else)."""
    out = bytearray()
    column, leading = 0, True
    for at, byte in enumerate(line):
        if byte == 9 and (leading or not initial):
            stop = tabs.next(column)
            target = column + 1 if stop is None else stop
            out += b" " * (target - column)
            column = target
            continue
        if byte == 8:
            column = max(0, column - 1)
        else:
            column += 1
        leading = leading and byte == 32
        if not leading and initial:
            return bytes(out) + line[at:]
        out.append(byte)
    return bytes(out)
