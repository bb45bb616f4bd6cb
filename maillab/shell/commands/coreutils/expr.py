r"""expr - evaluate expressions

Usage: expr EXPRESSION
  or:  expr OPTION

      --help        display this help and exit
      --version     output version information and exit

Print the value of EXPRESSION to standard output.  A blank line below
separates increasing precedence groups.  EXPRESSION may be:

  ARG1 | ARG2       ARG1 if it is neither null nor 0, otherwise ARG2

  ARG1 & ARG2       ARG1 if neither argument is null or 0, otherwise 0

  ARG1 < ARG2       ARG1 is less than ARG2
  ARG1 <= ARG2      ARG1 is less than or equal to ARG2
  ARG1 = ARG2       ARG1 is equal to ARG2
  ARG1 != ARG2      ARG1 is unequal to ARG2
  ARG1 >= ARG2      ARG1 is greater than or equal to ARG2
  ARG1 > ARG2       ARG1 is greater than ARG2

  ARG1 + ARG2       arithmetic sum of ARG1 and ARG2
  ARG1 - ARG2       arithmetic difference of ARG1 and ARG2

  ARG1 * ARG2       arithmetic product of ARG1 and ARG2
  ARG1 / ARG2       arithmetic quotient of ARG1 divided by ARG2
  ARG1 % ARG2       arithmetic remainder of ARG1 divided by ARG2

  STRING : REGEXP   anchored pattern match of REGEXP in STRING

  match STRING REGEXP        same as STRING : REGEXP
  substr STRING POS LENGTH   substring of STRING, POS counted from 1
  index STRING CHARS         index in STRING where any CHARS is found, or 0
  length STRING              length of STRING
  + TOKEN                    interpret TOKEN as a string, even if it is a
                               keyword like 'match' or an operator like '/'

  ( EXPRESSION )             value of EXPRESSION

Beware that many operators need to be escaped or quoted for shells.
Comparisons are arithmetic if both ARGs are numbers, else lexicographical.
Pattern matches return the string matched between \( and \) or null; if
\( and \) are not used, they return the number of characters matched or 0.

Exit status is 0 if EXPRESSION is neither null nor 0, 1 if EXPRESSION is null
or 0, 2 if EXPRESSION is syntactically invalid, and 3 if an error occurred.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.sim.host import posix_regex
from maillab.sim.host.stdio import encode

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/expr"}
AUTHORS = "Mike Parker, James Youngman, and Paul Eggert"
Value = int | str
COMPARISONS = ("<", "<=", "=", "==", "!=", ">=", ">")
FAILURE = 2


class ExprError(Exception):
    """expr's sentence and exit status."""


