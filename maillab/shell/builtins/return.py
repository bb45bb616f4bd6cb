"""return - Return from a shell function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.builtin import dash_error
from maillab.shell.control import FunctionReturn, ShellExit

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

DASH = True
SYNOPSIS = "return [n]"


async def run(sh: Shell, args: list[str]) -> int:
    """The status given, or that of the last command."""
    status = sh.state.status
    if args:
        text = args[0].strip()
        if not text.lstrip("+-").isdigit():
            if sh.dialect.is_dash:
                return await dash_error(sh, "return", f"Illegal number: {args[0]}")
            await sh.report(f"return: {args[0]}: numeric argument required")
            status = 2
        elif len(args) > 1 and not sh.dialect.is_dash:
            await sh.report("return: too many arguments")
            return 1
        else:
            status = int(text) & 0xFF
    inside = any(frame.function != "main" for frame in sh.state.frames)
    if not inside:
        if sh.dialect.is_dash:
            raise ShellExit(status)
        await sh.report("return: can only `return' from a function or sourced script")
        return 2
    raise FunctionReturn(status)
