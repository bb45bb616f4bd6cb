"""test and [: the expression grammar of POSIX, with -a, -o and parentheses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.conditional import COMPARISONS, file_comparison, unary

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

UNARY = frozenset("-" + letter for letter in "abcdefghknoprstuvwxzGLNORS")
BINARY = frozenset({"=", "==", "!=", "<", ">", "-nt", "-ot", "-ef", *COMPARISONS})
DASH_BINARY = BINARY - {"=="}
DASH_UNARY = frozenset("-" + letter for letter in "bcdefghknprstuwxzGLOS")


class TestError(Exception):
    """An expression that makes no sense; status 2."""


class Test:
    """One expression being evaluated."""

    def __init__(self, sh: Shell, words: list[str]) -> None:
        self.sh = sh
        self.words = words
        self.pos = 0
        self.dash = sh.dialect.is_dash
        self.unary_operators = DASH_UNARY if self.dash else UNARY
        self.binary_operators = DASH_BINARY if self.dash else BINARY

    def run(self) -> bool:
        """The value by the number of words, as POSIX asks; beyond four, the full grammar."""
        value = self.by_count(self.words)
        if value is not None:
            return value
        value = self.either()
        if self.pos < len(self.words):
            raise TestError(f"{self.words[self.pos]}: unexpected operator" if self.dash else "too many arguments")
        return value

    def by_count(self, words: list[str]) -> bool | None:
        count = len(words)
        if count == 0:
            return False
        if count == 1:
            return bool(words[0])
        if count == 2:
            return self.two(words)
        if count == 3:
            return self.three(words)
        if count == 4:
            if words[0] == "!":
                value = self.by_count(words[1:])
                return None if value is None else not value
            if words[0] == "(" and words[3] == ")":
                return self.by_count(words[1:3])
        return None

    def two(self, words: list[str]) -> bool:
        if words[0] == "!":
            return not words[1]
        if words[0] in self.unary_operators:
            return self.unary(words[0], words[1])
        if self.dash:
            raise TestError(f"{words[0]}: unexpected operator")
        raise TestError(f"{words[0]}: unary operator expected")

    def three(self, words: list[str]) -> bool:
        left, op, right = words
        if op in self.binary_operators:
            return self.binary(left, op, right)
        if op in ("-a", "-o"):
            return bool(left and right) if op == "-a" else bool(left or right)
        if left == "!":
            return not self.two([op, right])
        if left == "(" and right == ")":
            return bool(op)
        if self.dash:
            raise TestError(f"{left}: unexpected operator")
        raise TestError(f"{op}: binary operator expected")

    # --- the full grammar -------------------------------------------------------------------------------------------

    def word(self, ahead: int = 0) -> str | None:
        index = self.pos + ahead
        return self.words[index] if index < len(self.words) else None

    def either(self) -> bool:
        value = self.both()
        while self.word() == "-o":
            self.pos += 1
            right = self.both()
            value = value or right
        return value

    def both(self) -> bool:
        value = self.term()
        while self.word() == "-a":
            self.pos += 1
            right = self.term()
            value = value and right
        return value

    def term(self) -> bool:
        first = self.word()
        if first is None:
            raise TestError("argument expected")
        if first == "!":
            self.pos += 1
            return not self.term()
        second = self.word(1)
        if second in self.binary_operators and self.word(2) is not None:
            right = self.word(2)
            self.pos += 3
            return self.binary(first, str(second), str(right))
        if first == "(":
            return self.parenthesised()
        if first in self.unary_operators and second is not None:
            self.pos += 2
            return self.unary(first, second)
        self.pos += 1
        return bool(first)

    def parenthesised(self) -> bool:
        self.pos += 1
        value = self.either()
        if self.word() != ")":
            raise TestError("closing paren expected" if self.dash else "`)' expected")
        self.pos += 1
        return value

    # --- operators --------------------------------------------------------------------------------------------------

    def unary(self, op: str, operand: str) -> bool:
        if op == "-t":
            self.integer(operand)
        return unary(self.sh, op, operand)

    def binary(self, left: str, op: str, right: str) -> bool:
        if op in ("=", "=="):
            return left == right
        if op == "!=":
            return left != right
        if op in ("<", ">"):
            return left < right if op == "<" else left > right
        if op in COMPARISONS:
            return COMPARISONS[op](self.integer(left), self.integer(right))
        return file_comparison(self.sh, op, left, right)

    def integer(self, text: str) -> int:
        stripped = text.strip(" \t")
        digits = stripped[1:] if stripped[:1] in "+-" else stripped
        if not (digits.isascii() and digits.isdigit()):
            raise TestError(f"Illegal number: {text}" if self.dash else f"{text}: integer expression expected")
        return int(stripped)


async def run_test(sh: Shell, name: str, words: list[str]) -> int:
    """0 true, 1 false, 2 error (reported)."""
    try:
        return int(not Test(sh, words).run())
    except TestError as error:
        await sh.report(f"{name}: {error}")
        return 2
