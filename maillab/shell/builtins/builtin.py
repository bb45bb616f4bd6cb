"""builtin - Execute shell builtins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell import builtin
from maillab.shell.builtin import options
from maillab.shell.calling import call_builtin

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

SYNOPSIS = "builtin [shell-builtin [arg ...]]"


async def run(sh: Shell, args: list[str]) -> int:
    """The builtin's status; 1 when there is none of this name."""
    words = (await options(sh, "builtin", args, "")).operands
    if not words:
        return 0
    target = builtin.find(sh, words[0])
    if target is None:
        await sh.report(f"builtin: {words[0]}: not a shell builtin")
        return 1
    return await call_builtin(sh, words, target)
