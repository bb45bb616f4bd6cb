"""readarray - Read lines from a file into an array variable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.arrayreading import read_array

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

SYNOPSIS = (
    "readarray [-d delim] [-n count] [-O origin] [-s count] [-t] [-u fd] [-C callback] [-c quantum] [array]"
)


async def run(sh: Shell, args: list[str]) -> int:
    """The lines of standard input become the elements of an array (MAPFILE)."""
    return await read_array(sh, "readarray", args)
