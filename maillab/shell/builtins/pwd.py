"""pwd - Print the name of the current working directory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.builtin import options
from maillab.shell.directories import current, here

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

DASH = True
SYNOPSIS = "pwd [-LP]"


async def run(sh: Shell, args: list[str]) -> int:
    """-P resolves symbolic links."""
    given = await options(sh, "pwd", args, "LP")
    physical = "P" in given or (sh.option("physical") and "L" not in given)
    if not physical:
        await sh.write(current(sh) + "\n")
        return 0
    path = await here(sh, "pwd", "")
    if path:
        await sh.write(path + "\n")
    return int(not path)
