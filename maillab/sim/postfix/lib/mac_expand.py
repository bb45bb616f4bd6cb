"""Expansion of `$name`, `${name}`, `$(name)`, `${name?text}`, `${name:text}` and the conditional forms of Postfix 3.0 and later.

    ${name?{text}:{text}}   ${{text} == {text} ? {text} : {text}}   ${{text} <=level {text} ? ...}

`parse` splits a text into literal pieces and macro references; `expand` evaluates them with a lookup function. Both report
mistakes with the
sentences that Postfix logs. Source: postconf(5), "PARAMETER EXPANSION", and the observed behaviour of postconf of Postfix
2.5.1 and 3.7.11.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from maillab.sim.postfix.lib import compat_level

NESTING_LIMIT = 100
NAME = re.compile(r"[A-Za-z0-9_]+")
NAME_OR_NOTHING = re.compile(r"[A-Za-z0-9_]*")
BLANKS = re.compile(r"[ \t\r\n\f\v]*")
OPERATOR = re.compile(r"(?:==|!=|<=|>=|<|>)(?![=!<>])")
SUFFIX = re.compile(r"[A-Za-z]*")
OPERATORS_EXPECTED = '"==" or "!="" or "<"" or "<="" or ">="" or ">" expected'
CLOSING = {"{": "}", "(": ")"}

Lookup = Callable[[str], str | None]
Warn = Callable[[str], None]


class MacroError(Exception):
    """A text that cannot be expanded; the sentences to log."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(*sentences)
        self.sentences = sentences


@dataclass(frozen=True)
class Piece:
    """A literal text (`macro` false) or the inside of a macro reference; `braced` when it was `${...}` or `$(...)`."""

    text: str
    macro: bool
    braced: bool = False


def find_close(text: str, start: int) -> int:
    """The index of the bracket that closes the one at `start`, or -1."""
    opening, closing, level = text[start], CLOSING[text[start]], 0
    for index in range(start, len(text)):
        if text[index] == opening:
            level += 1
        elif text[index] == closing:
            level -= 1
            if level == 0:
                return index
    return -1


def parse(text: str) -> Iterator[Piece]:
    """The pieces of a text; raises MacroError where a reference is truncated or empty."""
    literal, at = "", 0
    while at < len(text):
        dollar = text.find("$", at)
        if dollar < 0:
            break
        literal += text[at:dollar]
        following = text[dollar + 1 : dollar + 2]
        if following == "$":
            literal += "$"
            at = dollar + 2
            continue
        if literal:
            yield Piece(literal, macro=False)
            literal = ""
        reference, at = _reference(text, dollar)
        yield reference
    literal += text[at:]
    if literal:
        yield Piece(literal, macro=False)


def _reference(text: str, dollar: int) -> tuple[Piece, int]:
    """The macro reference that starts at `dollar` and the index behind it."""
    start = dollar + 1
    if text[start : start + 1] in ("{", "("):
        close = find_close(text, start)
        if close < 0:
            raise MacroError(f'truncated macro reference: "{text}"')
        piece, end = Piece(text[start + 1 : close], macro=True, braced=True), close + 1
    else:
        match = NAME_OR_NOTHING.match(text, start)
        assert match is not None
        piece, end = Piece(match[0], macro=True), match.end()
    if piece.text == "":
        raise MacroError(f'empty macro name: "{text}"')
    return piece, end


@dataclass(frozen=True)
class Conditional:
    """The inside of a reference: the name or the comparison it tests, and its two texts (None: the reference has no such part)."""

    name: str = ""
    comparison: tuple[str, str, str, str] | None = None  # left, operator, suffix ("" or "level"), right
    if_true: str | None = None
    if_false: str | None = None


