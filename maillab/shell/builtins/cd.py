"""cd - Change the shell working directory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.builtin import options
from maillab.shell.directories import change
from maillab.sim.host.errno import SysError

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
    if sh.state.interactive and sh.state.shopt["cdspell"] and not sh.sys.isdir(name):
        corrected = spelled(sh, name)
        if corrected:
            await sh.write(corrected + "\n")
            return await change(sh, corrected, "cd", physical=physical)
    if sh.state.shopt["cdable_vars"] and not sh.sys.isdir(name) and sh.state.variables.get(name):
        return await change(sh, sh.state.variables.text(name), "cd", physical=physical, show=True)
    return await change(sh, name, "cd", physical=physical)


def spelled(sh: Shell, path: str) -> str:
    """The existing path that differs by one slip a component (shopt cdspell); "" when there is none."""
    found = "/" if path.startswith("/") else ""
    for part in [part for part in path.split("/") if part]:
        try:
            names = sh.sys.listdir(found or ".")
        except SysError:
            return ""
        near = part if part in names or part in (".", "..") else next((name for name in sorted(names) if one_slip(part, name)), "")
        if not near:
            return ""
        found += near + "/"
    return found.rstrip("/") or "/"


def one_slip(typed: str, name: str) -> bool:
    """One character too many, missing, different, or two exchanged."""
    if abs(len(typed) - len(name)) > 1:
        return False
    at = next((i for i, (a, b) in enumerate(zip(typed, name, strict=False)) if a != b), min(len(typed), len(name)))
    rest, other = typed[at:], name[at:]
    return rest[1:] == other[1:] or rest[1:] == other or rest == other[1:] or (rest[:2] == other[:2][::-1] and rest[2:] == other[2:])
