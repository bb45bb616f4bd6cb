"""readonly - Mark shell variables as unchangeable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.builtin import options
from maillab.shell.declaring import dash_mark, declare_one, functions, listed_with

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

DASH = True
SYNOPSIS = "readonly [-aAf] [name[=value] ...] or readonly -p"


async def run(sh: Shell, args: list[str]) -> int:
    """-p lists, -a and -A are about arrays, -f about functions."""
    given = await options(sh, "readonly", args, "p" if sh.dialect.is_dash else "aAfp")
    if not given.operands and "f" not in given:
        await listed_with(sh, "r")
        return 0
    if sh.dialect.is_dash:
        return await dash_mark(sh, "readonly", given.operands, "readonly")
    if "f" in given:
        return await functions(sh, "readonly", {}, given.operands)
    status = 0
    for word in given.operands:
        flags = {"r": True} | {letter: True for letter in "aA" if letter in given}
        status = await declare_one(sh, "readonly", word, flags) or status
    return status
