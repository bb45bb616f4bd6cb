"""shopt - Set and unset shell options."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.builtin import options
from maillab.shell.builtins import set as settings
from maillab.shell.state import SET_OPTIONS

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

SYNOPSIS = "shopt [-pqsu] [-o] [optname ...]"


async def run(sh: Shell, args: list[str]) -> int:
    """-s sets, -u unsets, -q only tests, -p prints commands, -o is about the options of set."""
    given = await options(sh, "shopt", args, "psuqo")
    if "s" in given and "u" in given:
        await sh.report("shopt: cannot set and unset shell options simultaneously")
        return 1
    table = {name: sh.state.options[name] for name in sorted(SET_OPTIONS)} if "o" in given else sh.state.shopt
    names = given.operands or list(table)
    status = 0
    for name in names:
        if name not in table:
            await sh.report(f"shopt: {name}: invalid {'option' if 'o' in given else 'shell option'} name")
            status = 1
        elif given.operands and ("s" in given or "u" in given):
            switch(sh, name, "s" in given, "o" in given)
        else:
            if given.operands and not table[name]:
                status = 1
            wanted = table[name] == ("s" in given) if "s" in given or "u" in given else True
            if wanted and "q" not in given:
                await sh.write(shown(name, table[name], "p" in given, "o" in given))
    return status if given.operands else 0


def switch(sh: Shell, name: str, on: bool, options_of_set: bool) -> None:
    if options_of_set:
        settings.switch(sh, name, on)
    else:
        sh.state.shopt[name] = on


def shown(name: str, on: bool, command: bool, options_of_set: bool) -> str:
    if command:
        return f"set {'-' if on else '+'}o {name}\n" if options_of_set else f"shopt -{'s' if on else 'u'} {name}\n"
    return f"{name:<15}\t{'on' if on else 'off'}\n"
