"""compopt - Modify or display completion options."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.builtin import options

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

SYNOPSIS = "compopt [-o|+o option] [-DEI] [name ...]"


async def run(sh: Shell, args: list[str]) -> int:
    """Only inside a completion function or for names with a specification."""
    given = await options(sh, "compopt", [word for word in args if not word.startswith("+")], "o:DEI")
    names = [word for word in given.operands if word in sh.state.completions]
    if given.operands and names == given.operands:
        return 0
    if given.operands:
        missing = next(word for word in given.operands if word not in names)
        await sh.report(f"compopt: {missing}: no completion specification")
    else:
        await sh.report("compopt: not currently executing completion function")
    return 1
