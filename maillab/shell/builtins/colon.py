""": - Null command."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

DASH = True
SYNOPSIS = ":"


async def run(sh: Shell, args: list[str]) -> int:
    """Status 0."""
    return 0
