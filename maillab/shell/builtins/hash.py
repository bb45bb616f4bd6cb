"""hash - Remember or display program locations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell import builtin
from maillab.shell.builtin import Options, options
from maillab.shell.calling import search_path
from maillab.shell.state import Hashed

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

DASH = True
SYNOPSIS = "hash [-lr] [-p pathname] [-dt] [name ...]"


async def run(sh: Shell, args: list[str]) -> int:
    """-r forgets all, -d one, -p says where, -t prints where, -l prints commands."""
    given = await options(sh, "hash", args, "rv" if sh.dialect.is_dash else "lrp:dt")
    if "r" in given:
        sh.state.hashed.clear()
    if not given.operands:
        return 0 if "r" in given else await listing(sh, given)
    status = 0
    for name in given.operands:
        status = await one(sh, name, given) or status
    return status


async def listing(sh: Shell, given: Options) -> int:
    """The table."""
    table = sh.state.hashed
    if sh.dialect.is_dash:
        await sh.write("".join(f"{item.path}\n" for item in table.values()))
    elif not table:
        await sh.write("hash: hash table empty\n")
    elif "l" in given:
        await sh.write("".join(f"builtin hash -p {item.path} {name}\n" for name, item in table.items()))
    else:
        await sh.write("hits\tcommand\n" + "".join(f"{item.hits:4d}\t{item.path}\n" for item in table.values()))
    return 0


async def one(sh: Shell, name: str, given: Options) -> int:
    """One name."""
    table = sh.state.hashed
    if "p" in given:
        table[name] = Hashed(given.value("p"))
        return 0
    if "t" in given or "d" in given:
        if name not in table:
            await sh.report(f"hash: {name}: not found")
            return 1
        if "d" in given:
            del table[name]
        else:
            await sh.write(f"{name}\t{table[name].path}\n" if len(given.operands) > 1 else f"{table[name].path}\n")
        return 0
    if "/" in name or name in sh.state.functions or builtin.find(sh, name) is not None:
        return 0
    found = search_path(sh, name)
    if not found:
        await sh.report(f"hash: {name}: not found")
        return 1
    table[name] = Hashed(found[0])
    return 0
