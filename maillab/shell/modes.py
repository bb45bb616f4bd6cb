"""File modes: as ls shows them, and as chmod, mkdir and install take them (octal or symbolic; POSIX chmod with GNU's extensions)."""

from __future__ import annotations

import re
import stat
from collections.abc import Callable

_CLAUSE = re.compile(r"([ugoa]*)((?:[-+=](?:[rwxXst]*|[ugo]))+)|()([-+=][0-7]+)")
_ACTION = re.compile(r"([-+=])([ugo](?![rwxXst])|[rwxXst]+|[0-7]+|)")
_WHO = {"u": 0o4700, "g": 0o2070, "o": 0o1007, "a": 0o7777}
_BITS = {"r": 0o444, "w": 0o222, "x": 0o111, "s": 0o6000, "t": 0o1000}
_SHIFT = {"u": 6, "g": 3, "o": 0}

Change = Callable[[int, bool, int], int]
"""(old permission bits, is a directory, umask) -> new permission bits"""


def mode_string(mode: int, kind: str) -> str:
    """Ten characters as `ls -l` shows them; `kind` is the first (`-dlpscb`)."""
    out = [kind]
    for shift, special, letter in ((6, stat.S_ISUID, "s"), (3, stat.S_ISGID, "s"), (0, stat.S_ISVTX, "t")):
        bits = mode >> shift
        out.append("r" if bits & 4 else "-")
        out.append("w" if bits & 2 else "-")
        if mode & special:
            out.append(letter if bits & 1 else letter.upper())
        else:
            out.append("x" if bits & 1 else "-")
    return "".join(out)


def parse_mode(text: str) -> Change | None:
    """The change a mode argument asks for; None when it is invalid.

    Octal modes of fewer than five digits keep the set-id bits of directories, as GNU's chmod does.
    """
    if re.fullmatch("[0-7]+", text):
        value = int(text, 8)
        if value > 0o7777:
            return None
        return lambda old, directory, umask: value | (old & 0o6000 if directory and len(text) < 5 else 0)
    clauses = text.split(",")
    if not all(_CLAUSE.fullmatch(clause) for clause in clauses):
        return None

    def change(old: int, directory: bool, umask: int) -> int:
        mode = old
        for clause in clauses:
            found = _CLAUSE.fullmatch(clause)
            assert found
            for operator, what in _ACTION.findall(found[2] or found[4]):
                mode = _apply(mode, found[1] or "", operator, what, directory, umask)
        return mode

    return change


def _apply(mode: int, who: str, operator: str, what: str, directory: bool, umask: int) -> int:
    """One `u+x`: the new bits. Without `who`, all are meant but what the umask forbids is left alone."""
    affected = 0
    for letter in who or "a":
        affected |= _WHO[letter]
    if what and what in "ugo":
        bits = (mode >> _SHIFT[what] & 7) * 0o111
    elif what and what[0] in "01234567":
        bits, affected = int(what, 8), 0o7777
    else:
        bits = sum(_BITS[letter] for letter in {*what} if letter != "X")
        if "X" in what and (directory or mode & 0o111):
            bits |= 0o111
    if what and what[0] not in "01234567":
        bits &= affected if who else affected & ~umask
    if operator == "+":
        return mode | bits
    if operator == "-":
        return mode & ~bits
    kept = 0o6000 if directory and "s" not in what and not what.isdigit() else 0
    if not who:
        return bits | (mode & kept)
    return mode & ~(affected & ~kept) & 0o7777 | bits
