"""The text that vi edits: lines, cursor, undo, registers, marks. It knows no key and no screen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

UNDO_MAX = 500


class Position(NamedTuple):
    """A place in the text, both counted from 0."""

    row: int
    col: int


@dataclass
class Register:
    """What was yanked or deleted: whole lines, or a piece of text."""

    lines: list[str]
    linewise: bool


@dataclass
class Snapshot:
    """The text before a change, and where the cursor was."""

    lines: list[str]
    row: int
    col: int
    empty: bool


@dataclass
class Text:
    """The buffer. There is always at least one line; `empty` tells a buffer without any from one with an empty line."""

    lines: list[str] = field(default_factory=lambda: [""])
    row: int = 0
    col: int = 0
    wanted: int = 0  # the column that j and k try to keep
    modified: bool = False
    empty: bool = True
    undo_list: list[Snapshot] = field(default_factory=list)
    redo_list: list[Snapshot] = field(default_factory=list)
    registers: dict[str, Register] = field(default_factory=dict)
    marks: dict[str, Position] = field(default_factory=dict)

    @property
    def line(self) -> str:
        """The line under the cursor."""
        return self.lines[self.row]

    def load(self, lines: list[str]) -> None:
        """Another text."""
        self.empty = not lines
        self.lines = lines or [""]
        self.row = self.col = self.wanted = 0
        self.modified = False
        self.undo_list.clear()
        self.redo_list.clear()
        self.marks.clear()

    def stored(self) -> list[str]:
        """The lines that belong into a file."""
        return [] if self.empty and self.lines == [""] else self.lines

    # --- undo ---------------------------------------------------------------------------------------------------------

    def remember(self) -> None:
        """A change begins."""
        self.undo_list.append(Snapshot(self.lines[:], self.row, self.col, self.empty))
        del self.undo_list[:-UNDO_MAX]
        self.redo_list.clear()
        self.modified = True
        self.empty = False

    def restore(self, source: list[Snapshot], target: list[Snapshot]) -> tuple[int, int] | None:
        """Undo or redo: (lines before, lines after), None when there is nothing."""
        if not source:
            return None
        then = source.pop()
        target.append(Snapshot(self.lines[:], self.row, self.col, self.empty))
        before = len(self.stored())
        pairs = enumerate(zip(self.lines, then.lines, strict=False))
        first = next((number for number, (old, new) in pairs if old != new), min(before, len(then.lines)))
        self.lines, self.empty = then.lines, then.empty
        self.row, self.col = max(0, min(first, len(self.lines) - 1)), then.col if first == then.row else 0
        self.modified = True
        return before, len(self.stored())

    # --- places -------------------------------------------------------------------------------------------------------

    def clamp(self, *, past_end: bool = False) -> None:
        """Keep the cursor on the text; in insert mode it may stand after the last character."""
        self.row = max(0, min(self.row, len(self.lines) - 1))
        self.col = max(0, min(self.col, len(self.line) - (not past_end)))

    def first_word(self, row: int) -> int:
        """The column of the first character that is no blank."""
        line = self.lines[row]
        return min(len(line) - len(line.lstrip()), max(0, len(line) - 1))

    # --- pieces -------------------------------------------------------------------------------------------------------

    def piece(self, start: Position, end: Position) -> list[str]:
        """The text from `start` to just before `end`, as lines."""
        if start.row == end.row:
            return [self.lines[start.row][start.col : end.col]]
        return [self.lines[start.row][start.col :], *self.lines[start.row + 1 : end.row], self.lines[end.row][: end.col]]

    def cut(self, start: Position, end: Position) -> None:
        """Take out the text from `start` to just before `end`."""
        self.lines[start.row : end.row + 1] = [self.lines[start.row][: start.col] + self.lines[end.row][end.col :]]
        self.row, self.col = start

    def insert(self, text: str) -> None:
        """Text at the cursor, which moves behind it."""
        head, tail = self.line[: self.col], self.line[self.col :]
        new = (head + text).split("\n")
        self.lines[self.row : self.row + 1] = [*new[:-1], new[-1] + tail]
        self.row += len(new) - 1
        self.col = len(new[-1])

    def cut_lines(self, first: int, last: int) -> None:
        """Take out whole lines."""
        del self.lines[first : last + 1]
        if not self.lines:
            self.lines, self.empty = [""], True
        self.row = min(first, len(self.lines) - 1)
        self.col = self.first_word(self.row)

    def keep(self, register: str, lines: list[str], *, linewise: bool, yanked: bool = False) -> None:
        """Put something into a register (a capital letter appends) and into the unnamed one."""
        entry = Register(lines, linewise)
        if register.isupper() and register.lower() in self.registers:
            old = self.registers[register.lower()]
            entry = Register([*old.lines, *lines], old.linewise or linewise)
        if register and register != '"':
            self.registers[register.lower()] = entry
        elif yanked:
            self.registers["0"] = entry
        elif linewise or len(lines) > 1:
            for number in range(9, 1, -1):
                if str(number - 1) in self.registers:
                    self.registers[str(number)] = self.registers[str(number - 1)]
            self.registers["1"] = entry
        self.registers['"'] = entry
