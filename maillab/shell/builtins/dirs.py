"""dirs - Display directory stack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.builtin import usage
from maillab.shell.directories import position, stack, with_tilde

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

SYNOPSIS = "dirs [-clpv] [+N] [-N]"


async def run(sh: Shell, args: list[str]) -> int:
    """-c clears, -l full names, -p one a line, -v with numbers, +N and -N one of them."""
    letters = ""
    chosen: int | None = None
    paths = stack(sh)
    for word in args:
        if position(word, 1 << 30) is not None or word[1:].isdigit():
            chosen = position(word, len(paths))
            if chosen is None:
                if len(paths) < 2:
                    await sh.report("dirs: directory stack empty")
                    return 1
                await sh.report(f"dirs: {word}: directory stack index out of range")
                return 1
        elif word.startswith("-") and all(letter in "clpv" for letter in word[1:]):
            letters += word[1:]
        else:
            await sh.report(f"dirs: {word}: invalid {'option' if word.startswith('-') else 'number'}")
            return await usage(sh, "dirs")
    if "c" in letters:
        sh.state.directories.clear()
        return 0
    shown = paths if "l" in letters else [with_tilde(sh, path) for path in paths]
    if chosen is not None:
        await sh.write(shown[chosen] + "\n")
    elif "v" in letters:
        await sh.write("".join(f"{index:2d}  {path}\n" for index, path in enumerate(shown)))
    else:
        await sh.write(("\n" if "p" in letters else " ").join(shown) + "\n")
    return 0
