"""printf - Formats and prints ARGUMENTS under control of the FORMAT."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.builtin import dash_error, options, usage
from maillab.shell.formatting import Formatter
from maillab.shell.source import NAME

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

DASH = True
SYNOPSIS = "printf [-v var] format [arguments]"


async def run(sh: Shell, args: list[str]) -> int:
    """The format is used again while arguments are left."""
    if sh.dialect.is_dash:
        words = args[1:] if args[:1] == ["--"] else args
        if not words:
            return await dash_error(sh, "printf", "usage: printf format [arg ...]")
        target = ""
    else:
        given = await options(sh, "printf", args, "v:")
        words, target = given.operands, given.value("v")
        if not words:
            return await usage(sh, "printf")
        if target and not NAME.fullmatch(target.partition("[")[0]):
            await sh.report(f"printf: `{target}': not a valid identifier")
            return 2
    formatter = Formatter(sh, words[0], words[1:])
    text = formatter.run()
    for message in formatter.errors:
        await sh.report(f"printf: {message}")
    if target:
        base, _, subscript = target.partition("[")
        if subscript:
            sh.state.variables.set_element(base, subscript.removesuffix("]"), text)
        else:
            sh.state.variables.set(target, text)
    elif text:
        await sh.write(text)
    return formatter.status
