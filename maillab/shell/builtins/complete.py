"""complete - Specify how arguments are to be completed by Readline.

BUGS
    Specifications are kept and listed; completion itself belongs to the line editor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell import quoting
from maillab.shell.builtin import options

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

SYNOPSIS = (
    "complete [-abcdefgjksuv] [-pr] [-DEI] [-o option] [-A action] [-G globpat] [-W wordlist] [-F function] "
    "[-C command] [-X filterpat] [-P prefix] [-S suffix] [name ...]"
)


async def run(sh: Shell, args: list[str]) -> int:
    """-p lists, -r removes, otherwise a specification for each name."""
    given = await options(sh, "complete", args, "abcdefgjksuvprDEIo:A:G:W:F:C:X:P:S:")
    table = sh.state.completions
    if "r" in given:
        for name in given.operands or list(table):
            table.pop(name, None)
        return 0
    if "p" in given or not given.letters:
        status = 0
        for name in given.operands or list(table):
            if name not in table:
                await sh.report(f"complete: {name}: no completion specification")
                status = 1
            else:
                await sh.write(f"complete {table[name]}{name}\n")
        return status
    text = ""
    for letter, value in given.letters.items():
        text += f"-{letter} " if value is True else f"-{letter} {quoting.listed(str(value))} "
    for name in given.operands:
        table[name] = text
    return 0
