"""Names: the operands of tar with -C and -T, excluded patterns, users and groups."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillab.shell import pattern as patterns
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process


class Operands:
    """The names to work on; each belongs to the folder the last -C before it named."""

    def __init__(self) -> None:
        self.names: list[tuple[str, str]] = []
        self.folder = ""

    def enter(self, folder: str) -> None:
        """-C."""
        self.folder = folder if folder.startswith("/") or not self.folder else f"{self.folder}/{folder}"

    def add(self, name: str) -> None:
        """A name."""
        self.names.append((self.folder, name))

    def listed(self) -> Iterator[tuple[str, str]]:
        """(folder, name) pairs, trailing slashes taken off."""
        for folder, name in self.names:
            yield folder, name.rstrip("/") or "/"


class Names:
    """The numbers and names of /etc/passwd or /etc/group."""

    def __init__(self, sys: Process, database: str) -> None:
        self.by_number: dict[int, str] = {}
        self.by_name: dict[str, int] = {}
        try:
            lines = sys.slurp(f"/etc/{database}").decode("utf-8", "surrogateescape").split("\n")
        except SysError:
            lines = []
        for line in lines:
            parts = line.split(":")
            if len(parts) > 2 and parts[2].isdigit():
                self.by_number.setdefault(int(parts[2]), parts[0])
                self.by_name.setdefault(parts[0], int(parts[2]))

    def name(self, number: int) -> str:
        """The name of a number, "" when it has none."""
        return self.by_number.get(number, "")

    def number(self, name: str) -> int | None:
        """The number of a name."""
        return self.by_name.get(name)


def excluded(globs: list[str], name: str) -> bool:
    """Does an --exclude pattern match the name, or its end after any slash?"""
    for glob in globs:
        program = patterns.compile(glob.rstrip("/"))
        parts = name.rstrip("/").split("/")
        if any(program.matches("/".join(parts[start:])) for start in range(len(parts))):
            return True
    return False


def chosen(wanted: str, name: str, *, wildcards: bool) -> bool:
    """Does an operand name this member, or a directory it is in?"""
    target = wanted.rstrip("/")
    bare = name.rstrip("/")
    if wildcards:
        return patterns.compile(target).matches(bare)
    return bare == target or bare.startswith(target + "/")
