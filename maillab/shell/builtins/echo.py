"""echo - Write arguments to the standard output."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.escapes import decode

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

DASH = True
SYNOPSIS = "echo [-neE] [arg ...]"


async def run(sh: Shell, args: list[str]) -> int:
    """bash: -n -e -E; dash: only -n, and escapes always."""
    newline, escapes, index = True, sh.dialect.is_dash or sh.state.shopt["xpg_echo"], 0
    letters = "n" if sh.dialect.is_dash else "neE"
    while index < len(args) and len(args[index]) > 1 and args[index][0] == "-" and all(c in letters for c in args[index][1:]):
        for letter in args[index][1:]:
            newline = newline and letter != "n"
            escapes = {"e": True, "E": False}.get(letter, escapes)
        index += 1
        if sh.dialect.is_dash:
            break
    text = " ".join(args[index:])
    if escapes:
        text, stopped = decode(text, echo=True, dash=sh.dialect.is_dash, utf8=sh.utf8)
        newline = newline and not stopped
    await sh.write(text + ("\n" if newline else ""))
    return 0
