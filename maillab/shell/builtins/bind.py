"""bind - Set Readline key bindings and variables.

BUGS
    The terminal edits the line: key bindings are stated as not simulated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.builtin import options

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

SYNOPSIS = (
    "bind [-lpsvPSVX] [-m keymap] [-f filename] [-q name] [-u name] [-r keyseq] [-x keyseq:shell-command] "
    "[keyseq:readline-function or readline-command]"
)


async def run(sh: Shell, args: list[str]) -> int:
    """Warns where there is no line editor."""
    await options(sh, "bind", args, "lvpVPsSXf:q:u:m:r:x:")
    if not sh.state.interactive:
        await sh.report("bind: warning: line editing not enabled")
        return 0
    sh.sys.unsimulated("bind")
    return 0
