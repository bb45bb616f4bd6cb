"""The commands of less on one text: moving, searching, filtering, drawing."""

from __future__ import annotations

from dataclasses import dataclass

from maillab.shell.commands.less._screen import Screen
from maillab.shell.commands.less._text import Text, cut, painted, visible
from maillab.sim.host import posix_regex
from maillab.sim.host.posix_regex import Regex, RegexError

Place = tuple[int, int]
"""A line, and a row in it."""

FOLLOW_SECONDS = 1.0


@dataclass
class Settings:
    """The options of less."""

    numbers: bool = False
    chop: bool = False
    raw: bool = False
    ignorecase: bool = False
    utf8: bool = False


class Pager:
    """One text on the screen; `top` is what the first row shows."""

    def __init__(self, screen: Screen, text: Text, settings: Settings, heading: str) -> None:
        self.screen = screen
        self.text = text
        self.settings = settings
        self.heading = heading
        self.ending = ""
        self.top: Place = (0, 0)
        self.pattern: Regex | None = None
        self.backward = False
        self.filter: Regex | None = None
        self.fresh = True
        self.shown: list[Place] = []

    # --- rows

    def rows_of(self, line: int) -> list[str]:
        """The rows of one line, matches of the last search in reverse video."""
        settings, screen = self.settings, self.screen
        cells = visible(self.text.lines[line], utf8=settings.utf8, raw=settings.raw, smart=screen.smart)
        if self.pattern is not None and screen.smart:
            plain = "".join(char for attribute, char in cells)
            for found in self.pattern.finditer(plain) if len(plain) == len(cells) else []:
                for at in range(found.start(), found.end()):
                    cells[at] = ("r", cells[at][1])
        margin = 8 if settings.numbers else 0
        rows = [painted(row) for row in cut(cells, max(1, screen.width - margin), chop=settings.chop)]
        return [f"{line + 1:>7} {row}" for row in rows] if margin else rows

    def accepted(self, line: int) -> bool:
        """Does the filter of & let a line through?"""
        return self.filter is None or self.filter.search(self.decoded(line)) is not None

    def decoded(self, line: int) -> str:
        """A line for searches."""
        data = self.text.lines[line]
        return data.decode("utf-8", "surrogateescape") if self.settings.utf8 else data.decode("latin-1")

    async def after(self, place: Place) -> Place | None:
        """The row after this one, None at the end."""
        line, row = place
        if row + 1 < len(self.rows_of(line)):
            return line, row + 1
        while await self.text.have(line + 2):
            line += 1
            if self.accepted(line):
                return line, 0
        return None

    def before(self, place: Place) -> Place | None:
        """The row before this one, None at the beginning."""
        line, row = place
        if row > 0:
            return line, row - 1
        while line > 0:
            line -= 1
            if self.accepted(line):
                return line, len(self.rows_of(line)) - 1
        return None

    async def page_from(self, top: Place) -> list[Place]:
        """The places of one screen."""
        places: list[Place] = []
        place: Place | None = top if await self.text.have(top[0] + 1) else None
        if place is not None and not self.accepted(place[0]):
            place = await self.after((place[0], 1 << 30))
        while place is not None and len(places) < self.screen.height:
            places.append(place)
            place = await self.after(place)
        return places

    # --- drawing

    async def draw(self, *, skipping: bool = True) -> None:
        """The whole screen."""
        self.shown = await self.page_from(self.top)
        rows = [self.rows_of(line)[row] for line, row in self.shown]
        if not self.fresh:
            rows += ["\33[1m~\33[0m" if self.screen.smart else "~"] * (self.screen.height - len(rows))
        if self.screen.smart:
            lead = "\33[H\33[J" if not self.fresh else ""
        else:
            lead = "\r...skipping...\n" if skipping and not self.fresh else "\r"
        await self.screen.write(lead + "".join(row + "\n" for row in rows))
        await self.prompt()
        self.fresh = False

    async def at_end(self) -> bool:
        """Is the last row of the text on the screen?"""
        return not self.shown or await self.after(self.shown[-1]) is None

    async def prompt(self) -> None:
        """The last row."""
        ended = await self.at_end()
        text = self.heading if self.fresh else ""
        if ended:
            text = f"{text} (END){self.ending}".lstrip() if text else f"(END){self.ending}"
        if self.filter is not None:
            text = f"& {text}"
        await self.screen.write(self.screen.standout(text or ":") if text and text != "& " else (text or "") + ":")
        if self.screen.smart:
            await self.screen.write("\33[K")

    async def message(self, text: str) -> None:
        """A message instead of the prompt, until a key is pressed."""
        await self.screen.write(self.screen.erase() + self.screen.standout(f"{text}  (press RETURN)"))
        key = await self.screen.key()
        if key not in ("\r", "\n", " "):
            self.screen.pending = key.encode() + self.screen.pending
        await self.screen.write(self.screen.erase())
        await self.prompt()

    async def bell(self) -> None:
        """A beep, and the prompt again."""
        await self.screen.write(self.screen.erase() + "\a" + self.screen.erase())
        await self.prompt()

    # --- moving

    async def forward(self, count: int) -> None:
        """Down by rows."""
        new: list[str] = []
        for _ in range(count):
            place = await self.after(self.shown[-1]) if self.shown else None
            if place is None:
                break
            self.shown.append(place)
            new.append(self.rows_of(place[0])[place[1]])
        if not new:
            await self.bell()
            return
        self.shown = self.shown[-self.screen.height :]
        self.top = self.shown[0]
        await self.screen.write(self.screen.erase() + "".join(row + "\n" for row in new))
        await self.prompt()

    async def backwards(self, count: int) -> None:
        """Up by rows."""
        place: Place | None = self.top
        moved = 0
        while moved < count and place is not None and (above := self.before(place)) is not None:
            place, moved = above, moved + 1
        if not moved or place is None:
            await self.bell()
            return
        self.top = place
        await self.draw()

    async def go(self, line: int) -> None:
        """A line (from 0) comes first, or as far as the text goes."""
        if not await self.text.have(line + 1):
            line = max(0, len(self.text.lines) - 1)
        self.top = (line, 0)
        await self.draw()

    async def end(self) -> None:
        """The last screen."""
        await self.text.rest()
        if not self.text.lines:
            await self.draw()
            return
        line = len(self.text.lines) - 1
        place: Place = (line, len(self.rows_of(line)) - 1)
        for _ in range(self.screen.height - 1):
            place = self.before(place) or place
        self.top = place
        await self.draw()

    # --- searching

    def compiled(self, source: str) -> Regex | None:
        """A pattern typed by the user."""
        ignorecase = self.settings.ignorecase and source.lower() == source
        try:
            return posix_regex.compile(source, "ere", ignorecase, unicode=self.settings.utf8)
        except RegexError:
            return None

    async def search(self, source: str, *, backward: bool) -> None:
        """/ and ?; an empty pattern is the last one."""
        if source:
            pattern = self.compiled(source.lstrip("!"))
            if pattern is None:
                await self.message("Invalid pattern")
                return
            self.pattern = pattern
        elif self.pattern is None:
            await self.message("No previous regular expression")
            return
        self.backward = backward
        await self.again(backward=backward)

    async def again(self, *, backward: bool) -> None:
        """n and N."""
        if self.pattern is None:
            await self.message("No previous regular expression")
            return
        step = -1 if backward else 1
        line = self.top[0] + step
        while line >= 0 and (backward or await self.text.have(line + 1)):
            if self.accepted(line) and self.pattern.search(self.decoded(line)):
                self.top = (line, 0)
                await self.draw()
                return
            line += step
        await self.message("Pattern not found")

    async def limit(self, source: str) -> None:
        """&: only lines that match."""
        self.filter = self.compiled(source) if source else None
        await self.draw()

    async def follow(self) -> None:
        """F: wait for more until ^C."""
        await self.end()
        while True:
            await self.screen.write(self.screen.erase() + self.screen.standout("Waiting for data... (interrupt to abort)"))
            ready, _ = await self.screen.sys.poll(read=[self.screen.keys], timeout=FOLLOW_SECONDS)
            if ready and await self.screen.key() in ("\3", "q", ""):
                break
            before = len(self.text.lines)
            self.text.grown()
            await self.text.rest()
            if len(self.text.lines) > before:
                await self.forward(len(self.text.lines) - before)
        await self.screen.write(self.screen.erase())
        await self.prompt()

    def status(self) -> str:
        """=: where we are."""
        if not self.shown:
            return self.heading
        first, last = self.shown[0][0] + 1, self.shown[-1][0] + 1
        text = f"{self.heading or self.text.name} lines {first}-{last}"
        total = self.text.size
        if self.text.ended:
            text += f"/{len(self.text.lines)}"
            total = total if total is not None else self.text.offsets[-1]
        place = self.text.offsets[last]
        text += f" byte {place}"
        if total:
            text += f"/{total} {place * 100 // total}%"
        return text
