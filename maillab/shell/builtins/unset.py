"""unset - Unset values and attributes of shell variables and functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.builtin import dash_error, options
from maillab.shell.control import ShellError
from maillab.shell.source import NAME

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

DASH = True
SYNOPSIS = "unset [-f] [-v] [-n] [name ...]"


async def run(sh: Shell, args: list[str]) -> int:
    """-f functions, -v variables, -n the name reference itself; without option variables first."""
    given = await options(sh, "unset", args, "fv" if sh.dialect.is_dash else "fvn")
    if "f" in given and "v" in given and not sh.dialect.is_dash:
        await sh.report("unset: cannot simultaneously unset a function and a variable")
        return 1
    status = 0
    for word in given.operands:
        try:
            status = await forget(sh, word, "f" in given, "v" in given, "n" in given) or status
        except ShellError as error:
            if sh.dialect.is_dash:
                return await dash_error(sh, "unset", f"{word}: is read only")
            await sh.report(f"unset: {error.message}")
            status = 1
    return status


async def forget(sh: Shell, word: str, function: bool, variable: bool, reference: bool) -> int:
    """One name. Raises ShellError."""
    state = sh.state
    if function:
        return drop_function(sh, word)
    base = word.partition("[")[0]
    if not NAME.fullmatch(base) or (base != word and not word.endswith("]")):
        if not variable and (word in state.functions or not sh.dialect.is_dash):
            return drop_function(sh, word)
        if sh.dialect.is_dash:
            return await dash_error(sh, "unset", f"{word}: bad variable name")
        await sh.report(f"unset: `{word}': not a valid identifier")
        return 1
    if base != word:
        state.variables.unset_element(base, word[len(base) + 1 : -1])
        return 0
    if reference:
        found = state.variables.lookup(word)
        if found is not None and found.nameref:
            found.nameref = False
            found.value = None
        return 0
    if not state.variables.unset(word) and not variable:
        state.functions.pop(word, None)
    return 0


def drop_function(sh: Shell, name: str) -> int:
    if name in sh.state.readonly_functions:
        raise ShellError(f"{name}: cannot unset: readonly function")
    sh.state.functions.pop(name, None)
    sh.state.exported_functions.pop(name, None)
    return 0
