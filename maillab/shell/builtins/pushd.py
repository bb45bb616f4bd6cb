"""pushd - Add directories to stack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.builtin import usage
from maillab.shell.directories import change, logical, position, show_stack, stack

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

SYNOPSIS = "pushd [-n] [+N | -N | dir]"


async def run(sh: Shell, args: list[str]) -> int:
    """Without argument the two topmost change places; +N and -N rotate; -n does not change directory."""
    words = [word for word in args if word != "-n"]
    stay = "-n" in args
    paths = stack(sh)
    if not words:
        if len(paths) < 2:
            await sh.report("pushd: no other directory")
            return 1
        return await rotate(sh, [paths[1], paths[0], *paths[2:]], stay)
    word = words[0] if words[0] != "--" else (words[1] if len(words) > 1 else "")
    if word[:1] in ("+", "-") and word[1:].isdigit():
        index = position(word, len(paths))
        if index is None or len(paths) < 2:
            await sh.report("pushd: directory stack empty" if len(paths) < 2 else f"pushd: {word}: directory stack index out of range")
            return 1
        return await rotate(sh, paths[index:] + paths[:index], stay)
    if word.startswith("-") and len(word) > 1:
        await sh.report(f"pushd: {word}: invalid number")
        return await usage(sh, "pushd")
    if stay:
        sh.state.directories.insert(0, logical(paths[0], word))
    else:
        status = await change(sh, word, "pushd")
        if status:
            return status
        sh.state.directories.insert(0, paths[0])
    await show_stack(sh)
    return 0


async def rotate(sh: Shell, paths: list[str], stay: bool) -> int:
    """Make this the stack."""
    if not stay:
        status = await change(sh, paths[0], "pushd")
        if status:
            return status
    sh.state.directories[:] = paths[1:]
    await show_stack(sh)
    return 0