def parse_reference(text: str, modern: bool = True) -> Conditional:
    """Take the inside of a reference apart. `modern`: with the syntax of Postfix 3.0. Raises MacroError."""
    if not modern:
        return _parse_old(text)
    at = _blanks(text, 0)
    if text[at : at + 1] == "{":
        return _parse_comparison(text, at)
    match = NAME_OR_NOTHING.match(text, at)
    assert match is not None
    name = match[0]
    operator_at = _blanks(text, match.end())
    operator = text[operator_at : operator_at + 1]
    if operator == "":
        return Conditional(name)
    if operator not in "?:":
        raise _syntax_error(text, match.end())
    if_true, if_false = _branches(text, operator_at)
    return Conditional(name, None, if_true, if_false)


def _parse_old(text: str) -> Conditional:
    """`name`, `name?text` or `name:text`: all there was before Postfix 3.0."""
    match = NAME_OR_NOTHING.match(text)
    assert match is not None
    name, rest = match[0], text[match.end() :]
    if rest.startswith("?"):
        return Conditional(name, None, rest[1:], None)
    if rest.startswith(":"):
        return Conditional(name, None, None, rest[1:])
    if rest:
        raise MacroError(f'macro name syntax error: "{text}"')
    return Conditional(name)


def _parse_comparison(text: str, at: int) -> Conditional:
    """`{left} operator {right} [? ...]`."""
    left, at = _payload(text, at)
    match = OPERATOR.match(text, at)
    if match is None:
        raise MacroError(f'{OPERATORS_EXPECTED} at: "...{left}}}>>>{text[at:][:20]}"')
    suffix = SUFFIX.match(text, match.end())
    assert suffix is not None
    if suffix[0] not in ("", "level"):
        raise MacroError(f'bad operator suffix at: "...{match[0]}>>>{suffix[0][:20]}"')
    right_at = _blanks(text, suffix.end())
    if text[right_at : right_at + 1] != "{":
        raise MacroError(
            f'"{{expression}}" expected at: "...{{{left}}} {text[match.start() : suffix.end()]}>>>{text[suffix.end() :][:20]}"'
        )
    right, at = _payload(text, right_at)
    comparison = (left, match[0], suffix[0], right)
    if at >= len(text):
        return Conditional("", comparison)
    if text[at] not in "?:":
        raise MacroError(f'"?" or ":" expected at: "...}}>>>{text[at:][:20]}"')
    if_true, if_false = _branches(text, at)
    return Conditional("", comparison, if_true, if_false)


def _payload(text: str, at: int) -> tuple[str, int]:
    """The inside of `{...}` without blanks at its start, and the index behind it and the blanks that follow."""
    close = find_close(text, at)
    if close < 0:
        raise MacroError(f'unbalanced {{}} in attribute expression: "{text[at:]}"')
    return text[_blanks(text, at + 1) : close], _blanks(text, close + 1)


def _branches(text: str, at: int) -> tuple[str | None, str | None]:
    """The texts of `?text`, `?{text}:{text}` or `:text`; `at` is the index of the operator."""
    if text[at] == ":":
        return None, _last_branch(text, at + 1)
    brace_at = _blanks(text, at + 1)
    if text[brace_at : brace_at + 1] != "{":
        return text[at + 1 :], None
    close = find_close(text, brace_at)
    if close < 0:
        raise MacroError(f'unbalanced {{}} in attribute expression: "{text[brace_at:]}"')
    if_true = text[brace_at + 1 : close]
    rest = _blanks(text, close + 1)
    if rest >= len(text):
        return if_true, None
    if text[rest] != ":":
        raise MacroError(f'":" expected at: "...{if_true}}}>>>{text[rest:][:20]}"')
    return if_true, _last_branch(text, rest + 1)


