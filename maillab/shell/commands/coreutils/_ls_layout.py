"""How ls prints a list of files: long lines, columns, commas, one a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.commands.coreutils._ls_settings import Settings
from maillab.shell.modes import mode_string
from maillab.shell.quotearg import quote, visible
from maillab.sim.host.accounts import group_name, user_name
from maillab.sim.host.inode import Stat
from maillab.sim.kernel.calendar import strftime

if TYPE_CHECKING:
    from maillab.shell.commands.coreutils._ls_listing import Entry

HALF_YEAR = 31556952 // 2 * 1_000_000
"""Times older than this many microseconds show the year instead of the time."""
_GAP = 2
_LEAST_WIDTH = 3


class Layout:
    """Prints lists of files as the settings say."""

    def __init__(self, command: Command, settings: Settings):
        self.command = command
        self.sys = command.sys
        self.settings = settings
        self.some_quoted = False
        aligned = settings.format == "long" or (settings.format in ("columns", "across") and settings.width > 0)
        self.aligns = aligned and settings.style in ("shell", "shell-escape", "c-maybe")
        self.names: dict[tuple[str, int], str] = {}

    async def show(self, entries: list[Entry]) -> None:
        """Print one list."""
        settings = self.settings
        self.some_quoted = self.aligns and any(self.text(entry)[1] for entry in entries)
        if not entries:
            return
        if settings.format == "long":
            await self._long(entries)
        elif settings.format == "commas":
            await self._commas(entries)
        elif settings.format == "one":
            widths = self._prefix_widths(entries)
            for entry in entries:
                await self.sys.stdout.write(self._cell(entry, widths)[0] + settings.end)
        elif settings.width == 0:
            widths = self._prefix_widths(entries)
            line = "  ".join(self._cell(entry, widths)[0] for entry in entries)
            await self.sys.stdout.write(line + settings.end)
        else:
            await self._columns(entries, settings.format == "columns")

    # --- names -------------------------------------------------------------------------------------------------------------

    def text(self, entry: Entry) -> tuple[str, bool]:
        """The name as printed, and whether it was quoted."""
        shown = self._quoted(entry.name)
        return shown, shown != entry.name

    def _quoted(self, name: str) -> str:
        style = self.settings.style
        shown = quote(name, style, utf8=self.command.utf8, also=" " if style == "escape" else "")
        if self.settings.question_marks and style in ("literal", "shell", "shell-always"):
            shown = visible(shown, self.command.utf8)
        return shown

    def _name(self, entry: Entry) -> tuple[str, int]:
        """The name with alignment, colour and indicator, and its width on the screen."""
        shown, quoted = self.text(entry)
        pad = " " if self.some_quoted and not quoted else ""
        indicator = self._indicator(entry.kind, entry.stat) if self.settings.format != "long" or entry.kind != "l" else ""
        width = len(pad) + len(shown) + len(indicator)
        if self.settings.colors:
            sequence = self.settings.colors.sequence(entry.name, entry.stat, entry.kind, entry.target_stat, entry.link_ok)
            shown = self.settings.colors.paint(shown, sequence)
        if self.settings.hyperlinks:
            place = self.sys.absolute(entry.path)
            shown = f"\x1b]8;;file://{self.sys.hostname()}{place}\a{shown}\x1b]8;;\a"
        return pad + shown + indicator, width

    def _indicator(self, kind: str, stat: Stat | None) -> str:
        wanted = self.settings.indicator
        if not wanted:
            return ""
        if kind == "d":
            return "/"
        if wanted == "slash":
            return ""
        if kind == "-":
            return "*" if wanted == "all" and stat is not None and stat.mode & 0o111 else ""
        return {"l": "@", "p": "|", "s": "="}.get(kind, "")

    # --- several on a line ---------------------------------------------------------------------------------------------------

    def _prefix_widths(self, entries: list[Entry]) -> tuple[int, int]:
        """The widths of the columns for inode numbers and blocks."""
        settings = self.settings
        inode = max((len(str(entry.stat.ino)) if entry.stat else 1 for entry in entries), default=0) if settings.inode else 0
        blocks = max((len(self._blocks(entry)) for entry in entries), default=0) if settings.blocks else 0
        return inode, blocks

    def _blocks(self, entry: Entry) -> str:
        return self.settings.block_size.show(entry.stat.blocks * 512) if entry.stat else "?"

    def _prefix(self, entry: Entry, widths: tuple[int, int]) -> str:
        """Inode number, blocks and context before a name, each followed by a blank."""
        settings = self.settings
        loose = settings.format == "commas"
        inode = f"{entry.stat.ino if entry.stat else '?'}".rjust(0 if loose else widths[0]) + " " if settings.inode else ""
        blocks = self._blocks(entry).rjust(0 if loose else widths[1]) + " " if settings.blocks else ""
        return inode + blocks

    def _cell(self, entry: Entry, widths: tuple[int, int]) -> tuple[str, int]:
        prefix = self._prefix(entry, widths) + ("? " if self.settings.context else "")
        name, width = self._name(entry)
        return prefix + name, len(prefix) + width

    async def _columns(self, entries: list[Entry], down: bool) -> None:
        """As many columns as fit; blanks between them become tabs where a tab stop allows."""
        prefixes = self._prefix_widths(entries)
        cells = [self._cell(entry, prefixes) for entry in entries]
        widths = best_columns([width for _, width in cells], self.settings.width, down)
        columns = len(widths)
        rows = -(-len(cells) // columns)
        for row in range(rows):
            places = range(row, len(cells), rows) if down else range(row * columns, min(len(cells), (row + 1) * columns))
            line, start = "", 0
            for column, place in enumerate(places):
                text, width = cells[place]
                line += text
                if column + 1 < len(places):
                    line += self._blanks(start + width, start + widths[column])
                    start += widths[column]
            await self.sys.stdout.write(line + self.settings.end)

    def _blanks(self, at: int, to: int) -> str:
        """The way from one column to another with tabs and blanks, as ls makes it."""
        out = ""
        tab = self.settings.tabsize
        while at < to:
            if tab and to // tab > (at + 1) // tab:
                out += "\t"
                at += tab - at % tab
            else:
                out += " "
                at += 1
        return out

    async def _commas(self, entries: list[Entry]) -> None:
        line, column = "", 0
        limit = self.settings.width
        for number, entry in enumerate(entries):
            text, width = self._cell(entry, (0, 0))
            if number:
                fits = not limit or column + width + 2 < limit
                line += ", " if fits else "," + self.settings.end
                column = column + 2 if fits else 0
            line += text
            column += width
        await self.sys.stdout.write(line + self.settings.end)

    # --- long lines ------------------------------------------------------------------------------------------------------------

    async def _long(self, entries: list[Entry]) -> None:
        rows = [self._fields(entry) for entry in entries]
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        prefixes = self._prefix_widths(entries)
        for entry, row in zip(entries, rows, strict=True):
            out = self._prefix(entry, prefixes)
            for column, value in enumerate(row):
                out += value.ljust(widths[column]) if column in self._left else value.rjust(widths[column])
                out += " "
            await self.sys.stdout.write(out + self._long_name(entry) + self.settings.end)

    _left: frozenset[int] = frozenset()

    def _fields(self, entry: Entry) -> list[str]:
        """The columns of a long line before the name; `_left` are the left-aligned ones."""
        settings = self.settings
        stat = entry.stat
        if stat is None:
            kind = entry.kind if entry.kind != "?" else "?"
            words = [f"{kind}?????????", "?"] + ["?"] * (settings.owner + settings.group + settings.author + settings.context)
            names = len(words)
            words += ["?", "?".rjust(len(strftime(settings.recent, self.sys.clock())))]
        else:
            words = [mode_string(stat.mode, stat.kind), str(stat.nlink)]
            if settings.owner:
                words.append(self._owner(stat.uid))
            if settings.group:
                words.append(self._group(stat.gid))
            if settings.author:
                words.append(self._owner(stat.uid))
            if settings.context:
                words.append("?")
            names = len(words)
            words += [self._size(stat), self._time(stat)]
        numeric = 0 if settings.numeric else names
        self._left = frozenset(range(2, numeric)) | {0}
        return words

    def _owner(self, uid: int) -> str:
        if self.settings.numeric:
            return str(uid)
        key = ("u", uid)
        if key not in self.names:
            self.names[key] = user_name(self.sys, uid)
        return self.names[key]

    def _group(self, gid: int) -> str:
        if self.settings.numeric:
            return str(gid)
        key = ("g", gid)
        if key not in self.names:
            self.names[key] = group_name(self.sys, gid)
        return self.names[key]

    def _size(self, stat: Stat) -> str:
        if stat.kind in "bc":
            return f"{stat.rdev[0]}, {stat.rdev[1]:3d}"
        return self.settings.size_unit.show(stat.size)

    def _time(self, stat: Stat) -> str:
        when: int = getattr(stat, {"birth": "ctime"}.get(self.settings.time, self.settings.time))
        now = self.sys.clock()
        recent = now - HALF_YEAR < when <= now
        return strftime(self.settings.recent if recent else self.settings.older, when)

    def _long_name(self, entry: Entry) -> str:
        name = self._name(entry)[0]
        if entry.kind != "l" or not entry.target:
            return name
        shown = self._quoted(entry.target)
        there = entry.target_stat
        if self.settings.colors:
            colors = self.settings.colors
            shown = colors.paint(shown, colors.sequence(entry.target, there, there.kind if there else "-", None, True))
        indicator = self._indicator(there.kind, there) if there and self.settings.indicator != "slash" else ""
        return f"{name} -> {shown}{indicator}"


def best_columns(lengths: list[int], limit: int, down: bool) -> list[int]:
    """The widths (gap included) of the most columns that fit in `limit`."""
    count = len(lengths)
    most = min(count, -(-limit // _LEAST_WIDTH))
    for columns in range(max(1, most), 0, -1):
        rows = -(-count // columns)
        widths = [_LEAST_WIDTH] * columns
        for place, length in enumerate(lengths):
            column = place // rows if down else place % columns
            real = length + (0 if column == columns - 1 else _GAP)
            widths[column] = max(widths[column], real)
        if sum(widths) < limit or columns == 1:
            break
    if down:
        used = -(-count // -(-count // columns))
        return widths[:used]
    return widths
