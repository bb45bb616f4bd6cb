"""Showing the prompt and the line on a terminal that can move its cursor, wrapped at the window's width."""

from __future__ import annotations

import re
import unicodedata

SEQUENCE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[@-Z\\^_=>c]|[\x00-\x09\x0b-\x1a\x1c-\x1f]")


def shown(ch: str) -> str:
    """A character of the line as it appears: control characters as ^X, undecodable bytes as octal."""
    if ch == "\n":
        return ch
    if ch < " ":
        return "^" + chr(ord(ch) ^ 64)
    if ch == "\x7f":
        return "^?"
    if "\udc80" <= ch <= "\udcff":
        return f"\\{ord(ch) - 0xDC00:03o}"
    return ch


def width(ch: str) -> int:
    """Columns of a shown character."""
    if ch < "\x7f":
        return 1
    if unicodedata.combining(ch):
        return 0
    return 2 if unicodedata.east_asian_width(ch) in "WF" else 1


class Layout:
    """Where characters stand in a window of `columns`: (row, column) counted from the beginning of the prompt."""

    def __init__(self, columns: int) -> None:
        self.columns = max(2, columns)
        self.row = 0
        self.column = 0

    def add(self, text: str) -> None:
        """Go over a shown text."""
        for ch in text:
            if ch == "\n":
                self.row, self.column = self.row + 1, 0
                continue
            size = width(ch)
            if self.column + size > self.columns:
                self.row, self.column = self.row + 1, 0
            self.column += size
        if self.column >= self.columns:
            self.row, self.column = self.row + 1, 0


class Display:
    """Makes the bytes that bring the screen from what it shows to what it should show."""

    def __init__(self, columns: int) -> None:
        self.columns = columns
        self.prompt = ""
        self.row = 0  # of the cursor, below the first row of the prompt's last line
        self.drawn = ""
        self.drawn_point = 0

    def start(self, prompt: str) -> str:
        """A new prompt at the beginning of a line: what to write."""
        head, cut, self.prompt = prompt.rpartition("\n")
        self.row = 0
        self.drawn, self.drawn_point = "", 0
        layout = self.place("", 0)
        self.row = layout.row
        return head + cut + self.prompt

    def place(self, text: str, point: int) -> Layout:
        """Where the point of a text stands."""
        layout = Layout(self.columns)
        layout.add(SEQUENCE.sub("", self.prompt) + "".join(shown(ch) for ch in text[:point]))
        return layout

    def update(self, text: str, point: int) -> str:
        """What to write so that the line shows `text` with the cursor at `point`."""
        if (text, point) == (self.drawn, self.drawn_point):
            return ""
        added = text[len(self.drawn) :]
        simple = text.startswith(self.drawn) and self.drawn_point == len(self.drawn) and point == len(text)
        before, after = self.place(self.drawn, self.drawn_point), self.place(text, point)
        self.drawn, self.drawn_point = text, point
        if simple and after.row == before.row and "\n" not in added:
            return "".join(shown(ch) for ch in added)
        return self.redraw(text, point)

    def redraw(self, text: str, point: int) -> str:
        """Everything anew, from the first row of the prompt's last line."""
        self.drawn, self.drawn_point = text, point
        up = f"\x1b[{self.row}A" if self.row else ""
        body = "".join(shown(ch) for ch in text).replace("\n", "\r\n")
        end = self.place(text, len(text))
        full = " \r" if end.column == 0 and end.row and not text.endswith("\n") else ""
        out = f"\r{up}{self.prompt}{body}{full}\x1b[J"
        at = self.place(text, point)
        if end.row > at.row:
            out += f"\x1b[{end.row - at.row}A"
        if (end.row, end.column) != (at.row, at.column):
            out += "\r" + (f"\x1b[{at.column}C" if at.column else "")
        self.row = at.row
        return out

    def resized(self, columns: int, text: str, point: int) -> str:
        """The window changed its width."""
        self.columns = columns
        self.row = min(self.row, self.place(text, point).row)
        return self.redraw(text, point)

    def finish(self, text: str) -> str:
        """Leave the line: the cursor goes to the line after its end."""
        return self.update(text, len(text)) + "\r\n"
