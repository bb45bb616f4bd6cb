"""The expression of find as a tree: entries, conditions and how they combine."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.inode import Stat
    from maillab.sim.host.process import Process


@dataclass
class Entry:
    """A file that was found: its path as shown, the starting point it came from, its depth and status."""

    path: str
    start: str
    depth: int
    status: Stat

    @property
    def base(self) -> str:
        """The last component."""
        stripped = self.path.rstrip("/")
        return stripped.rpartition("/")[2] if stripped else "/"

    @property
    def kind(self) -> str:
        """The letter -type knows the file by."""
        return {"-": "f"}.get(self.status.kind, self.status.kind)


class Walk:
    """What the conditions and actions of one run share."""

    def __init__(self, sys: Process, called: str) -> None:
        self.sys = sys
        self.called = called
        self.status = 0
        self.pruned = False
        self.quitting = False
        self.least = 0
        self.most: int | None = None
        self.depth_first = False
        self.follow = "never"
        self.one_filesystem = False
        self.at_end: list[Callable[[], Awaitable[None]]] = []

    async def complain(self, text: str, *, status: int = 1) -> None:
        """A message; the run goes on and ends with a failure."""
        self.status = status
        await self.sys.stdout.flush()
        await self.sys.stderr.write(f"{self.called}: {text}\n")

    def look(self, path: str, *, follow: bool) -> Stat:
        """The status of a file: of what a link points to when links are followed and it exists."""
        if follow:
            try:
                return self.sys.stat(path)
            except SysError as error:
                if error.name not in ("ENOENT", "ELOOP"):
                    raise
        return self.sys.lstat(path)


Condition = Callable[[Entry], Awaitable[bool]]


def both(left: Condition, right: Condition) -> Condition:
    """left -a right."""

    async def test(entry: Entry) -> bool:
        return await left(entry) and await right(entry)

    return test


def either(left: Condition, right: Condition) -> Condition:
    """left -o right."""

    async def test(entry: Entry) -> bool:
        return await left(entry) or await right(entry)

    return test


def comma(left: Condition, right: Condition) -> Condition:
    """left , right."""

    async def test(entry: Entry) -> bool:
        await left(entry)
        return await right(entry)

    return test


def negated(inner: Condition) -> Condition:
    """! inner."""

    async def test(entry: Entry) -> bool:
        return not await inner(entry)

    return test


def plain(function: Callable[[Entry], bool]) -> Condition:
    """A condition that never waits."""

    async def test(entry: Entry) -> bool:
        return function(entry)

    return test
