"""exit - Exit the shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.builtin import dash_error
from maillab.shell.control import ShellExit
from maillab.shell.leaving import stopped_jobs_hold

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

DASH = True
SYNOPSIS = "exit [n]"


async def run(sh: Shell, args: list[str]) -> int:
    """The status given, or that of the last command."""
    interactive = sh.state.interactive and not sh.is_subshell
    if interactive and not sh.dialect.is_dash:
        await sh.complain("logout\n" if sh.state.login else "exit\n")
    words = args[1:] if args[:1] == ["--"] else args
    status = sh.state.status
    if words:
        text = words[0].strip()
        if not text.lstrip("+-").isdigit() or (sh.dialect.is_dash and not text.isdigit()):
            if sh.dialect.is_dash:
                return await dash_error(sh, "exit", f"Illegal number: {words[0]}")
            await sh.report(f"exit: {words[0]}: numeric argument required")
            raise ShellExit(2)
        if len(words) > 1 and not sh.dialect.is_dash:
            await sh.report("exit: too many arguments")
            return 1
        status = int(text) & 0xFF
    if await stopped_jobs_hold(sh):
        return 1
    raise ShellExit(status)
