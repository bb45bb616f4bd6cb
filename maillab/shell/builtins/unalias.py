"""unalias - Remove each NAME from the list of defined aliases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.builtin import options, usage

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

DASH = True
SYNOPSIS = "unalias [-a] name [name ...]"


async def run(sh: Shell, args: list[str]) -> int:
    """-a forgets all."""
    given = await options(sh, "unalias", args, "a")
    if "a" in given:
        sh.state.aliases.clear()
        return 0
    if not given.operands and not sh.dialect.is_dash:
        return await usage(sh, "unalias")
    status = 0
    for word in given.operands:
        if sh.state.aliases.pop(word, None) is None:
            status = 1
            if sh.dialect.is_dash:
                await sh.complain(f"unalias: {word} not found\n")
            else:
                await sh.report(f"unalias: {word}: not found")
    return status