def _last_branch(text: str, at: int) -> str:
    """The text after `:`, with or without braces."""
    brace_at = _blanks(text, at)
    if text[brace_at : brace_at + 1] != "{":
        return text[at:]
    close = find_close(text, brace_at)
    if close < 0:
        raise MacroError(f'unbalanced {{}} in attribute expression: "{text[brace_at:]}"')
    rest = _blanks(text, close + 1)
    if rest < len(text):
        raise MacroError(f'unexpected input at: "...{text[brace_at + 1 : close]}}}>>>{text[rest:][:20]}"')
    return text[brace_at + 1 : close]


def _blanks(text: str, at: int) -> int:
    match = BLANKS.match(text, at)
    assert match is not None
    return match.end()


def _syntax_error(text: str, at: int) -> MacroError:
    return MacroError(f'attribute name syntax error at: "...{text[:at]}>>>{text[at:][:20]}"')


@dataclass
class Expander:
    """One way to expand: `lookup` gives raw values (None: undefined), `recurse` expands what it gives.

    `allowed`: characters that looked up values may hold, others become `_`. `undefined` is told the names that are not known.
    """

    lookup: Lookup
    recurse: bool = True
    modern: bool = True
    allowed: str | None = None
    undefined: Callable[[str], None] | None = None

    def expand(self, text: str) -> str:
        """The expanded text; raises MacroError."""
        return self._expand(text, 0)

    def _expand(self, text: str, level: int) -> str:
        if "$" not in text and level <= NESTING_LIMIT:
            return text
        out: list[str] = []
        try:
            for piece in parse(text):
                if level > NESTING_LIMIT:
                    raise MacroError(*_nesting(text))
                out.append(self._evaluate(piece.text, level) if piece.macro else piece.text)
        except RecursionError as error:
            raise MacroError(*_nesting(text)) from error
        return "".join(out)

    def _evaluate(self, text: str, level: int) -> str:
        what = parse_reference(text, self.modern)
        if what.comparison is not None:
            return self._compare(what, level)
        value = self.lookup(what.name)
        if what.if_true is None and what.if_false is None:
            return self._value(what.name, value, level)
        branch = what.if_true if value else what.if_false
        return self._expand(branch, level + 1) if branch else ""

    def _value(self, name: str, value: str | None, level: int) -> str:
        if value is None:
            if self.undefined is not None:
                self.undefined(name)
            return ""
        if self.recurse:
            value = self._expand(value, level + 1)
        if self.allowed is not None:
            value = "".join(char if char in self.allowed else "_" for char in value)
        return value

    def _compare(self, what: Conditional, level: int) -> str:
        assert what.comparison is not None
        left, operator, suffix, right = what.comparison
        left, right = self._expand(left, level + 1), self._expand(right, level + 1)
        holds = _holds_level(left, operator, right) if suffix else _holds(left, operator, right)
        if what.if_true is None and what.if_false is None:
            return "true" if holds else ""
        branch = what.if_true if holds else what.if_false
        return self._expand(branch, level + 1) if branch else ""


def _nesting(text: str) -> list[str]:
    """The sentences about too deep nesting: for the pieces of the text up to the first reference."""
    sentences: list[str] = []
    for piece in parse(text):
        sentences.append(f'unreasonable macro call nesting: "{piece.text}"')
        if piece.macro:
            break
    return sentences


def _holds(left: str, operator: str, right: str) -> bool:
    """Compare as numbers when both are numbers, otherwise as texts."""
    if left.isascii() and right.isascii() and left.isdigit() and right.isdigit():
        return _compare(int(left), operator, int(right))
    return _compare(left.encode("utf-8", "surrogateescape"), operator, right.encode("utf-8", "surrogateescape"))


def _holds_level(left: str, operator: str, right: str) -> bool:
    levels = []
    for text in (left, right):
        level = compat_level.parse(text)
        if level is None:
            raise MacroError(compat_level.malformed(text))
        levels.append(level)
    return _compare(levels[0], operator, levels[1])


def _compare(left: Any, operator: str, right: Any) -> bool:
    order: int = (left > right) - (left < right)
    return {"==": order == 0, "!=": order != 0, "<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0}[operator]
