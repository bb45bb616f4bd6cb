"""local - Define local variables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.builtin import dash_error
from maillab.shell.control import ShellExit
from maillab.shell.declaring import declare

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

DASH = True
SYNOPSIS = "local [option] name[=value] ..."


async def run(sh: Shell, args: list[str]) -> int:
    """Declare or list."""
    if not sh.dialect.is_dash:
        return await declare(sh, "local", args)
    if not sh.state.variables.in_function:
        await dash_error(sh, "local", "not in a function")
        raise ShellExit(2)
    for word in args:
        name, sign, value = word.partition("=")
        outer = sh.state.variables.get(name)
        sh.state.variables.local(name)
        if sign or outer is not None:
            sh.state.variables.set(name, value if sign else outer or "")
    return 0
