"""The commands of sed as data: addresses, commands, replacements."""

from __future__ import annotations

from dataclasses import dataclass, field

from maillab.sim.host.posix_regex import Regex


@dataclass(slots=True)
class Address:
    """What selects lines. `kind`: line, last, regex, step (first~step), plus (addr,+N), multiple (addr,~N), zero (0,/re/)."""

    kind: str
    number: int = 0
    step: int = 0
    regex: Regex | None = None


@dataclass(slots=True)
class Replacement:
    """The right side of s: pieces are texts, group numbers, or case marks ("\\U" and its kin)."""

    pieces: list[str | int | CaseMark]


@dataclass(frozen=True, slots=True)
class CaseMark:
    """\\U \\L \\u \\l \\E."""

    letter: str


@dataclass(slots=True)
class Command:
    """One command; which fields count depends on its letter."""

    letter: str
    first: Address | None = None
    last: Address | None = None
    negated: bool = False
    text: str = ""
    label: str = ""
    number: int = 0
    regex: Regex | None = None
    replacement: Replacement | None = None
    everywhere: bool = False
    printing: int = 0
    evaluate: bool = False
    file: str = ""
    table: dict[int, int] = field(default_factory=dict)
    target: int = -1
    active: bool = False
    until: int = -1
