"""A figure: the runs of one measurement, its median and its noise (least to greatest), and the bar it must reach."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter


@dataclass
class Options:
    """What the command line says: how often and how much."""

    runs: int = 5
    messages: int = 500
    hosts: int = 20
    events: int = 200_000


@dataclass
class Figure:
    """One measurement. `bar`: "<= 0.4" or ">= 1", "" when there is none."""

    name: str
    unit: str
    bar: str = ""
    values: list[float] = field(default_factory=list)
    note: str = ""

    def reached(self) -> bool | None:
        """Whether the median reaches the bar; None without a bar or without a value."""
        if not self.bar or not self.values:
            return None
        sign, limit = self.bar.split()
        middle = median(self.values)
        return middle <= float(limit) if sign == "<=" else middle >= float(limit)

    def line(self) -> str:
        """The figure as it is printed."""
        if not self.values:
            return f"{self.name:44s} {'-':>10s}  {self.note}"
        verdict = {None: "", True: "ok", False: "MISSED"}[self.reached()]
        noise = f"{shown(min(self.values))} - {shown(max(self.values))}"
        bar = f"bar {self.bar} {verdict}" if self.bar else ""
        middle = shown(median(self.values))
        return f"{self.name:44s} {middle:>10s} {self.unit:9s} {noise:>21s}  n={len(self.values):<3d} {bar} {self.note}".rstrip()


Measurement = Callable[[Options], Iterator[Figure]]


def shown(value: float) -> str:
    """A number with as many digits as it deserves."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.3f}"


def timed(work: Callable[[], object]) -> float:
    """Seconds on the wall that a piece of work takes."""
    start = perf_counter()
    work()
    return perf_counter() - start
