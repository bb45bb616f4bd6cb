"""shift - Shift positional parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.builtin import dash_error

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

DASH = True
SYNOPSIS = "shift [n]"


async def run(sh: Shell, args: list[str]) -> int:
    """Status 1 when there are fewer than n."""
    count = 1
    words = args[1:] if args[:1] == ["--"] else args
    if words:
        if not words[0].lstrip("+-").isdigit():
            if sh.dialect.is_dash:
                return await dash_error(sh, "shift", f"Illegal number: {words[0]}")
            await sh.report(f"shift: {words[0]}: numeric argument required")
            return 1
        if len(words) > 1 and not sh.dialect.is_dash:
            await sh.report("shift: too many arguments")
            return 1
        count = int(words[0])
    if count < 0 and not sh.dialect.is_dash:
        await sh.report(f"shift: {words[0]}: shift count out of range")
        return 1
    if count > len(sh.state.positional):
        if sh.dialect.is_dash:
            return await dash_error(sh, "shift", "can't shift that many")
        if sh.state.shopt["shift_verbose"]:
            await sh.report(f"shift: {count}: shift count out of range")
        return 1
    sh.state.positional = sh.state.positional[count:]
    return 0
