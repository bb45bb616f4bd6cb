"""suspend - Suspend shell execution."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.builtin import options

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

SYNOPSIS = "suspend [-f]"
SIGSTOP = 19


async def run(sh: Shell, args: list[str]) -> int:
    """-f even for a login shell."""
    given = await options(sh, "suspend", args, "f")
    if "f" not in given:
        if sh.state.login:
            await sh.report("suspend: cannot suspend a login shell")
            return 1
        if not sh.option("monitor"):
            await sh.report("suspend: cannot suspend: no job control")
            return 1
    sh.sys.kill(sh.sys.pid, SIGSTOP)
    await sh.charge()
    return 0
