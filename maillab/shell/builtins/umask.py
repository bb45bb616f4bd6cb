"""umask - Display or set file mode mask."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from maillab.shell.builtin import dash_error, options

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

DASH = True
SYNOPSIS = "umask [-p] [-S] [mode]"
CLAUSE = re.compile(r"([ugoa]*)([-+=])([rwxXst]*)")
BITS = {"r": 4, "w": 2, "x": 1, "X": 1}
SHIFTS = {"u": 6, "g": 3, "o": 0}


async def run(sh: Shell, args: list[str]) -> int:
    """Octal or symbolic; -S shows symbols."""
    given = await options(sh, "umask", args, "S" if sh.dialect.is_dash else "pS")
    mask = sh.sys.umask(0)
    sh.sys.umask(mask)
    if not given.operands:
        text = symbolic(mask) if "S" in given else f"{mask:04o}"
        await sh.write(("umask " + ("-S " if "S" in given else "") if "p" in given else "") + text + "\n")
        return 0
    word = given.operands[0]
    if word[:1].isdigit():
        if not re.fullmatch(r"[0-7]+", word) or (int(word, 8) > 0o777 and not sh.dialect.is_dash):
            if sh.dialect.is_dash:
                return await dash_error(sh, "umask", f"Illegal number: {word}")
            await sh.report(f"umask: {word}: octal number out of range")
            return 1
        sh.sys.umask(int(word, 8) & 0o777)
    else:
        new = await parse(sh, word, mask)
        if new is None:
            return 1
        sh.sys.umask(new)
        if "S" in given and not sh.dialect.is_dash:
            await sh.write(symbolic(new) + "\n")
    return 0


def symbolic(mask: int) -> str:
    """u=rwx,g=rx,o=rx"""
    allowed = ~mask
    return ",".join(
        f"{who}=" + "".join(letter for letter in "rwx" if allowed >> SHIFTS[who] & BITS[letter]) for who in "ugo"
    )  # fmt: skip


async def parse(sh: Shell, text: str, mask: int) -> int | None:
    """A symbolic mode; None after a complaint."""
    allowed = ~mask & 0o777
    for clause in text.split(","):
        found = CLAUSE.fullmatch(clause)
        if found is None:
            bad = next((ch for ch in clause if ch not in "ugoa"), clause)
            await sh.report(f"umask: `{bad}': invalid symbolic mode operator")
            return None
        who = "ugo" if not found[1] or "a" in found[1] else found[1]
        bits = sum(BITS.get(letter, 0) for letter in dict.fromkeys(found[3]))
        for letter in dict.fromkeys(who):
            shifted = bits << SHIFTS[letter]
            if found[2] == "+":
                allowed |= shifted
            elif found[2] == "-":
                allowed &= ~shifted
            else:
                allowed = allowed & ~(7 << SHIFTS[letter]) | shifted
    return ~allowed & 0o777
