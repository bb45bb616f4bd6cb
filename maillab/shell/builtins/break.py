"""break - Exit for, while, or until loops."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.looping import leave_loops

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

DASH = True
SYNOPSIS = "break [n]"


async def run(sh: Shell, args: list[str]) -> int:
    """n loops are concerned, 1 when not said."""
    return await leave_loops(sh, "break", args)
