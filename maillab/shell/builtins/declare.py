"""declare - Set variable values and attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.declaring import declare

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

DASH = False
SYNOPSIS = "declare [-aAfFgiIlnrtux] [name[=value] ...] or declare -p [-aAfFilnrtux] [name ...]"


async def run(sh: Shell, args: list[str]) -> int:
    """Declare or list."""
    return await declare(sh, "declare", args)
