"""A terminal emulator behind an adapter: bytes of a simulated tty in, styled lines out."""

from __future__ import annotations

import codecs
from functools import lru_cache

from avt import _avt as avt
from rich.segment import Segment
from rich.style import Style

SCROLLBACK = 2000


class Emulator:
    """The screen of one terminal."""

    def __init__(self, rows: int, cols: int):
        self._vt = avt.Vt(cols, rows, SCROLLBACK)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.rows = rows
        self.cols = cols

    def feed(self, data: bytes) -> None:
        """Bytes sent to the screen."""
        self._vt.feed_str(self._decoder.decode(data))

    def resize(self, rows: int, cols: int) -> None:
        """The window changed."""
        self.rows, self.cols = rows, cols
        self._vt.resize(cols, rows)

    @property
    def cursor(self) -> tuple[int, int] | None:
        """(row, column) of the cursor, None when it is hidden."""
        cursor = self._vt.cursor
        return (cursor.row, cursor.col) if cursor.visible else None

    @property
    def application_keys(self) -> bool:
        """Whether the cursor keys send their application sequences (vi, less)."""
        return bool(self._vt.cursor_key_app_mode)

    def height(self) -> int:
        """Lines of the screen and of what scrolled away."""
        return len(self._vt.lines())

    def line(self, row: int, back: int = 0, cursor: bool = False) -> list[Segment]:
        """A line of the screen, styled; `back` lines further up in what scrolled away; with the cursor shown when asked."""
        if back:
            lines = self._vt.lines()
            index = len(lines) - self.rows - back + row
        else:
            lines, index = self._vt.view(), row
        if not 0 <= index < len(lines):
            return []
        at = self.cursor
        column = at[1] if cursor and not back and at is not None and at[0] == row else -1
        segments: list[Segment] = []
        text, style = "", Style.null()
        for number, cell in enumerate(lines[index].cells):
            if cell.width == 0:
                continue
            here = _style(cell, number == column)
            if here != style and text:
                segments.append(Segment(text, style))
                text = ""
            style = here
            text += cell.char
        segments.append(Segment(text, style))
        return segments

    def text(self) -> list[str]:
        """The lines of the screen as plain text, trailing blanks removed."""
        return [line.text.rstrip() for line in self._vt.view()]


def _style(cell: avt.Cell, cursor: bool) -> Style:
    pen = cell.pen
    if pen.is_default():
        return _CURSOR if cursor else Style.null()
    return _pen_style(_colour(pen.foreground), _colour(pen.background), pen.bold, pen.faint, pen.italic, pen.underline, pen.inverse != cursor)


def _colour(colour: avt.Color | None) -> str | None:
    if colour is None:
        return None
    if isinstance(colour, avt.Color.Indexed):
        return f"color({colour[0]})"
    assert isinstance(colour, avt.Color.RGB)
    return f"#{colour[0]:02x}{colour[1]:02x}{colour[2]:02x}"


@lru_cache(maxsize=1024)
def _pen_style(foreground: str | None, background: str | None, bold: bool, dim: bool, italic: bool, underline: bool, reverse: bool) -> Style:
    return Style(color=foreground, bgcolor=background, bold=bold, dim=dim, italic=italic, underline=underline, reverse=reverse)


_CURSOR = Style(reverse=True)
