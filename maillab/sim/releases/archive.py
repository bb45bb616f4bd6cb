"""A release's package archive: the stanzas of its `Packages` file (deb822, as apt reads them) and Debian's version order.

The file is kept in the archive's own format, so that what dpkg and apt show is what it says. Stanzas are split
at once and parsed one by one on first use.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

Stanza = dict[str, str]
_OPERATORS: Final = {"<<": (-1,), "<=": (-1, 0), "=": (0,), ">=": (0, 1), ">>": (1,)}
_RELATION = re.compile(r"([a-z0-9][a-z0-9+.-]*)(?::\w+)?\s*(?:\((<<|<=|=|>=|>>)\s*([^)\s]+)\))?")


class Relation(NamedTuple):
    """One alternative of a dependency: `postfix (>= 3.7)`."""

    name: str
    operator: str = ""
    version: str = ""

    def met_by(self, version: str) -> bool:
        """Whether a version of the package of this name satisfies it."""
        return not self.operator or compare_versions(version, self.version) in _OPERATORS[self.operator]

    def __str__(self) -> str:
        return f"{self.name} ({self.operator} {self.version})" if self.operator else self.name


def parse_stanza(text: str) -> Stanza:
    """The fields of one stanza; continuation lines keep their newlines and leading space."""
    stanza: Stanza = {}
    field = ""
    for line in text.split("\n"):
        if line[:1] in (" ", "\t"):
            stanza[field] += "\n" + line
        elif line:
            field, _, value = line.partition(":")
            stanza[field] = value.strip()
    return stanza


def format_stanza(stanza: Stanza) -> str:
    """The text of a stanza, without the empty line that ends it."""
    return "".join(f"{field}: {value}\n" if value[:1] != "\n" else f"{field}:{value}\n" for field, value in stanza.items())


def parse_relations(text: str) -> list[list[Relation]]:
    """A Depends field: a list of alternatives."""
    parsed = []
    for clause in text.split(","):
        choices = [Relation(m[1], m[2] or "", m[3] or "") for part in clause.split("|") if (m := _RELATION.match(part.strip()))]
        if choices:
            parsed.append(choices)
    return parsed


class Archive:
    """The packages that a release offers, by name."""

    def __init__(self, text: str):
        self._texts: dict[str, str] = {}
        self._parsed: dict[str, Stanza] = {}
        self._providers: dict[str, list[str]] | None = None
        for block in text.split("\n\n"):
            block = block.strip("\n")
            if block:
                self._texts[block[len("Package: ") : block.index("\n")]] = block

    def __contains__(self, name: str) -> bool:
        return name in self._texts

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def text(self, name: str) -> str:
        """The stanza as written. Raises KeyError."""
        return self._texts[name]

    def get(self, name: str) -> Stanza | None:
        """The fields of a package, None when the release has none of this name."""
        if name not in self._texts:
            return None
        if name not in self._parsed:
            self._parsed[name] = parse_stanza(self._texts[name])
        return self._parsed[name]

    def version(self, name: str) -> str:
        """The version of a package. Raises KeyError."""
        for line in self._texts[name].split("\n"):
            if line.startswith("Version: "):
                return line[9:]
        return ""

    def providers(self, name: str) -> list[str]:
        """The packages whose Provides names a virtual package, in the archive's order."""
        if self._providers is None:
            self._providers = {}
            for package, text in self._texts.items():
                if "\nProvides: " in text:
                    for choices in parse_relations((self.get(package) or {})["Provides"]):
                        self._providers.setdefault(choices[0].name, []).append(package)
        return self._providers.get(name, [])


def _order(char: str) -> int:
    if char == "~":
        return -1
    if char.isalpha():
        return ord(char)
    return ord(char) + 256


def _compare_part(left: str, right: str) -> int:
    """deb-version(7): runs of non-digits by modified ASCII, runs of digits by value, in turn."""
    while left or right:
        a, b = re.match(r"\D*", left), re.match(r"\D*", right)
        assert a and b
        x, y = [_order(c) for c in a[0]] + [0], [_order(c) for c in b[0]] + [0]
        if x != y:
            return -1 if x < y else 1
        left, right = left[a.end() :], right[b.end() :]
        a, b = re.match(r"\d*", left), re.match(r"\d*", right)
        assert a and b
        m, n = int(a[0] or 0), int(b[0] or 0)
        if m != n:
            return -1 if m < n else 1
        left, right = left[a.end() :], right[b.end() :]
    return 0


def compare_versions(left: str, right: str) -> int:
    """-1, 0 or 1: the order of two Debian versions (epoch, upstream version, revision)."""

    def parts(version: str) -> tuple[int, str, str]:
        epoch, colon, rest = version.partition(":")
        if not colon:
            epoch, rest = "0", version
        upstream, _, revision = rest.rpartition("-") if "-" in rest else (rest, "", "0")
        return int(epoch or 0), upstream, revision

    a, b = parts(left), parts(right)
    if a[0] != b[0]:
        return -1 if a[0] < b[0] else 1
    return _compare_part(a[1], b[1]) or _compare_part(a[2], b[2])


def upstream_version(version: str) -> tuple[int, ...]:
    """The leading numbers of a version without epoch: `3.7.11-0+deb12u1` is (3, 7, 11)."""
    found = re.match(r"(?:\d+:)?(\d+(?:\.\d+)*)", version)
    return tuple(int(part) for part in found[1].split(".")) if found else ()
