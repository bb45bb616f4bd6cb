"""col - filter reverse line feeds from input

SYNOPSIS
    col [-b] [-f] [-x] [-p] [-h] [-l num]

DESCRIPTION
    Backspaces are carried out: the last character on a place stays (-b); without -b overstruck characters keep their backspaces. Blanks
    become tabs unless -x; blanks at the ends of lines go away.

BUGS
    Half and reverse line feeds are dropped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.options import TRY_HELP, gnu
from maillab.sim.host.stdio import decode

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"bsdextrautils": "/usr/bin/col"}

OPTIONS = gnu("-b,--no-backspaces -f,--fine -p,--pass -h,--tabs -x,--spaces -l,--lines= -H,--help -V,--version", standard=False)
TAB = 8


def places(line: str) -> list[list[str]]:
    """The characters printed on each column of a line."""
    found: list[list[str]] = []
    column = 0
    for char in line:
        if char == "\b":
            column = max(0, column - 1)
        elif char == "\r":
            column = 0
        elif char == "\t":
            column = (column // TAB + 1) * TAB
        elif char == " ":
            column += 1
        elif char >= " ":
            found.extend([] for _ in range(column + 1 - len(found)))
            found[column].append(char)
            column += 1
    return found


def written(columns: list[list[str]], *, backspaces: bool, tabs: bool) -> str:
    """A line again: blanks as tabs where they reach a tab stop."""
    out: list[str] = []
    blank = 0
    for column, chars in enumerate(columns):
        if not chars:
            blank += 1
            continue
        start = column - blank
        while tabs and blank > 1 and (start // TAB + 1) * TAB <= column:
            stop = (start // TAB + 1) * TAB
            out.append("\t")
            blank -= stop - start
            start = stop
        out.append(" " * blank)
        blank = 0
        out.append("\b".join(chars) if backspaces else chars[-1])
    return "".join(out)


async def main(sys: Process, argv: list[str]) -> int:
    """col."""
    given = await OPTIONS.read(sys, argv, help=__doc__ + "\n", version="col from util-linux 2.38.1\n", hint=TRY_HELP)
    async for line in sys.stdin:
        text = decode(line).removesuffix("\n")
        made = written(places(text), backspaces=not given.has("no-backspaces"), tabs=not given.has("spaces"))
        await sys.stdout.write(made + "\n")
    return 0
