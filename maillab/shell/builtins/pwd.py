"""pwd - print the current directory"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.builtin import options
from maillab.shell.directories import current

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

DASH = True
SYNOPSIS = "pwd [-LP]"


async def run(sh: Shell, args: list[str]) -> int:
    """-P resolves symbolic links."""
    given = await options(sh, "pwd", args, "LP")
    physical = "P" in given or (sh.option("physical") and "L" not in given)
    await sh.write((sh.sys.getcwd() if physical else current(sh)) + "\n")
    return 0