class Evaluator:
    """Recursive descent over the arguments; `run` false skips evaluation."""

    def __init__(self, words: list[str], command: Command):
        self.words = words
        self.at = 0
        self.command = command

    def accept(self, *operators: str) -> str | None:
        """Take the next word when it is one of these."""
        if self.at < len(self.words) and self.words[self.at] in operators:
            self.at += 1
            return self.words[self.at - 1]
        return None

    def _need(self) -> str:
        if self.at >= len(self.words):
            raise ExprError(f"syntax error: missing argument after {self.command.q(self.words[-1])}")
        self.at += 1
        return self.words[self.at - 1]

    def disjunction(self, run: bool = True) -> Value:
        """left | right"""
        left = self.conjunction(run)
        while self.accept("|"):
            right = self.conjunction(run and is_null(left))
            if is_null(left):
                left = 0 if is_null(right) else right
        return left

    def conjunction(self, run: bool) -> Value:
        """left & right"""
        left = self.comparison(run)
        while self.accept("&"):
            right = self.comparison(run and not is_null(left))
            if is_null(left) or is_null(right):
                left = 0
        return left

    def comparison(self, run: bool) -> Value:
        """left < right"""
        left = self.sum(run)
        while operator := self.accept(*COMPARISONS):
            right = self.sum(run)
            a, b = as_number(left), as_number(right)
            order = (a > b) - (a < b) if a is not None and b is not None else _text_order(left, right)
            truth = {
                "<": order < 0, "<=": order <= 0, "=": order == 0, "==": order == 0, "!=": order != 0, ">=": order >= 0, ">": order > 0,
            }[operator]  # fmt: skip
            left = int(truth)
        return left

    def _number(self, value: Value) -> int:
        number = as_number(value)
        if number is None:
            raise ExprError("non-integer argument")
        return number

    def sum(self, run: bool) -> Value:
        """left + right"""
        left = self.product(run)
        while operator := self.accept("+", "-"):
            right = self.product(run)
            if run:
                a, b = self._number(left), self._number(right)
                left = a + b if operator == "+" else a - b
        return left

    def product(self, run: bool) -> Value:
        """left * right"""
        left = self.match(run)
        while operator := self.accept("*", "/", "%"):
            right = self.match(run)
            if not run:
                continue
            a, b = self._number(left), self._number(right)
            if operator != "*" and b == 0:
                raise ExprError("division by zero")
            quotient = abs(a) // abs(b or 1) * (1 if (a < 0) == (b < 0) else -1)
            left = a * b if operator == "*" else quotient if operator == "/" else a - b * quotient
        return left

    def match(self, run: bool) -> Value:
        """left : regex"""
        left = self.word(run)
        while self.accept(":"):
            pattern = self.word(run)
            if run:
                left = self._matched(str(left), str(pattern))
        return left

    def _matched(self, text: str, pattern: str) -> Value:
        try:
            regex = posix_regex.compile(encode(pattern).decode("latin-1"))
        except posix_regex.RegexError as error:
            raise ExprError(str(error)) from None
        found = regex.match(encode(text).decode("latin-1"))
        if regex.groups:
            return (found[1] or "").encode("latin-1").decode("utf-8", "surrogateescape") if found else ""
        return len(found[0]) if found else 0

    def word(self, run: bool) -> Value:
        """The functions, parentheses and plain words."""
        if self.accept("+"):
            return self._need()
        if self.accept("length"):
            return len(encode(str(self.word(run))))
        if self.accept("match"):
            text = str(self.word(run))
            return self._matched(text, str(self.word(run)))
        if self.accept("index"):
            text, chars = str(self.word(run)), str(self.word(run))
            return min((text.find(char) + 1 for char in chars if char in text), default=0)
        if self.accept("substr"):
            text = str(self.word(run))
            start, length = as_number(self.word(run)), as_number(self.word(run))
            if start is None or length is None or start < 1 or length < 1:
                return ""
            return text[start - 1 : start - 1 + length]
        if self.accept("("):
            value = self.disjunction(run)
            if not self.accept(")"):
                after = self.command.q(self.words[self.at - 1])
                if self.at >= len(self.words):
                    raise ExprError(f"syntax error: expecting ')' after {after}")
                raise ExprError(f"syntax error: expecting ')' instead of {self.command.q(self.words[self.at])}")
            return value
        if self.at < len(self.words) and self.words[self.at] == ")":
            raise ExprError("syntax error: unexpected ')'")
        return self._need()


def as_number(value: Value) -> int | None:
    """The integer a value is, None when it is none."""
    if isinstance(value, int):
        return value
    return int(value) if value.removeprefix("-").isdigit() else None


def is_null(value: Value) -> bool:
    """Empty or zero."""
    return str(value) == "" or as_number(value) == 0


def _text_order(left: Value, right: Value) -> int:
    a, b = encode(str(left)), encode(str(right))
    return (a > b) - (a < b)


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS, trouble=FAILURE)
    words = argv[1:]
    if words in (["--help"], ["--version"]):
        await sys.stdout.write(command.help_text() if words == ["--help"] else command.version_text())
        return 0
    words = words[1:] if words[:1] == ["--"] else words
    if not words:
        await command.usage("missing operand")
    evaluator = Evaluator(words, command)
    try:
        value = evaluator.disjunction()
        if evaluator.at < len(words):
            raise ExprError(f"syntax error: unexpected argument {command.q(words[evaluator.at])}")
    except ExprError as error:
        await command.die(str(error))
    await sys.stdout.print(value)
    return 1 if is_null(value) else 0
