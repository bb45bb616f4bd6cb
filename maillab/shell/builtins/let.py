"""let - Evaluate arithmetic expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

SYNOPSIS = "let arg [arg ...]"


async def run(sh: Shell, args: list[str]) -> int:
    """1 when the last value is 0."""
    words = args[1:] if args[:1] == ["--"] else args
    if not words:
        await sh.report("let: expression expected")
        return 1
    value = 0
    for word in words:
        value = sh.compute(word)
    return int(not value)
