"""break and continue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.builtin import dash_error
from maillab.shell.control import Discard, LoopExit, ShellExit

if TYPE_CHECKING:
    from maillab.shell.shell import Shell


async def leave_loops(sh: Shell, name: str, args: list[str]) -> int:
    """Unwind to the loop; outside of loops only a complaint."""
    if not sh.state.loops:
        if not sh.dialect.is_dash:
            await sh.report(f"{name}: only meaningful in a `for', `while', or `until' loop")
        return 0
    levels = 1
    if args:
        if not args[0].lstrip("+-").isdigit() or (sh.dialect.is_dash and args[0].startswith("-")):
            if sh.dialect.is_dash:
                return await dash_error(sh, name, f"Illegal number: {args[0]}")
            await sh.report(f"{name}: {args[0]}: numeric argument required")
            raise ShellExit(128)
        if len(args) > 1 and not sh.dialect.is_dash:
            await sh.report(f"{name}: too many arguments")
            raise Discard(1)
        levels = int(args[0])
        if levels <= 0:
            if sh.dialect.is_dash:
                return await dash_error(sh, name, f"Illegal number: {args[0]}")
            await sh.report(f"{name}: {args[0]}: loop count out of range")
            raise LoopExit(sh.state.loops, again=False, status=1)
    raise LoopExit(min(levels, sh.state.loops), again=name == "continue")
