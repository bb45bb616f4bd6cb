"""POSIX regular expressions as glibc compiles them, executed by the package `regex`.

`compile(pattern, flavour)` reads a basic or extended expression with the rules of glibc's regcomp (which operators are
literal where, which are errors, the texts of regerror) and writes the equivalent pattern for `regex`, with the POSIX
flag (leftmost, longest) where greedy matching would not already give the longest match.

Text is `str`. In the C locale pass data decoded as latin-1 (one character a byte, classes are ASCII only); in a UTF-8
locale pass decoded text and `unicode=True`.

Sources: POSIX XBD chapter 9; observed behaviour of glibc 2.36's regcomp, GNU sed 4.9, GNU grep 3.8 and bash 5.2.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from re import Match
from typing import Any, Literal

import regex

Flavour = Literal["bre", "ere", "sed", "sed-ere", "grep", "egrep"]

REPEAT_MAX = 0x7FFF  # RE_DUP_MAX of glibc
REPETITIONS = ("*", "+", "?", "{")
MATCH_SECONDS = 5.0  # a match that lasts longer is given up as glibc gives up without memory

ERANGE = "Invalid range end"
ECOLLATE = "Invalid collation character"
ECTYPE = "Invalid character class name"
EESCAPE = "Trailing backslash"
ESUBREG = "Invalid back reference"
EBRACK = "Unmatched [, [^, [:, [., or [="
EPAREN = "Unmatched ( or \\("
EBRACE = "Unmatched \\{"
BADBR = "Invalid content of \\{\\}"
ESPACE = "Memory exhausted"
BADRPT = "Invalid preceding regular expression"
ESIZE = "Regular expression too big"
ERPAREN = "Unmatched ) or \\)"


class RegexError(Exception):
    """An expression that regcomp refuses; `str(e)` is the text of regerror."""


@dataclass(frozen=True)
class Syntax:
    """What differs between the flavours (the syntax bits of glibc's regex.h)."""

    extended: bool  # ( ) { } | + ? are operators without backslash, anchors are anchors everywhere
    leading_operator: Literal["error", "literal", "skip"]  # `*` where there is nothing to repeat
    leading_interval: Literal["error", "literal", "skip"]  # `{1}` or `\{1\}` there
    double_repeat_error: bool = False  # `a**` is an error
    bad_interval_literal: bool = False  # `a{x` is the text itself
    lone_close: Literal["literal", "error", "open-error"] = "error"  # `)` without `(`


SYNTAXES: dict[str, Syntax] = {
    "bre": Syntax(False, "literal", "error", double_repeat_error=True, lone_close="open-error"),
    "sed": Syntax(False, "literal", "error", double_repeat_error=True),
    "grep": Syntax(False, "literal", "literal"),
    "ere": Syntax(True, "error", "error", lone_close="literal"),
    "sed-ere": Syntax(True, "error", "error"),
    "egrep": Syntax(True, "skip", "skip", bad_interval_literal=True, lone_close="literal"),
}

CLASSES_ASCII = {
    "alpha": "a-zA-Z", "digit": "0-9", "alnum": "a-zA-Z0-9", "upper": "A-Z", "lower": "a-z",
    "space": r"\t-\r\x20", "blank": r"\t\x20", "punct": r"!-/:-@\[-`{-~", "print": r"\x20-~", "graph": "!-~",
    "cntrl": r"\x00-\x1f\x7f", "xdigit": "0-9A-Fa-f",
}  # fmt: skip
CLASSES_UNICODE = CLASSES_ASCII | {
    "alpha": r"\p{L}\p{Nl}", "alnum": r"\p{L}\p{Nl}\p{Nd}", "upper": r"\p{Lu}", "lower": r"\p{Ll}",
    "space": r"\s", "punct": r"\p{P}\p{S}", "print": r"\x20-~\u00a0-\U0010ffff", "graph": r"!-~\u00a1-\U0010ffff",
    "cntrl": r"\p{Cc}",
}  # fmt: skip

BACKSLASH_ATOMS = {
    "w": r"\w", "W": r"\W", "s": r"\s", "S": r"\S",
}  # fmt: skip
BACKSLASH_ANCHORS = {
    "b": r"\b", "B": r"\B", "<": r"\m", ">": r"\M", "`": r"\A", "'": r"\Z",
}  # fmt: skip


class Regex:
    """A compiled expression; matching may raise RegexError when it would take unreasonably long."""

    def __init__(self, source: str, program: Any) -> None:
        self.source = source
        self.program = program

    @property
    def groups(self) -> int:
        """How many parenthesised subexpressions there are."""
        return int(self.program.groups)

    def search(self, text: str, start: int = 0, end: int | None = None) -> Match[str] | None:
        """The leftmost longest match in text[start:end]; `^` still means the beginning of `text`."""
        return self.guarded(self.program.search, text, start, len(text) if end is None else end)

    def match(self, text: str, start: int = 0) -> Match[str] | None:
        """The longest match that begins at `start`."""
        return self.guarded(self.program.match, text, start, len(text))

    def fullmatch(self, text: str) -> Match[str] | None:
        """A match of the whole text (grep -x)."""
        return self.guarded(self.program.fullmatch, text, 0, len(text))

    def guarded(self, method: Any, text: str, start: int, end: int) -> Match[str] | None:
        """One match that may not last."""
        try:
            found: Match[str] | None = method(text, start, end, timeout=MATCH_SECONDS)
        except TimeoutError:
            raise RegexError(ESPACE) from None
        return found

    def finditer(self, text: str) -> Iterator[Match[str]]:
        """The successive matches, as sed's `s///g` and grep -o walk them: never an empty one right after another."""
        position, last_end = 0, -1
        while position <= len(text):
            found = self.search(text, position)
            if found is None:
                return
            if found.end() == found.start() == last_end:
                position = found.end() + 1
                continue
            yield found
            last_end = found.end()
            position = found.end() if found.end() > found.start() else found.end() + 1


@lru_cache(maxsize=512)
def compile(
    pattern: str,
    flavour: Flavour = "bre",
    ignorecase: bool = False,
    *,
    newline: bool = False,
    unicode: bool = False,
) -> Regex:
    """Compile a POSIX expression. `newline`: ^ and $ also match at lines inside the text (REG_NEWLINE, sed's M), but
    `.` still matches a newline. Raises RegexError with regerror's text."""
    translation = Translator(pattern, SYNTAXES[flavour], newline, unicode)
    source = translation.run()
    flags = regex.V0 | regex.DOTALL | (regex.UNICODE if unicode else regex.ASCII)
    if translation.needs_longest:
        flags |= regex.POSIX
    if ignorecase:
        flags |= regex.IGNORECASE
    return Regex(pattern, regex.compile(source, flags))


def escape(text: str) -> str:
    """`text` as a pattern of the package `regex` that matches exactly it."""
    return "".join(ch if ch.isalnum() or ch == "_" else f"\\x{ord(ch):02x}" if ord(ch) < 256 else ch for ch in text)


def class_escape(ch: str) -> str:
    """A character inside a bracket class of the package `regex`."""
    return f"\\x{ord(ch):02x}" if ord(ch) < 128 and not ch.isalnum() else ch


class Translator:
    """One pass over a POSIX pattern that writes the pattern for `regex`."""

    def __init__(self, pattern: str, syntax: Syntax, newline: bool, unicode: bool) -> None:
        self.text = pattern
        self.pos = 0
        self.syntax = syntax
        self.newline = newline
        self.classes = CLASSES_UNICODE if unicode else CLASSES_ASCII
        self.opened = 0
        self.closed: list[int] = []
        self.needs_longest = False

    def run(self) -> str:
        """The whole translation."""
        return self.alternatives(0)

    # --- tokens -------------------------------------------------------------------------------------------------

    def operator(self) -> str:
        """The operator at the current position in its extended spelling, or "" for an ordinary character."""
        rest = self.text[self.pos : self.pos + 2]
        if self.syntax.extended:
            return rest[:1] if rest[:1] in "(){|+?*" else ""
        if rest[:1] == "*":
            return "*"
        if len(rest) == 2 and rest[0] == "\\" and rest[1] in "(){|+?":
            return rest[1]
        return ""

    def skip_operator(self) -> None:
        self.pos += 2 if self.text[self.pos] == "\\" else 1

    def at_end(self) -> bool:
        return self.pos >= len(self.text)

    # --- structure ----------------------------------------------------------------------------------------------

    def alternatives(self, depth: int) -> str:
        """branch | branch ... up to the end or the closing parenthesis."""
        branches = [self.branch(depth)]
        while not self.at_end() and self.operator() == "|":
            self.skip_operator()
            self.needs_longest = True
            branches.append(self.branch(depth))
        return "|".join(branches)

    def branch(self, depth: int) -> str:
        """A concatenation of repeated atoms."""
        parts: list[str] = []
        start = True
        while not self.at_end():
            operator = self.operator()
            if operator == "|" or (operator == ")" and depth):
                break
            if operator in REPETITIONS:
                atom = self.leading_operator(operator)
                if atom is None:
                    continue
            else:
                anchor = self.anchor(start)
                if anchor is not None:
                    parts.append(anchor)
                    start = start and anchor.startswith(("\\A", "(?m:^"))
                    parts.extend(self.after_anchor())
                    continue
                atom = self.atom(depth)
            start = False
            parts.append(self.repeated(atom))
        return "".join(parts)

    def after_anchor(self) -> list[str]:
        """A repetition right after an anchor has nothing to repeat."""
        if self.at_end() or self.operator() not in REPETITIONS:
            return []
        atom = self.leading_operator(self.operator())
        return [] if atom is None else [self.repeated(atom)]

    def leading_operator(self, operator: str) -> str | None:
        """A repetition operator with nothing before it: an error, its own text, or nothing at all (None)."""
        rule = self.syntax.leading_interval if operator == "{" else self.syntax.leading_operator
        if rule == "error":
            raise RegexError(BADRPT)
        if rule == "skip":
            if operator == "{" and self.interval() is not None:
                return None
            if operator != "{":
                self.skip_operator()
                return None
        self.skip_operator()
        return escape(operator)

    # --- atoms --------------------------------------------------------------------------------------------------

    def anchor(self, start: bool) -> str | None:
        """An anchor at the current position, consumed; None when there is none."""
        ch = self.text[self.pos]
        if ch == "^" and (self.syntax.extended or start):
            self.pos += 1
            return "(?m:^)" if self.newline else r"\A"
        if ch == "$" and (self.syntax.extended or self.dollar_ends_branch()):
            self.pos += 1
            return "(?m:$)" if self.newline else r"\Z"
        if ch == "\\" and self.text[self.pos + 1 : self.pos + 2] in BACKSLASH_ANCHORS and self.pos + 1 < len(self.text):
            self.pos += 2
            return BACKSLASH_ANCHORS[self.text[self.pos - 1]]
        return None

    def dollar_ends_branch(self) -> bool:
        """In a basic expression `$` is an anchor only at the end, before `\\)` or before `\\|`."""
        return self.pos + 1 == len(self.text) or self.text[self.pos + 1 : self.pos + 3] in ("\\)", "\\|")

    def atom(self, depth: int) -> str:
        """One ordinary character, class, group or back reference."""
        operator = self.operator()
        if operator == "(":
            return self.group(depth)
        if operator == ")":
            return self.lone_close()
        ch = self.text[self.pos]
        self.pos += 1
        if ch == "[":
            return self.bracket()
        if ch == ".":
            return "."
        if ch == "\\":
            return self.backslash()
        return escape(ch)

    def group(self, depth: int) -> str:
        self.skip_operator()
        self.opened += 1
        number = self.opened
        inside = self.alternatives(depth + 1)
        if self.at_end():
            raise RegexError(EPAREN)
        self.skip_operator()
        self.closed.append(number)
        return f"({inside})"

    def lone_close(self) -> str:
        if self.syntax.lone_close == "literal":
            self.skip_operator()
            return r"\)"
        raise RegexError(ERPAREN if self.syntax.lone_close == "error" else EPAREN)

    def backslash(self) -> str:
        """What follows a backslash that is neither an operator nor an anchor."""
        if self.at_end():
            raise RegexError(EESCAPE)
        ch = self.text[self.pos]
        self.pos += 1
        if ch in BACKSLASH_ATOMS:
            return BACKSLASH_ATOMS[ch]
        if ch in "123456789":
            if int(ch) not in self.closed:
                raise RegexError(ESUBREG)
            self.needs_longest = True
            return f"(?:\\{ch})"
        return escape(ch)

    # --- repetition ---------------------------------------------------------------------------------------------

    def repeated(self, atom: str) -> str:
        """The atom with the repetition operators that follow it."""
        repeats = False
        group = atom.startswith("(") and not atom.startswith("(?:\\")
        while not self.at_end() and self.operator() in REPETITIONS:
            operator = self.operator()
            if operator == "{":
                bounds = self.interval()
                if bounds is None:
                    return atom
                quantifier = bounds
            else:
                self.skip_operator()
                quantifier = operator
            self.needs_longest = self.needs_longest or group
            atom = f"(?:{atom}){quantifier}" if repeats else atom + quantifier
            repeats = True
            self.refuse_double_repeat()
        return atom

    def refuse_double_repeat(self) -> None:
        if self.syntax.double_repeat_error and not self.at_end() and self.operator() in ("*", "{"):
            raise RegexError(BADRPT)

    def interval(self) -> str | None:
        """{n}, {n,}, {,m}, {n,m}: consumed and returned in `regex` spelling; None: not an interval, nothing consumed."""
        opening = self.pos
        self.skip_operator()
        low = self.number()
        bounded = self.text[self.pos : self.pos + 1] != ","
        if not bounded:
            self.pos += 1
            high = self.number()
        else:
            high = low
        close = "}" if self.syntax.extended else "\\}"
        if not self.text.startswith(close, self.pos) or (bounded and low is None):
            self.bad_interval(opening, close)
            return None
        self.pos += len(close)
        if (low or 0) > REPEAT_MAX or (high or 0) > REPEAT_MAX:
            raise RegexError(ESIZE)
        if high is not None and (low or 0) > high:
            raise RegexError(BADBR)
        return f"{{{low or 0}}}" if bounded else f"{{{low or 0},{'' if high is None else high}}}"

    def bad_interval(self, opening: int, close: str) -> None:
        """An interval without end or with odd contents."""
        if self.syntax.bad_interval_literal:
            self.pos = opening
            return
        raise RegexError(BADBR if close in self.text[self.pos :] else EBRACE)

    def number(self) -> int | None:
        start = self.pos
        while self.pos < len(self.text) and self.text[self.pos] in "0123456789":
            self.pos += 1
        return int(self.text[start : self.pos]) if self.pos > start else None

    # --- bracket expressions ------------------------------------------------------------------------------------

    def bracket(self) -> str:
        """[...] after its opening bracket."""
        negated = self.text.startswith("^", self.pos)
        if negated:
            self.pos += 1
        items: list[str] = []
        first = True
        while True:
            if self.at_end():
                raise RegexError(EBRACK)
            if self.text[self.pos] == "]" and not first:
                self.pos += 1
                break
            if self.text[self.pos] == "-" and not first and self.text[self.pos + 1 : self.pos + 2] not in ("]", ""):
                raise RegexError(ERANGE)
            first = False
            items.append(self.bracket_item())
        return f"[{'^' if negated else ''}{''.join(items)}]"

    def bracket_item(self) -> str:
        """A class, an equivalence class, a character or a range."""
        if self.text.startswith("[:", self.pos):
            name = self.bracket_name(":")
            if name not in self.classes:
                raise RegexError(ECTYPE)
            if self.text.startswith("-", self.pos) and self.text[self.pos + 1 : self.pos + 2] not in ("]", ""):
                raise RegexError(ERANGE)
            return self.classes[name]
        if self.text.startswith("[=", self.pos):
            name = self.bracket_name("=")
            if len(name) != 1:
                raise RegexError(ECOLLATE)
            return class_escape(name)
        low = self.bracket_char()
        if self.text.startswith("-", self.pos) and self.text[self.pos + 1 : self.pos + 2] not in ("]", ""):
            self.pos += 1
            if self.text.startswith(("[:", "[="), self.pos):
                raise RegexError(ERANGE)
            high = self.bracket_char()
            if low > high:
                raise RegexError(ERANGE)
            return f"{class_escape(low)}-{class_escape(high)}"
        return class_escape(low)

    def bracket_char(self) -> str:
        """A character or a collating symbol `[.x.]`, which must be one character long."""
        if self.at_end():
            raise RegexError(EBRACK)
        if self.text.startswith("[.", self.pos):
            name = self.bracket_name(".")
            if len(name) != 1:
                raise RegexError(ECOLLATE)
            return name
        self.pos += 1
        return self.text[self.pos - 1]

    def bracket_name(self, mark: str) -> str:
        """The name inside `[:name:]`, `[=x=]` or `[.x.]`."""
        end = self.text.find(mark + "]", self.pos + 2)
        if end < 0:
            raise RegexError(EBRACK)
        name = self.text[self.pos + 2 : end]
        self.pos = end + 2
        return name
