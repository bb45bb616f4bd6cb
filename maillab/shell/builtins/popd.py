"""popd - Remove directories from stack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.builtin import usage
from maillab.shell.directories import change, position, show_stack, stack

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

SYNOPSIS = "popd [-n] [+N | -N]"


async def run(sh: Shell, args: list[str]) -> int:
    """+N and -N drop another one; -n does not change directory."""
    words = [word for word in args if word not in ("-n", "--")]
    stay = "-n" in args
    paths = stack(sh)
    index: int | None = 0
    if words:
        if words[0][:1] not in ("+", "-") or not words[0][1:].isdigit():
            await sh.report(f"popd: {words[0]}: invalid {'number' if words[0].startswith('-') else 'argument'}")
            return await usage(sh, "popd")
        index = position(words[0], len(paths))
    if len(paths) < 2:
        await sh.report("popd: directory stack empty")
        return 1
    if index is None:
        await sh.report(f"popd: {words[0]}: directory stack index out of range")
        return 1
    if index == 0 and not stay:
        status = await change(sh, paths[1], "popd")
        if status:
            return status
        sh.state.directories.pop(0)
    else:
        sh.state.directories.pop(max(index - 1, 0))
    await show_stack(sh)
    return 0
