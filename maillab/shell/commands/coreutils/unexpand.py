"""unexpand - convert spaces to tabs

Usage: unexpand [OPTION]... [FILE]...
Convert blanks in each FILE to tabs, writing to standard output.

With no FILE, or when FILE is -, read standard input.

Mandatory arguments to long options are mandatory for short options too.
  -a, --all        convert all blanks, instead of just initial blanks
      --first-only  convert only leading sequences of blanks (overrides -a)
  -t, --tabs=N     have tabs N characters apart instead of 8 (enables -a)
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

INSTALLED = {"coreutils": "/usr/bin/unexpand"}
AUTHORS = "David MacKenzie"
OPTIONS = gnu("-t,--tabs= -a,--all --first-only -0=? -1=? -2=? -3=? -4=? -5=? -6=? -7=? -8=? -9=?")


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    texts = [(f.name if f.name.isdigit() else "") + (f.value or "") for f in given.found if f.name == "tabs" or f.name.isdigit()]
    try:
        tabs = parse_tabs(texts, command.q)
    except TabError as error:
        await command.die(str(error))
    everywhere = given.has("all", "tabs") and not given.has("first-only")
    for name in given.operands or ["-"]:
        fd = await command.open(name)
        if fd is None:
            continue
        async for line in command.lines(fd, name):
            await sys.stdout.write(unexpand(line, tabs, everywhere))
        command.done(fd)
    return command.status


def unexpand(line: bytes, tabs: TabStops, everywhere: bool) -> bytes:
    """A line with blanks turned into tabs where a stretch of two or more reaches a tab stop."""
    out = bytearray()
    column = 0
    pending = bytearray()  # blanks not yet written
    for at, byte in enumerate(line):
        if byte in b" \t":
            stop = tabs.next(column)
            if stop is None:
                return bytes(out + pending) + line[at:]
            column = stop if byte == 9 else column + 1
            pending.append(byte)
            if column == stop:
                single = bytes(pending) == b" " and line[at + 1 : at + 2] not in (b" ", b"\t")
                out += b" " if single else b"\t"
                pending.clear()
            continue
        out += pending
        pending.clear()
        if not everywhere:
            return bytes(out) + line[at:]
        out.append(byte)
        column = max(0, column - 1) if byte == 8 else column + 1
    return bytes(out + pending)
