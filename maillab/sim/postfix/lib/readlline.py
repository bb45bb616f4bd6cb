"""Logical lines of Postfix text files: comments and empty lines are skipped, lines that start with a blank continue the one before.

Comments and empty lines may stand between the parts of a logical line; their text is joined without the newlines (postconf(5)).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

BLANK = " \t\r\n\f\v"
SHOWN = 30


class Logical(NamedTuple):
    """A logical line: its first and its last physical line (from 1), its text without newlines."""

    first: int
    last: int
    text: str


def logical_lines(text: str) -> Iterator[Logical]:
    """The logical lines of a file; one that starts with a blank has nothing to continue (see `stray`)."""
    parts: list[str] = []
    first = last = 0
    for number, line in enumerate(text.split("\n"), 1):
        stripped = line.lstrip(BLANK)
        if not stripped or stripped[0] == "#":
            continue
        if parts and line[0] in BLANK:
            parts.append(line)
        else:
            if parts:
                yield Logical(first, last, "".join(parts))
            parts, first = [line], number
        last = number
    if parts:
        yield Logical(first, last, "".join(parts))


def stray(path: str, line: Logical) -> str | None:
    """What to say of a logical line that starts with a blank: such a line is skipped."""
    if line.text[0] not in BLANK:
        return None
    dots = "..." if len(line.text) > SHOWN else ""
    return f'{path}: logical line must not start with whitespace: "{line.text[:SHOWN]}{dots}"'
