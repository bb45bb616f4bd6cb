"""test - Evaluate conditional expression."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.testing import run_test

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

DASH = True
SYNOPSIS = "test [expr]"


async def run(sh: Shell, args: list[str]) -> int:
    """0 true, 1 false, 2 error."""
    return await run_test(sh, "test", args)
