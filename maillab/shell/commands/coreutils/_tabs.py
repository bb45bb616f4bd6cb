"""Tab stops of expand and unexpand: `8`, `4,10,20`, `2,/8`, `2,+8`."""

from __future__ import annotations

import re
from collections.abc import Callable


class TabError(ValueError):
    """A list of tab stops that is refused; the text is the sentence."""


class TabStops:
    """Where the tabs are. Beyond the last stop: every `repeat` columns (counted from `origin`), or nothing (0)."""

    def __init__(self, stops: list[int], repeat: int, origin: int = 0):
        self.stops = stops
        self.repeat = repeat
        self.origin = origin

    def next(self, column: int) -> int | None:
        """The first stop after a column; None beyond the last."""
        for stop in self.stops:
            if stop > column:
                return stop
        if not self.repeat:
            return None
        return column + self.repeat - (column - self.origin) % self.repeat


def parse_tabs(texts: list[str], quote: Callable[[str], str]) -> TabStops:
    """The tab stops of all -t options. Raises TabError."""
    stops: list[int] = []
    repeat, origin = 0, 0
    for item in re.split(r"[, \t]", ",".join(texts)):
        if not item:
            continue
        mark, digits = (item[0], item[1:]) if item[0] in "/+" else ("", item)
        if not digits.isdigit():
            bad = digits.lstrip("0123456789")
            raise TabError(f"tab size contains invalid character(s): {quote(bad)}")
        size = int(digits)
        if mark:
            repeat, origin = size, stops[-1] if mark == "+" and stops else 0
            continue
        if size == 0:
            raise TabError("tab size cannot be 0")
        if stops and size <= stops[-1]:
            raise TabError("tab sizes must be ascending")
        stops.append(size)
    if len(stops) == 1 and not repeat:
        return TabStops([], stops[0])
    if not stops and not repeat:
        return TabStops([], 8)
    return TabStops(stops, repeat, origin)
