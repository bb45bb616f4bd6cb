"""times - Display process times."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.builtin import options

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

DASH = True
SYNOPSIS = "times"


async def run(sh: Shell, args: list[str]) -> int:
    """Two lines: user and system time."""
    if args and not sh.dialect.is_dash:
        await options(sh, "times", args, "")
    used = sh.sys.cpu
    if sh.dialect.is_dash:
        one = f"{used // 60_000_000}m{used % 60_000_000 / 1_000_000:.6f}s"
        await sh.write(f"{one} 0m0.000000s\n0m0.000000s 0m0.000000s\n")
    else:
        one = f"{used // 60_000_000}m{used % 60_000_000 // 1000 / 1000:.3f}s"
        await sh.write(f"{one} 0m0.000s\n0m0.000s 0m0.000s\n")
    return 0
