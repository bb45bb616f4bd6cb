"""Splitting a line over variables, as read does: quoted characters do not separate, the last takes the rest."""

from __future__ import annotations

BLANKS = " \t\n"


def split_line(text: str, marks: list[bool], ifs: str, count: int) -> list[str]:
    """At most `count` pieces (0: as many as there are)."""
    blanks = "".join(ch for ch in ifs if ch in BLANKS)

    def is_blank(at: int) -> bool:
        return at < len(text) and text[at] in blanks and not marks[at]

    def is_mark(at: int) -> bool:
        return at < len(text) and text[at] in ifs and not marks[at]

    end = len(text)
    while end > 0 and is_blank(end - 1):
        end -= 1
    position = 0
    while position < end and is_blank(position):
        position += 1
    pieces: list[str] = []
    while position < end:
        if count and len(pieces) == count - 1:
            pieces.append(last_piece(text, position, end, is_mark))
            break
        start = position
        while position < end and not is_mark(position):
            position += 1
        pieces.append(text[start:position])
        while is_blank(position):
            position += 1
        if position < end and is_mark(position):
            position += 1
            while is_blank(position):
                position += 1
    return pieces


def last_piece(text: str, start: int, end: int, is_mark: object) -> str:
    """The rest of the line; a single separator at its very end does not belong to it."""
    assert callable(is_mark)
    rest_ends = end
    if end > start and is_mark(end - 1) and not any(is_mark(at) for at in range(start, end - 1)):
        rest_ends = end - 1
    return text[start:rest_ends]
