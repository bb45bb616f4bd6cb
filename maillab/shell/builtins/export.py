"""export - Set export attribute for shell variables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.builtin import options
from maillab.shell.declaring import dash_mark, declare_one, functions, listed_with

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

DASH = True
SYNOPSIS = "export [-fn] [name[=value] ...] or export -p"


async def run(sh: Shell, args: list[str]) -> int:
    """-p lists, -n takes the mark away, -f is about functions."""
    given = await options(sh, "export", args, "p" if sh.dialect.is_dash else "fnp")
    if not given.operands and "f" not in given:
        await listed_with(sh, "x")
        return 0
    if sh.dialect.is_dash:
        return await dash_mark(sh, "export", given.operands, "exported")
    if "f" in given:
        return await functions(sh, "export", {"n": "n" in given}, given.operands)
    status = 0
    for word in given.operands:
        status = await declare_one(sh, "export", word, {"x": "n" not in given}) or status
        if sh.option("errexit") and status:
            break
    return status
