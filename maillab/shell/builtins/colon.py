""": - do nothing, successfully"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

DASH = True
SYNOPSIS = ":"
HELP = """\
    Null command.
    
    No effect; the command does nothing.
    
    Exit Status:
    Always succeeds.
"""


async def run(sh: Shell, args: list[str]) -> int:
    """Status 0."""
    return 0
