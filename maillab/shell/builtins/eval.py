"""eval - Execute arguments as a shell command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.builtin import options

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

DASH = True
SYNOPSIS = "eval [arg ...]"


async def run(sh: Shell, args: list[str]) -> int:
    """The arguments joined by spaces are parsed again."""
    words = args if sh.dialect.is_dash else (await options(sh, "eval", args, "")).operands
    if not words:
        return 0
    sh.state.trace_level += 1
    try:
        name = "eval" if sh.dialect.is_dash else f"{sh.error_name}: eval"
        return await sh.run_text(" ".join(words), name=name, line=sh.state.line)
    finally:
        sh.state.trace_level -= 1
