"""The forms in which changes are shown: normal, ed, unified, context, side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from maillab.shell.commands.diffutils._compare import Change

NO_NEWLINE = b"\n\\ No newline at end of file\n"
TAB, GUTTER = 8, 3


@dataclass
class Texts:
    """Two files as lines with their newlines, and what changed."""

    old: list[bytes]
    new: list[bytes]
    changes: list[Change]


def whole(line: bytes) -> bytes:
    """A line with its newline, or with the remark that it has none."""
    return line if line.endswith(b"\n") else line + NO_NEWLINE


def span(start: int, count: int) -> str:
    """Line numbers of the normal form: N, or N,M; for no lines the number of the line before."""
    if count == 0:
        return str(start)
    return str(start + 1) if count == 1 else f"{start + 1},{start + count}"


def normal(texts: Texts) -> Iterator[bytes]:
    """2c2, < and >."""
    for change in texts.changes:
        letter = "a" if not change.deleted else "d" if not change.inserted else "c"
        yield f"{span(change.at, change.deleted)}{letter}{span(change.to, change.inserted)}\n".encode()
        for line in texts.old[change.at : change.at + change.deleted]:
            yield b"< " + whole(line)
        if letter == "c":
            yield b"---\n"
        for line in texts.new[change.to : change.to + change.inserted]:
            yield b"> " + whole(line)


def ed(texts: Texts) -> Iterator[bytes]:
    """Commands for ed, last change first."""
    for change in reversed(texts.changes):
        letter = "a" if not change.deleted else "d" if not change.inserted else "c"
        yield f"{span(change.at, change.deleted)}{letter}\n".encode()
        if letter != "d":
            for line in texts.new[change.to : change.to + change.inserted]:
                yield b"..\ns/.//\na\n" if line == b".\n" else line if line.endswith(b"\n") else line + b"\n"
            yield b".\n"


def rcs(texts: Texts) -> Iterator[bytes]:
    """The form of RCS."""
    for change in texts.changes:
        if change.deleted:
            yield f"d{change.at + 1} {change.deleted}\n".encode()
        if change.inserted:
            yield f"a{change.at + change.deleted} {change.inserted}\n".encode()
            yield from texts.new[change.to : change.to + change.inserted]


def groups(texts: Texts, context: int) -> Iterator[list[Change]]:
    """Changes that share context."""
    group: list[Change] = []
    for change in texts.changes:
        if group and change.at - (group[-1].at + group[-1].deleted) > 2 * context:
            yield group
            group = []
        group.append(change)
    if group:
        yield group


def bounds(texts: Texts, group: list[Change], context: int) -> tuple[int, int, int, int]:
    """The lines of a hunk in both files."""
    first, last = group[0], group[-1]
    start, other = max(0, first.at - context), max(0, first.to - context)
    lead = min(first.at - start, first.to - other)
    tail = min(context, len(texts.old) - last.at - last.deleted)
    return first.at - lead, last.at + last.deleted + tail, first.to - lead, last.to + last.inserted + tail


def unified(texts: Texts, context: int) -> Iterator[bytes]:
    """@@ hunks."""

    def numbers(start: int, end: int) -> str:
        count = end - start
        return str(start + 1) if count == 1 else f"{start + (count > 0)},{count}"

    for group in groups(texts, context):
        low, high, left, right = bounds(texts, group, context)
        yield f"@@ -{numbers(low, high)} +{numbers(left, right)} @@\n".encode()
        at = low
        for change in group:
            for line in texts.old[at : change.at]:
                yield b" " + whole(line)
            for line in texts.old[change.at : change.at + change.deleted]:
                yield b"-" + whole(line)
            for line in texts.new[change.to : change.to + change.inserted]:
                yield b"+" + whole(line)
            at = change.at + change.deleted
        for line in texts.old[at:high]:
            yield b" " + whole(line)


def contextual(texts: Texts, context: int) -> Iterator[bytes]:
    """*** hunks."""
    for group in groups(texts, context):
        low, high, left, right = bounds(texts, group, context)
        yield b"***************\n"
        yield f"*** {pair(low, high)} ****\n".encode()
        if any(change.deleted for change in group):
            yield from half(texts.old, low, high, [(c.at, c.deleted, b"!" if c.inserted else b"-") for c in group])
        yield f"--- {pair(left, right)} ----\n".encode()
        if any(change.inserted for change in group):
            yield from half(texts.new, left, right, [(c.to, c.inserted, b"!" if c.deleted else b"+") for c in group])


def pair(start: int, end: int) -> str:
    """First and last line of a context hunk."""
    return str(end) if end - start <= 1 else f"{start + 1},{end}"


def half(lines: list[bytes], start: int, end: int, marked: list[tuple[int, int, bytes]]) -> Iterator[bytes]:
    """One file's part of a context hunk."""
    marks = {number: mark for at, count, mark in marked for number in range(at, at + count)}
    for number in range(start, end):
        yield marks.get(number, b" ") + b" " + whole(lines[number])


