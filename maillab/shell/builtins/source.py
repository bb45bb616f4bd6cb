"""source - Execute commands from a file in the current shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.including import include

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

DASH = False
SYNOPSIS = "source filename [arguments]"


async def run(sh: Shell, args: list[str]) -> int:
    """The file is looked for in PATH when its name has no slash."""
    return await include(sh, "source", args)
