"""The buffer of ed and its addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from maillab.sim.host import posix_regex


class Refused(Exception):
    """A command cannot be done: ed prints `?` and remembers this explanation for h."""


class Line(str):
    """A line with an identity: marks and g find it again wherever it moved."""

    __slots__ = ()


@dataclass
class Buffer:
    """Lines, numbered from 1; `current` is `.`"""

    lines: list[str] = field(default_factory=list)
    current: int = 0
    modified: bool = False
    marks: dict[str, str] = field(default_factory=dict)  # a `Line` of the buffer each
    kept: tuple[list[str], int] | None = None  # before the last command that changed something
    pattern: str = ""

    def remember(self) -> None:
        """A change begins: u comes back to here."""
        self.kept = (self.lines[:], self.current)
        self.modified = True

    def undo(self) -> None:
        """Take the last command back; again brings it back."""
        if self.kept is None:
            raise Refused("Nothing to undo")
        before = (self.lines[:], self.current)
        self.lines, self.current = self.kept
        self.kept = before
        self.modified = True

    def compiled(self, text: str) -> posix_regex.Regex:
        """An expression; the empty one is the last one used."""
        if not text and not self.pattern:
            raise Refused("No previous pattern")
        self.pattern = text or self.pattern
        try:
            return posix_regex.compile(self.pattern, "bre", unicode=True)
        except posix_regex.RegexError as error:
            raise Refused(str(error)) from None

    def search(self, text: str, *, forward: bool) -> int:
        """The next line that matches, around the end."""
        program = self.compiled(text)
        count = len(self.lines)
        for step in range(1, count + 1):
            number = (self.current - 1 + (step if forward else -step)) % count + 1
            if program.search(self.lines[number - 1]):
                return number
        raise Refused("No match")


class Addresses:
    """The range before a command; `rest` is the command."""

    def __init__(self, buffer: Buffer, text: str) -> None:
        self.buffer = buffer
        self.rest = text.lstrip()
        self.values: list[int] = []
        here = buffer.current
        while True:
            value = self.one()
            separator = self.rest[:1]
            if value is None and separator not in (",", ";", "%"):
                break
            if separator not in (",", ";", "%"):
                self.values.append(value if value is not None else buffer.current)
                break
            self.rest = self.rest[1:].lstrip()
            first = value if value is not None else (buffer.current if separator == ";" and not self.values else 1)
            if separator == ";" and value is not None:
                buffer.current = value
            self.values.append(first)
            following = self.one()
            self.values.append(len(buffer.lines) if following is None and value is None else first if following is None else following)
            if self.rest[:1] not in (",", ";"):
                break
        buffer.current = here

    def one(self) -> int | None:
        """One address with its offsets."""
        self.rest = self.rest.lstrip()
        text, buffer = self.rest, self.buffer
        value: int | None = None
        if found := re.match(r"\d+", text):
            value, self.rest = int(found.group()), text[found.end() :]
        elif text[:1] in (".", "$") and text:
            value, self.rest = (buffer.current if text[0] == "." else len(buffer.lines)), text[1:]
        elif text[:1] == "'" and text:
            value = self.marked(text[1:2])
            self.rest = text[2:]
        elif text[:1] in ("/", "?") and text:
            pattern, self.rest = delimited(text)
            value = buffer.search(pattern, forward=text[0] == "/")
        while found := re.match(r"\s*([-+^]|(?<=\S)\s+(?=\d))\s*(\d*)", self.rest):
            base = buffer.current if value is None else value
            sign = -1 if found[1] in ("-", "^") else 1
            value = base + sign * int(found[2] or 1)
            self.rest = self.rest[found.end() :]
        return value

    def marked(self, name: str) -> int:
        """'x"""
        text = self.buffer.marks.get(name)
        for number, line in enumerate(self.buffer.lines, 1):
            if line is text:
                return number
        raise Refused("Invalid address")

    def bounds(self, default: tuple[int, int], *, zero: bool = False) -> tuple[int, int]:
        """The range, checked."""
        first, last = (self.values[-2:] if len(self.values) > 1 else self.values * 2) if self.values else default
        if first > last or first < (0 if zero else 1) or last > len(self.buffer.lines):
            raise Refused("Invalid address")
        return first, last


def delimited(text: str) -> tuple[str, str]:
    """/pattern/rest: the pattern (an escaped delimiter is one), and the rest."""
    index = 1
    while index < len(text) and text[index] != text[0]:
        index += 2 if text[index] == "\\" else 1
    return text[1:index].replace("\\" + text[0], text[0]), text[index + 1 :]