class SideBySide:
    """Two columns in `width` characters; `suppress` leaves common lines out, `left_only` shows them once."""

    def __init__(self, width: int, *, suppress: bool, left_only: bool, expand: bool) -> None:
        tab = 1 if expand else TAB
        unaligned = (width >> 1) + ((tab + GUTTER) >> 1) + (width & (tab + GUTTER) & 1)
        offset = unaligned - unaligned % tab
        self.half = max(0, min(offset - GUTTER, width - offset))
        self.second = offset if self.half else width
        self.suppress = suppress
        self.left_only = left_only
        self.expand = expand

    def lines(self, texts: Texts) -> Iterator[bytes]:
        """All lines."""
        at = to = 0
        for change in texts.changes:
            yield from self.common(texts, at, change.at, to)
            both = min(change.deleted, change.inserted)
            for n in range(both):
                yield self.line(texts.old[change.at + n], b"|", texts.new[change.to + n])
            for n in range(both, change.deleted):
                yield self.line(texts.old[change.at + n], b"<", None)
            for n in range(both, change.inserted):
                yield self.line(None, b">", texts.new[change.to + n])
            at, to = change.at + change.deleted, change.to + change.inserted
        yield from self.common(texts, at, len(texts.old), to)

    def common(self, texts: Texts, start: int, end: int, to: int) -> Iterator[bytes]:
        """Lines that did not change."""
        if not self.suppress:
            for number in range(start, end):
                if self.left_only:
                    yield self.line(texts.old[number], b"(", None)
                else:
                    yield self.line(texts.old[number], b" ", texts.new[to + number - start])

    def line(self, left: bytes | None, mark: bytes, right: bytes | None) -> bytes:
        """One line of both columns."""
        out, column = self.cell(left) if left is not None else (b"", 0)
        if mark != b" ":
            if left is not None and right is not None and left.endswith(b"\n") != right.endswith(b"\n"):
                mark = b"\\" if right.endswith(b"\n") else b"/"
            place = (self.half + self.second - 1) >> 1
            out += self.fill(column, place) + mark
            column = place + 1
        if right is not None and right != b"\n":
            out += self.fill(column, self.second) + self.cell(right)[0]
        return out + b"\n"

    def fill(self, column: int, target: int) -> bytes:
        """Tabs, then spaces, up to a column."""
        out = b""
        while not self.expand and column // TAB * TAB + TAB <= target:
            column = column // TAB * TAB + TAB
            out += b"\t"
        return out + b" " * (target - column)

    def cell(self, line: bytes) -> tuple[bytes, int]:
        """A line cut to half the width, and the column where it ends."""
        out, column = bytearray(), 0
        for byte in line.rstrip(b"\n"):
            if byte == 9:
                following = column // TAB * TAB + TAB
                if following > self.half:
                    break
                out += b" " * (following - column) if self.expand else b"\t"
                column = following
            else:
                if column >= self.half:
                    break
                out.append(byte)
                column += 1
        return bytes(out), column
