"""caller - Return the context of the current subroutine call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.builtin import options, usage

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

SYNOPSIS = "caller [expr]"


async def run(sh: Shell, args: list[str]) -> int:
    """`line file`, or with a number `line function file` of that frame."""
    words = (await options(sh, "caller", args, "")).operands
    frames = list(reversed(sh.state.frames))
    if not frames or all(frame.function == "main" for frame in frames):
        return 1
    if not words:
        source = frames[1].source if len(frames) > 1 else "NULL"
        await sh.write(f"{frames[0].called_from} {source}\n")
        return 0
    if not words[0].isdigit():
        await sh.report(f"caller: {words[0]}: invalid number")
        return await usage(sh, "caller")
    depth = int(words[0])
    if depth + 1 >= len(frames):
        return 1
    await sh.write(f"{frames[depth].called_from} {frames[depth + 1].function} {frames[depth + 1].source}\n")
    return 0
