"""The window of vi: text rows, tildes, the bottom line with messages, position and percentage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.readline.display import shown, width
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.shell.commands.vim_tiny._editor import Vi

ENTER = "\x1b[?1049h\x1b[22;0;0t\x1b[?1h\x1b=\x1b[H\x1b[2J"
LEAVE = "\x1b[?1l\x1b>\x1b[?1049l\x1b[23;0;0t\x1b[?25h"
TAB = 8


def cells(line: str, *, marks: bool = False) -> list[tuple[str, int]]:
    """Each character as it is shown, with its width."""
    out: list[tuple[str, int]] = []
    column = 0
    for ch in line:
        if ch == "\t" and not marks:
            text = " " * (TAB - column % TAB)
        else:
            text = f"<{ord(ch) - 0xDC00:02x}>" if "\udc80" <= ch <= "\udcff" else "^I" if ch == "\t" else shown(ch)
        size = sum(width(part) for part in text)
        out.append((text, size))
        column += size
    return out


class Screen:
    """Draws what an editor shows; lines that did not change are not written again."""

    def __init__(self, vi: Vi) -> None:
        self.vi = vi
        self.top = 0
        self.rows, self.cols = 24, 80
        self.known: list[str] = []

    def measure(self) -> None:
        """Ask for the window's size; everything is drawn anew."""
        try:
            self.rows, self.cols = self.vi.sys.winsize(1)
        except SysError:
            self.rows, self.cols = 24, 80
        self.rows, self.cols = max(2, self.rows or 24), max(10, self.cols or 80)
        self.known = []

    @property
    def height(self) -> int:
        """Rows for text."""
        return self.rows - 1

    def rows_of(self, row: int) -> list[str]:
        """The screen rows that a line takes."""
        vi = self.vi
        head = f"{row + 1:>{self.number_width - 1}} " if vi.settings["number"] else ""
        selected = vi.selection(row)
        out, used = head, len(head)
        rows: list[str] = []
        listed = vi.settings["list"]
        for index, (text, size) in enumerate([*cells(vi.text.lines[row], marks=listed), *([("$", 1)] if listed else [])]):
            if used + size > self.cols:
                rows.append(out)
                out, used = " " * len(head), len(head)
            out += f"\x1b[7m{text}\x1b[27m" if selected and selected[0] <= index < selected[1] else text
            used += size
        return [*rows, out]

    @property
    def number_width(self) -> int:
        """Columns of :set number."""
        return max(4, len(str(len(self.vi.text.lines))) + 1) if self.vi.settings["number"] else 0

    def size_of(self, row: int) -> int:
        """How many screen rows a line takes."""
        total = sum(size for _, size in cells(self.vi.text.lines[row])) + self.number_width
        return max(1, -(-total // self.cols))

    def follow(self) -> None:
        """Scroll so that the cursor is in the window."""
        row = self.vi.text.row
        if row < self.top:
            self.top = row if self.top - row < self.height else max(0, row - self.height // 2)
        elif row - self.top > 2 * self.height:
            self.top = row - self.height // 2
        while sum(self.size_of(line) for line in range(self.top, row + 1)) > self.height and self.top < row:
            self.top += 1

    def body(self) -> list[str]:
        """All text rows."""
        lines = self.vi.text.lines
        out: list[str] = []
        row = self.top
        while len(out) < self.height and row < len(lines):
            block = self.rows_of(row)
            if len(out) + len(block) > self.height and out:
                out += ["@"] * (self.height - len(out))
                break
            out += block
            row += 1
        self.last = row - 1
        tilde = "\x1b[94m~\x1b[39m" if self.vi.colours else "~"
        return (out + [tilde] * self.height)[: self.height]

    def cursor(self) -> tuple[int, int]:
        """Row and column of the cursor on the screen, from 1."""
        text = self.vi.text
        row = sum(self.size_of(line) for line in range(self.top, text.row))
        sizes = [size for _, size in cells(text.line)]
        column = self.number_width + sum(sizes[: text.col])
        if not self.vi.inserting and text.col < len(sizes) and text.line[text.col] == "\t":
            column += sizes[text.col] - 1
        return row + column // self.cols + 1, column % self.cols + 1

    def ruler(self) -> str:
        """`2,1-8          All`"""
        text = self.vi.text
        if text.empty and text.lines == [""]:
            where = "0,0-1"
        else:
            byte = len(text.line[: text.col].encode("utf-8", "surrogateescape")) + 1
            sizes = [size for _, size in cells(text.line)]
            shown_column = sum(sizes[: text.col]) + 1
            if not self.vi.inserting and text.col < len(sizes) and text.line[text.col] == "\t":
                shown_column += sizes[text.col] - 1
            where = f"{text.row + 1},{0 if not text.line else byte}" + (f"-{shown_column}" if shown_column != byte or not text.line else "")
        above, below = self.top, len(text.lines) - 1 - self.last
        place = "All" if not above and below <= 0 else "Top" if not above else "Bot" if below <= 0 else f"{above * 100 // (above + below)}%"
        return f"{where:<14}{place}"

    def bottom(self) -> str:
        """The last row."""
        message = self.vi.message[: self.cols - 1]
        if self.cols < 60 and len(message) > self.cols - 19:
            return message
        return f"{message:<{self.cols - 18}}"[: self.cols - 18] + self.ruler() if len(message) <= self.cols - 19 else message

    def frame(self) -> str:
        """What to write to bring the screen up to date."""
        self.follow()
        rows = self.body()
        rows.append(self.bottom())
        out = "\x1b[?25l"
        for number, text in enumerate(rows):
            if number >= len(self.known) or self.known[number] != text:
                out += f"\x1b[{number + 1};1H{text}\x1b[K"
        self.known = rows
        row, column = self.cursor()
        return out + f"\x1b[{min(row, self.height)};{column}H\x1b[?25h"

    def command_line(self, text: str) -> str:
        """The bottom row while a command is typed."""
        self.known = self.known[: self.height]
        return f"\x1b[{self.rows};1H\x1b[K" + "".join(shown(ch) for ch in text)[-(self.cols - 1) :]
