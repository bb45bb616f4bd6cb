"""[ - Evaluate conditional expression."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.testing import run_test

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

DASH = True
SYNOPSIS = "[ arg... ]"


async def run(sh: Shell, args: list[str]) -> int:
    """0 true, 1 false, 2 error."""
    if not args or args[-1] != "]":
        await sh.report("[: missing ]" if sh.dialect.is_dash else "[: missing `]'")
        return 2
    return await run_test(sh, "[", args[:-1])
