"""cd - change the current directory"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.builtin import options
from maillab.shell.directories import change

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

DASH = True
SYNOPSIS = "cd [-L|[-P [-e]] [-@]] [dir]"


async def run(sh: Shell, args: list[str]) -> int:
    """HOME without operand, OLDPWD for -, CDPATH for relative names."""
    given = await options(sh, "cd", args, "LP" if sh.dialect.is_dash else "LPe@")
    words = given.operands
    if len(words) > 1 and not sh.dialect.is_dash:
        await sh.report("cd: too many arguments")
        return 1
    physical = "P" in given or sh.option("physical")
    variables = sh.state.variables
    if not words:
        home = variables.get("HOME")
        if home is None and not sh.dialect.is_dash:
            await sh.report("cd: HOME not set")
            return 1
        return await change(sh, home or "", "cd", physical=physical) if home else 0
    if words[0] == "-":
        old = variables.get("OLDPWD")
        if old is None and not sh.dialect.is_dash:
            await sh.report("cd: OLDPWD not set")
            return 1
        return await change(sh, old or ".", "cd", physical=physical, show=True)
    return await search(sh, words[0], physical)


async def search(sh: Shell, name: str, physical: bool) -> int:
    """Try the directories of CDPATH first."""
    if not name:
        return 0
    if not name.startswith(("/", "./", "../")) and name not in (".", ".."):
        for base in sh.state.variables.text("CDPATH").split(":"):
            path = f"{base}/{name}" if base else name
            if base and sh.sys.isdir(path):
                return await change(sh, path, "cd", physical=physical, show=True)
    return await change(sh, name, "cd", physical=physical)
