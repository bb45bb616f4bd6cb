"""The patterns of one grep, and where they match in a line."""

from __future__ import annotations

from re import Match
from typing import Any

import regex  # type: ignore[import-untyped,unused-ignore]

from maillab.sim.host import posix_regex
from maillab.sim.host.posix_regex import Regex, RegexError


class PatternError(Exception):
    """A pattern that cannot be compiled."""


class Matcher:
    """Several patterns as one: the leftmost, longest match of any of them.

    Text is one character a byte outside a UTF-8 locale. `word` and `line` are -w and -x.
    """

    def __init__(self, patterns: list[str], kind: str, *, ignorecase: bool, word: bool, line: bool, utf8: bool) -> None:
        self.utf8 = utf8
        self.word = word
        self.line = line
        self.warnings: list[str] = []
        self.programs = [self._compile(pattern, kind, ignorecase) for pattern in dict.fromkeys(patterns)]

    def decode(self, data: bytes) -> str:
        """A line as text for the patterns."""
        return data.decode("utf-8", "surrogateescape") if self.utf8 else data.decode("latin-1")

    def encode(self, text: str) -> bytes:
        """Text of a line as the bytes it was."""
        return text.encode("utf-8", "surrogateescape") if self.utf8 else text.encode("latin-1")

    def _compile(self, pattern: str, kind: str, ignorecase: bool) -> Regex:
        text = pattern if self.utf8 else pattern.encode("utf-8", "surrogateescape").decode("latin-1")
        try:
            if kind == "perl":
                return self._perl(text, ignorecase)
            if kind == "fixed":
                flags = (regex.IGNORECASE if ignorecase else 0) | (0 if self.utf8 else regex.ASCII)
                return Regex(text, regex.compile(posix_regex.escape(text), flags))
            self._warn(text, kind)
            return posix_regex.compile(text, "egrep" if kind == "extended" else "grep", ignorecase, unicode=self.utf8)
        except RegexError as error:
            empty_bracket = str(error) == posix_regex.EBRACK and text.endswith("[")
            raise PatternError("Invalid regular expression" if empty_bracket else str(error)) from None

    def _perl(self, text: str, ignorecase: bool) -> Regex:
        flags = (regex.IGNORECASE if ignorecase else 0) | (regex.UNICODE if self.utf8 else regex.ASCII)
        try:
            program: Any = regex.compile(text, flags)
        except regex.error as error:
            reason = "missing closing parenthesis" if "missing )" in str(error) else str(error.msg)
            raise PatternError(reason) from None
        return Regex(text, program)

    def _warn(self, text: str, kind: str) -> None:
        """What GNU grep 3.8 finds suspicious."""
        if text.startswith("[:") and text.endswith(":]"):
            raise PatternError("character class syntax is [[:space:]], not [:space:]")
        if kind == "extended":
            leading = [branch[0] for branch in text.split("|") if branch[:1] in ("*", "+", "?")]
            self.warnings += [f"{operator} at start of expression" for operator in leading]

    def search(self, text: str, start: int = 0) -> tuple[int, int] | None:
        """Where the first match at or after `start` is."""
        best: tuple[int, int] | None = None
        for program in self.programs:
            found = self._one(program, text, start)
            if found is not None and (best is None or (found[0], -found[1]) < (best[0], -best[1])):
                best = found
        return best

    def _one(self, program: Regex, text: str, start: int) -> tuple[int, int] | None:
        if self.line:
            whole = program.fullmatch(text) if start == 0 else None
            return whole.span() if whole else None
        found = program.search(text, start)
        while found is not None and self.word:
            span = self._as_word(program, text, found)
            if span is not None:
                return span
            if found.start() >= len(text):
                return None
            found = program.search(text, found.start() + 1)
        return found.span() if found else None

    def _as_word(self, program: Regex, text: str, found: Match[str]) -> tuple[int, int] | None:
        """The match, or a shorter one at its place, that is not glued to a letter, digit or underscore."""
        begin, end = found.span()
        if begin > 0 and is_word(text[begin - 1]):
            return None
        while (end < len(text) and is_word(text[end])) or (begin == end and begin < len(text) and is_word(text[begin])):
            if end <= begin:
                return None
            shorter = program.guarded(program.program.match, text, begin, end - 1)
            if shorter is None or shorter.end() >= end:
                return None
            end = shorter.end()
        return begin, end


def is_word(char: str) -> bool:
    """A constituent of words."""
    return char == "_" or (char.isalnum() and (char.isascii() or ord(char) > 255))
