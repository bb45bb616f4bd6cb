"""Shell patterns: * ? [...] and the extended ?( *( +( @( !( forms, for case, [[, ${x#...} and file names.

A pattern is text in which a backslash quotes the next character. Source: POSIX XCU 2.13, bash's manual (Pattern
Matching), observed bash 5.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import regex

from maillab.sim.host.posix_regex import CLASSES_ASCII, class_escape, escape

MAGIC = frozenset("*?[")
EXTENDED = "?*+@!"


@dataclass(frozen=True)
class Pattern:
    """A compiled pattern. `negated` ones contain !(...), which regular expressions cannot say."""

    source: str
    program: Any
    longest: Any
    negated: tuple[Node, ...] | None

    def matches(self, text: str) -> bool:
        """Whether the whole text matches."""
        if self.negated is not None:
            return len(text) in ends(self.negated, text, 0)
        return self.program.fullmatch(text) is not None

    def prefix(self, text: str, longest: bool) -> int:
        """The length of the shortest or longest beginning that matches, -1 for none (${x#p}, ${x##p})."""
        lengths = range(len(text), -1, -1) if longest else range(len(text) + 1)
        return next((size for size in lengths if self.matches(text[:size])), -1)

    def suffix(self, text: str, longest: bool) -> int:
        """Where the shortest or longest end that matches begins, -1 for none (${x%p}, ${x%%p})."""
        starts = range(len(text) + 1) if longest else range(len(text), -1, -1)
        return next((start for start in starts if self.matches(text[start:])), -1)

    def search(self, text: str, start: int) -> tuple[int, int] | None:
        """The leftmost longest match at or after `start` (${x/p/r})."""
        if self.negated is None:
            found = self.longest.search(text, start)
            return None if found is None else (found.start(), found.end())
        for begin in range(start, len(text) + 1):
            stops = ends(self.negated, text, begin)
            if stops:
                return begin, max(stops)
        return None


@dataclass(frozen=True)
class Node:
    """A piece of a pattern: text of a regular expression for one character, `*`, or an extended group."""

    kind: str  # "one", "star", or the letter of the group
    program: Any = None
    branches: tuple[tuple[Node, ...], ...] = ()


def has_magic(pattern: str, extglob: bool = False) -> bool:
    """Whether a pattern is more than a quoted text."""
    quoted = False
    for i, ch in enumerate(pattern):
        if quoted:
            quoted = False
        elif ch == "\\":
            quoted = True
        elif ch in "*?" or (ch == "[" and "]" in pattern[i + 1 :]) or (extglob and ch in EXTENDED and pattern[i + 1 : i + 2] == "("):
            return True
    return False


def unquote(pattern: str) -> str:
    """The text that a pattern without magic stands for."""
    if "\\" not in pattern:
        return pattern
    out: list[str] = []
    i = 0
    while i < len(pattern):
        if pattern[i] == "\\" and i + 1 < len(pattern):
            i += 1
        out.append(pattern[i])
        i += 1
    return "".join(out)


def quote(text: str) -> str:
    """The pattern that matches exactly `text`."""
    return "".join("\\" + ch if ch in "*?[]\\()|!+@-^" else ch for ch in text)


@lru_cache(maxsize=1024)
def compile(pattern: str, *, extglob: bool = False, ignorecase: bool = False) -> Pattern:
    """Compile a pattern."""
    reader = Reader(pattern, extglob)
    nodes = reader.nodes("")
    flags = regex.V0 | regex.DOTALL | (regex.IGNORECASE if ignorecase else 0)
    if reader.negation:
        return Pattern(pattern, None, None, nodes)
    source = "".join(source_of(node) for node in nodes)
    return Pattern(pattern, regex.compile(source, flags), regex.compile(source, flags | regex.POSIX), None)


def source_of(node: Node) -> str:
    """A node as a regular expression."""
    if node.kind == "one":
        return str(node.program)
    if node.kind == "star":
        return ".*"
    inside = "|".join("".join(source_of(part) for part in branch) for branch in node.branches)
    return f"(?:{inside}){'' if node.kind == '@' else node.kind}"


class Reader:
    """Reads a pattern into nodes."""

    def __init__(self, text: str, extglob: bool) -> None:
        self.text = text
        self.pos = 0
        self.extglob = extglob
        self.negation = False

    def nodes(self, stops: str) -> tuple[Node, ...]:
        found: list[Node] = []
        while self.pos < len(self.text):
            ch = self.text[self.pos]
            if ch in stops:
                break
            group = self.group() if self.extglob and ch in EXTENDED else None
            if group is not None:
                found.append(group)
                continue
            self.pos += 1
            if ch == "*":
                if not found or found[-1].kind != "star":
                    found.append(Node("star"))
            elif ch == "?":
                found.append(Node("one", "."))
            elif ch == "[":
                found.append(Node("one", self.bracket()))
            else:
                if ch == "\\" and self.pos < len(self.text):
                    ch = self.text[self.pos]
                    self.pos += 1
                found.append(Node("one", escape(ch)))
        return tuple(found)

    def group(self) -> Node | None:
        """?(a|b) and the like at the position; None when the parenthesis is missing or never closed."""
        if self.text[self.pos + 1 : self.pos + 2] != "(":
            return None
        start = self.pos
        letter = self.text[start]
        self.pos += 2
        branches = [self.nodes("|)")]
        while self.pos < len(self.text) and self.text[self.pos] == "|":
            self.pos += 1
            branches.append(self.nodes("|)"))
        if self.pos >= len(self.text):
            self.pos = start
            return None
        self.pos += 1
        self.negation = self.negation or letter == "!"
        return Node(letter, None, tuple(branches))

    def bracket(self) -> str:
        """[...] after its opening bracket, as a regular expression; an unclosed one is the bracket itself."""
        start = self.pos
        negated = self.text[self.pos : self.pos + 1] in ("!", "^")
        self.pos += negated
        items: list[str] = []
        first = True
        while self.pos < len(self.text):
            if self.text[self.pos] == "]" and not first:
                self.pos += 1
                return self.bracket_source(items, negated)
            first = False
            self.bracket_item(items)
        self.pos = start
        return r"\["

    def bracket_source(self, items: list[str], negated: bool) -> str:
        inside = "".join(items)
        if not inside:
            return "." if negated else "(?!)"
        return f"[{'^' if negated else ''}{inside}]"

    def bracket_item(self, items: list[str]) -> None:
        for mark in ":=.":
            end = self.text.find(mark + "]", self.pos + 2)
            if self.text.startswith("[" + mark, self.pos) and end > 0:
                name = self.text[self.pos + 2 : end]
                self.pos = end + 2
                if mark == ":":
                    items.append(CLASSES_ASCII.get(name, "a-zA-Z0-9_" if name == "word" else ""))
                else:
                    items.append(class_escape(name) if len(name) == 1 else "")
                return
        low = self.bracket_char()
        if self.text.startswith("-", self.pos) and self.text[self.pos + 1 : self.pos + 2] not in ("]", ""):
            self.pos += 1
            high = self.bracket_char()
            if low <= high:
                items.append(f"{class_escape(low)}-{class_escape(high)}")
            return
        items.append(class_escape(low))

    def bracket_char(self) -> str:
        ch = self.text[self.pos]
        self.pos += 1
        if ch == "\\" and self.pos < len(self.text):
            ch = self.text[self.pos]
            self.pos += 1
        return ch


def ends(nodes: tuple[Node, ...], text: str, start: int) -> list[int]:
    """All positions where a match of these nodes that begins at `start` may end, in order."""
    positions = [start]
    for node in nodes:
        reached: dict[int, None] = {}
        for position in positions:
            reached.update(dict.fromkeys(node_ends(node, text, position)))
        positions = sorted(reached)
        if not positions:
            break
    return positions


def node_ends(node: Node, text: str, start: int) -> list[int]:
    """The ends of one node."""
    if node.kind == "one":
        if start >= len(text):
            return []
        return [start + 1] if regex.fullmatch(node.program, text[start], flags=regex.DOTALL) else []
    if node.kind == "star":
        return list(range(start, len(text) + 1))
    once = sorted({end: None for branch in node.branches for end in ends(branch, text, start)})
    if node.kind == "@":
        return once
    if node.kind == "!":
        return [end for end in range(start, len(text) + 1) if end not in once]
    if node.kind == "?":
        return sorted({start: None} | dict.fromkeys(once))
    reached = dict.fromkeys(once)
    queue = list(once)
    while queue:
        for branch in node.branches:
            for end in ends(branch, text, queue[0]):
                if end not in reached:
                    reached[end] = None
                    queue.append(end)
        queue.pop(0)
    return sorted(reached | ({start: None} if node.kind == "*" else {}))
