"""trap - Trap signals and other events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell import quoting, traps
from maillab.shell.builtin import options, usage

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

DASH = True
SYNOPSIS = "trap [-lp] [[arg] signal_spec ...]"


async def run(sh: Shell, args: list[str]) -> int:
    """`trap command signals`, `trap - signals`, `trap '' signals`; alone it lists."""
    if sh.dialect.is_dash:
        words = args[1:] if args[:1] == ["--"] else args
        if words[:1] == ["-l"] or not words:
            await listing(sh, [])
            return 0
    else:
        given = await options(sh, "trap", args, "lp")
        words = given.operands
        if "l" in given:
            await sh.write(signal_table())
            return 0
        if "p" in given or not words:
            return await listing(sh, words)
    return await change(sh, words)


async def change(sh: Shell, words: list[str]) -> int:
    """Set, reset or ignore."""
    command: str | None = words[0]
    names = words[1:]
    if len(words) == 1 or words[0].isdigit():
        command = None
        names = words if len(words) == 1 or words[0].isdigit() else names
        if len(words) == 1 and traps.signal_name(words[0]) is None:
            if not sh.dialect.is_dash:
                return await usage(sh, "trap")
    elif command == "-":
        command = None
    status = 0
    for word in names:
        name = traps.signal_name(word)
        if name is None or (sh.dialect.is_dash and (name in ("ERR", "DEBUG", "RETURN") or word.upper().startswith("SIG"))):
            if sh.dialect.is_dash:
                await sh.complain(f"trap: {word}: bad trap\n")
            else:
                await sh.report(f"trap: {word}: invalid signal specification")
            status = 1
            continue
        if name in ("KILL", "STOP"):
            continue
        traps.set_trap(sh, name, command)
    return status


async def listing(sh: Shell, words: list[str]) -> int:
    """trap -p"""
    status = 0
    for word in words:
        if traps.signal_name(word) is None:
            await sh.report(f"trap: {word}: invalid signal specification")
            status = 1
    wanted = [traps.signal_name(word) for word in words]
    order = sorted(sh.state.traps, key=lambda name: (traps.PSEUDO.index(name) + 100 if name in traps.PSEUDO[1:] else traps.number_of(name)))
    for name in order:
        if wanted and name not in wanted:
            continue
        if sh.dialect.is_dash:
            await sh.write(f"trap -- {quoting.dash_single(sh.state.traps[name])} {name}\n")
        else:
            shown = name if name in traps.PSEUDO else "SIG" + name
            await sh.write(f"trap -- {quoting.single(sh.state.traps[name])} {shown}\n")
    return status


def signal_table() -> str:
    """trap -l and kill -l"""
    out = ""
    column = 0
    for number in range(1, traps.RT_MAX + 1):
        name = traps.name_of(number)
        if name is None:
            continue
        column += 1
        out += f"{number:2d}) SIG{name}"
        out += "\n" if column % 5 == 0 else "\t"
    return out if out.endswith("\n") else out + "\n"
