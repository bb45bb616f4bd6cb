"""command - Execute a simple command or display information about commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell import builtin
from maillab.shell.builtin import Options, options
from maillab.shell.calling import call_builtin, run_program
from maillab.shell.naming import Meaning, meanings, sentence
from maillab.shell.printer import function_text
from maillab.shell.quoting import single
from maillab.shell.syntax import Simple

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

DASH = True
SYNOPSIS = "command [-pVv] command [arg ...]"
STANDARD_PATH = "/bin:/usr/bin:/sbin:/usr/sbin"


async def run(sh: Shell, args: list[str]) -> int:
    """-v and -V only say; -p searches the standard places."""
    given = await options(sh, "command", args, "pVv")
    words = given.operands
    if not words:
        return 0
    if "v" in given or "V" in given:
        return await describe(sh, words, given)
    target = builtin.find(sh, words[0])
    if target is not None:
        return await call_builtin(sh, words, target)
    scope = sh.state.variables.push("temporary") if "p" in given else None
    try:
        if scope is not None:
            scope.names["PATH"] = type(sh.state.variables.scopes[0].names["PATH"])(STANDARD_PATH, exported=True)
        return await run_program(sh, Simple(line=sh.state.line), words, tail=False, listed=False)
    finally:
        if scope is not None:
            sh.state.variables.scopes.remove(scope)


async def describe(sh: Shell, words: list[str], given: Options) -> int:
    """1 when nothing was found (dash: 127)."""
    status = 127 if sh.dialect.is_dash else 1
    for name in words if not sh.dialect.is_dash else words[:1]:
        found = meanings(sh, name)
        if found:
            status = 0
            await sh.write(described(sh, name, found[0], long="V" in given) + "\n")
        elif "V" in given:
            if sh.dialect.is_dash:
                await sh.write(f"{name}: not found\n")
            else:
                await sh.report(f"command: {name}: not found")
    return status


def described(sh: Shell, name: str, meaning: Meaning, *, long: bool) -> str:
    if long:
        text = sentence(sh, name, meaning)
        if meaning.kind == "function" and not sh.dialect.is_dash:
            text += "\n" + function_text(sh.state.functions[name])
        return text
    if meaning.kind == "alias":
        return f"alias {name}={single(meaning.text)}"
    return meaning.text if meaning.kind == "file" else name
