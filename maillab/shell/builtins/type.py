"""type - Display information about command type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.builtin import Options, options
from maillab.shell.naming import Meaning, meanings, sentence
from maillab.shell.printer import function_text

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

DASH = True
SYNOPSIS = "type [-afptP] name [name ...]"


async def run(sh: Shell, args: list[str]) -> int:
    """-a all meanings, -t one word, -p and -P the file, -f no functions."""
    given = Options({}, args) if sh.dialect.is_dash else await options(sh, "type", args, "afptP")
    status = 0
    for name in given.operands:
        found = meanings(sh, name, everything="a" in given, functions="f" not in given, path_only="P" in given)
        if not found:
            status = 127 if sh.dialect.is_dash else 1
            await unknown(sh, name, given)
        for meaning in found:
            await show(sh, name, meaning, given)
    return status


async def unknown(sh: Shell, name: str, given: Options) -> None:
    if sh.dialect.is_dash:
        await sh.write(f"{name}: not found\n")
    elif not any(letter in given for letter in "tpP"):
        await sh.report(f"type: {name}: not found")


async def show(sh: Shell, name: str, meaning: Meaning, given: Options) -> None:
    """One meaning in the form asked for."""
    if "t" in given:
        await sh.write(meaning.kind + "\n")
    elif "p" in given or "P" in given:
        if meaning.kind == "file":
            await sh.write(meaning.text + "\n")
    else:
        text = sentence(sh, name, meaning) + "\n"
        if meaning.kind == "function" and not sh.dialect.is_dash:
            text += function_text(sh.state.functions[name]) + "\n"
        await sh.write(text)
