"""enable - Enable and disable shell builtins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell import builtin
from maillab.shell.builtin import options

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

SYNOPSIS = "enable [-a] [-dnps] [-f filename] [name ...]"


async def run(sh: Shell, args: list[str]) -> int:
    """-n disables, -a lists all, -s only the special ones."""
    given = await options(sh, "enable", args, "adnpsf:")
    if "f" in given:
        name = given.value("f")
        await sh.report(f"enable: cannot open shared object {name}: {name}: cannot open shared object file: No such file or directory")
        return 1
    disabled = sh.state.disabled_builtins
    if not given.operands:
        for name in builtin.names():
            if "s" in given and name not in builtin.SPECIAL:
                continue
            if "a" in given or ("n" in given) == (name in disabled):
                await sh.write(f"enable {'-n ' if name in disabled else ''}{name}\n")
        return 0
    status = 0
    for name in given.operands:
        if builtin.module_of(name) is None:
            await sh.report(f"enable: {name}: not a shell builtin")
            status = 1
        elif "n" in given:
            disabled[name] = None
        else:
            disabled.pop(name, None)
    return status
