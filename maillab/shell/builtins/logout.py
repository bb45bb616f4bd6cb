"""logout - Exit a login shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.builtins import exit as leave

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

SYNOPSIS = "logout [n]"


async def run(sh: Shell, args: list[str]) -> int:
    """As exit, but only for login shells."""
    if not sh.state.login:
        await sh.report("logout: not login shell: use `exit'")
        return 1
    return await leave.run(sh, args)
