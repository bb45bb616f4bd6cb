"""The text less shows: lines as they come from a file or a pipe, cut into rows of the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.host.stdio import Input

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

MOST_LINES = 1_000_000
TAB = 8
OVERSTRIKE_BOLD, OVERSTRIKE_LINE, NORMAL, NORMAL_LINE = "\33[1m", "\33[4m", "\33[0m", "\33[24m"


class Text:
    """The lines read so far; `ended` when there are no more, `size` in bytes when it is known."""

    def __init__(self, sys: Process, fd: int, name: str) -> None:
        self.sys = sys
        self.name = name
        self.fd = fd
        self.source = Input(sys, fd)
        self.lines: list[bytes] = []
        self.offsets: list[int] = [0]
        self.ended = False
        status = sys.fstat(fd)
        self.size: int | None = status.size if status.kind == "-" else None

    async def have(self, count: int) -> bool:
        """Read on until there are so many lines; False when there are not."""
        while len(self.lines) < count and not self.ended:
            await self._next()
        return len(self.lines) >= count

    async def _next(self) -> None:
        line = await self.source.readline()
        if not line or len(self.lines) >= MOST_LINES:
            self.ended = True
            return
        self.lines.append(line.removesuffix(b"\n").removesuffix(b"\r"))
        self.offsets.append(self.offsets[-1] + len(line))

    async def rest(self) -> None:
        """Read to the end."""
        while not self.ended:
            await self._next()

    def grown(self) -> None:
        """Look again for more (the file may have grown)."""
        self.ended = False


def visible(line: bytes, *, utf8: bool, raw: bool, smart: bool) -> list[tuple[str, str]]:
    """A line as cells: (attribute, shown character), control characters as ^X, other bytes as <XX>, overstrikes as attributes."""
    text = line.decode("utf-8", "surrogateescape") if utf8 else line.decode("latin-1")
    cells: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        char = text[at]
        if text[at + 1 : at + 2] == "\b" and at + 2 < len(text):
            other = text[at + 2]
            bold = other == char
            cells.append(((("b" if bold else "u") if smart else ""), other if char == "_" or bold else char))
            at += 3
            continue
        if char == "\33" and raw and (stop := text.find("m", at)) > 0:
            cells.append(("raw", text[at : stop + 1]))
            at = stop + 1
            continue
        if char == "\t":
            width = sum(1 for attribute, _ in cells if attribute != "raw")
            cells += [("", " ")] * (TAB - width % TAB)
        elif char < " " or char == "\x7f":
            cells += [("r" if smart else "", part) for part in ("ESC" if char == "\33" else f"^{chr(ord(char) ^ 64)}")]
        elif "\udc80" <= char <= "\udcff" or (not utf8 and char > "~"):
            cells += [("r" if smart else "", part) for part in f"<{ord(char) & 255:02X}>"]
        else:
            cells.append(("", char))
        at += 1
    return cells


def painted(cells: list[tuple[str, str]]) -> str:
    """Cells as text for the terminal."""
    codes = {"b": (OVERSTRIKE_BOLD, NORMAL), "u": (OVERSTRIKE_LINE, NORMAL_LINE), "r": ("\33[7m", "\33[27m")}
    out: list[str] = []
    present = ""
    for attribute, char in cells:
        if attribute == "raw":
            out.append(char)
            continue
        if attribute != present:
            out.append(codes[present][1] if present else "")
            out.append(codes[attribute][0] if attribute else "")
            present = attribute
        out.append(char)
    out.append(codes[present][1] if present else "")
    return "".join(out)


def cut(cells: list[tuple[str, str]], width: int, *, chop: bool) -> list[list[tuple[str, str]]]:
    """A line as rows of the screen; chopped, it is one row that ends in >."""
    rows: list[list[tuple[str, str]]] = [[]]
    used = 0
    for cell in cells:
        if cell[0] != "raw":
            if used == width:
                if chop:
                    rows[0][-1] = ("r", ">")
                    return rows
                rows.append([])
                used = 0
            used += 1
        rows[-1].append(cell)
    return rows
