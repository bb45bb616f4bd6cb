"""alias - Define or display aliases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell import quoting
from maillab.shell.builtin import options

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

DASH = True
SYNOPSIS = "alias [-p] [name[=value] ... ]"
FORBIDDEN = frozenset(" \t\n$`\"'\\|&;()<>/")


async def run(sh: Shell, args: list[str]) -> int:
    """name=value defines, name shows, nothing lists."""
    words = args if sh.dialect.is_dash else (given := await options(sh, "alias", args, "p")).operands
    if not words or (not sh.dialect.is_dash and "p" in given):
        for name in sorted(sh.state.aliases):
            await show(sh, name)
    status = 0
    for word in words:
        name, sign, value = word.partition("=")
        if sign and name:
            if any(ch in FORBIDDEN for ch in name):
                await sh.report(f"alias: `{name}': invalid alias name")
                status = 1
            else:
                sh.state.aliases[name] = value
        elif word in sh.state.aliases:
            await show(sh, word)
        else:
            status = 1
            if sh.dialect.is_dash:
                await sh.complain(f"alias: {word} not found\n")
            else:
                await sh.report(f"alias: {word}: not found")
    return status


async def show(sh: Shell, name: str) -> None:
    """One alias as a command."""
    value = sh.state.aliases[name]
    if sh.dialect.is_dash:
        await sh.write(f"{name}={quoting.dash_single(value)}\n")
    else:
        await sh.write(f"alias {'-- ' if name.startswith('-') else ''}{name}={quoting.single(value) if value else chr(39) * 2}\n")
