"""false - Return an unsuccessful result."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

DASH = True
SYNOPSIS = "false"


async def run(sh: Shell, args: list[str]) -> int:
    """Status 1."""
    return 1
