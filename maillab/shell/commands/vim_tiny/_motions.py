"""Where motions lead: pure functions on a text."""

from __future__ import annotations

from typing import NamedTuple

from maillab.shell.commands.vim_tiny._text import Position, Text

PAIRS = {"(": ")", "[": "]", "{": "}"}


class Target(NamedTuple):
    """The end of a motion, and how an operator takes it: whole lines, or with the character at the end."""

    row: int
    col: int
    linewise: bool = False
    inclusive: bool = False


def kind(ch: str, big: bool) -> int:
    """Blank, word, other."""
    if not ch or ch.isspace():
        return 0
    return 1 if big or ch.isalnum() or ch == "_" else 2


def char(text: Text, at: Position) -> str:
    """The character there, "" at the end of a line."""
    return text.lines[at.row][at.col : at.col + 1]


def after(text: Text, at: Position) -> Position | None:
    """The next place; the end of a line counts as one, empty lines have just that."""
    if at.col + 1 < len(text.lines[at.row]):
        return Position(at.row, at.col + 1)
    return Position(at.row + 1, 0) if at.row + 1 < len(text.lines) else None


def before(text: Text, at: Position) -> Position | None:
    """The place before."""
    if at.col > 0:
        return Position(at.row, at.col - 1)
    return Position(at.row - 1, max(0, len(text.lines[at.row - 1]) - 1)) if at.row > 0 else None


def word_forward(text: Text, at: Position, big: bool) -> Position:
    """w"""
    start = kind(char(text, at), big)
    here: Position | None = at
    while here is not None and start and kind(char(text, here), big) == start:
        following = after(text, here)
        here = following
        if here is not None and here.col == 0:
            break
    while here is not None and kind(char(text, here), big) == 0:
        if text.lines[here.row] == "" and here != at:
            return here
        here = after(text, here)
    return here if here is not None else Position(len(text.lines) - 1, len(text.lines[-1]))


def word_end(text: Text, at: Position, big: bool) -> Position:
    """e"""
    here = after(text, at)
    while here is not None and kind(char(text, here), big) == 0:
        here = after(text, here)
    if here is None:
        return Position(len(text.lines) - 1, max(0, len(text.lines[-1]) - 1))
    line, col = text.lines[here.row], here.col
    while col + 1 < len(line) and kind(line[col + 1], big) == kind(line[col], big):
        col += 1
    return Position(here.row, col)


def word_back(text: Text, at: Position, big: bool) -> Position:
    """b"""
    here = before(text, at)
    while here is not None and kind(char(text, here), big) == 0 and text.lines[here.row]:
        here = before(text, here)
    if here is None:
        return Position(0, 0)
    line, col = text.lines[here.row], here.col
    while col > 0 and line and kind(line[col - 1], big) == kind(line[col], big):
        col -= 1
    return Position(here.row, col)


def find_char(line: str, col: int, how: str, wanted: str, count: int) -> int | None:
    """f, t, F, T: the column, None when it is not there."""
    step = 1 if how in "ft" else -1
    at = col
    for _ in range(count):
        at += step
        while 0 <= at < len(line) and line[at] != wanted:
            at += step
        if not 0 <= at < len(line):
            return None
    return at - step if how in "tT" else at


def bracket(text: Text) -> Position | None:
    """%: the bracket that belongs to the first one at or after the cursor."""
    line, col = text.line, text.col
    while col < len(line) and line[col] not in "()[]{}":
        col += 1
    if col >= len(line):
        return None
    opening = line[col] in PAIRS
    one = line[col]
    other = PAIRS[one] if opening else next(key for key, value in PAIRS.items() if value == one)
    here: Position | None = Position(text.row, col)
    depth = 0
    while here is not None:
        depth += (char(text, here) == one) - (char(text, here) == other)
        if depth == 0:
            return here
        here = after(text, here) if opening else before(text, here)
    return None


def paragraph(text: Text, step: int) -> Position:
    """} and {: the next empty line."""
    row = text.row + step
    while 0 <= row < len(text.lines) and not text.lines[row]:
        row += step
    while 0 <= row < len(text.lines) and text.lines[row]:
        row += step
    if row < 0:
        return Position(0, 0)
    return Position(row, 0) if row < len(text.lines) else Position(len(text.lines) - 1, max(0, len(text.lines[-1]) - 1))
