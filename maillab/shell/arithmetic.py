"""Integer expressions of the shell: $((...)), ((...)), let, subscripts, -i variables.

64-bit two's complement arithmetic with C's operators, bash's `**` and bases (`16#ff`). The evaluator reads and computes
in one pass, as bash does, because its errors show the text from the token at hand. Source: bash's manual
(ARITHMETIC EVALUATION) and observed messages of bash 5.2 and dash 0.5.12.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Protocol

TWO = ("**", "++", "--", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "+=", "-=", "*=", "/=", "%=", "&=", "^=", "|=")
THREE = ("<<=", ">>=")
ASSIGNMENTS = ("=", "+=", "-=", "*=", "/=", "%=", "&=", "^=", "|=", "<<=", ">>=")
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
NUMBER = re.compile(r"[0-9][0-9A-Za-z#@_]*")
LEVELS = (("|",), ("^",), ("&",), ("==", "!="), ("<", "<=", ">", ">="), ("<<", ">>"), ("+", "-"), ("*", "/", "%"))
BINDS = {operator: number for number, operators in enumerate(LEVELS) for operator in operators}
RECURSION_MAX = 40  # variables naming variables; bash itself goes to 1024
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ@_"


class ArithmeticFault(Exception):
    """An expression that cannot be computed. `str(e)` is the whole sentence after the command's name."""


class Variables(Protocol):
    """Where expressions find and leave values; `subscript` is the text between brackets or None."""

    def arithmetic_value(self, name: str, subscript: str | None) -> str:
        """The text of a variable, "" when unset (or an exception of the shell's under `set -u`)."""

    def arithmetic_assign(self, name: str, subscript: str | None, value: int) -> None:
        """name[subscript] = value"""


def wrap(value: int) -> int:
    """The value in 64-bit two's complement."""
    return (value + (1 << 63)) % (1 << 64) - (1 << 63)


def evaluate(text: str, variables: Variables, *, dash: bool = False, depth: int = 0) -> int:
    """The value of an expression; an empty one is 0. Raises ArithmeticFault."""
    simple = text.strip()
    if simple.isdigit() and (len(simple) == 1 or simple[0] != "0") and simple.isascii():
        return wrap(int(simple))
    return Evaluator(text, variables, dash, depth).run()


class Evaluator:
    """One expression being read and computed."""

    def __init__(self, text: str, variables: Variables, dash: bool, depth: int) -> None:
        self.text = text
        self.variables = variables
        self.dash = dash
        self.depth = depth
        self.pos = 0
        self.last = 0  # where the token at hand began
        self.token = ""  # an operator, "number", "name" or "" at the end
        self.number = 0
        self.name = ""
        self.subscript: str | None = None
        self.skipping = 0  # inside the branch of && || ?: that is not taken

    def run(self) -> int:
        if not self.text.strip():
            return 0
        if self.depth > RECURSION_MAX:
            raise self.fault("expression recursion level exceeded", "recursion")
        self.read()
        value = self.comma()
        if self.token:
            raise self.fault("syntax error in expression", "expecting EOF")
        return value

    def fault(self, message: str, dash: str, end: int | None = None) -> ArithmeticFault:
        """The error as bash or dash words it; `end` cuts the shown text."""
        if self.dash:
            return ArithmeticFault(f'arithmetic expression: {dash}: "{self.text}"')
        shown = self.text[: len(self.text) if end is None else end]
        rest = shown[self.last :].lstrip()
        token = f' (error token is "{rest}")' if rest else ""
        return ArithmeticFault(f"{shown.lstrip()}: {message}{token}")

    # --- tokens -----------------------------------------------------------------------------------------------------

    def read(self) -> None:
        """Take the next token."""
        previous = self.token
        text = self.text
        while self.pos < len(text) and text[self.pos] in " \t\n":
            self.pos += 1
        if self.pos >= len(text):
            self.token = ""
            return
        self.last = self.pos
        name = NAME.match(text, self.pos)
        if name:
            self.read_name(name)
            return
        number = NUMBER.match(text, self.pos)
        if number:
            self.pos = number.end()
            self.number = self.constant(number.group())
            self.token = "number"
            return
        for size, table in ((3, THREE), (2, TWO)):
            piece = text[self.pos : self.pos + size]
            if piece in table and not (piece in ("++", "--") and not self.is_step(piece)) and not (self.dash and piece == "**"):
                self.pos += size
                self.token = piece
                return
        self.token = text[self.pos]
        self.pos += 1
        if self.token not in "+-*/%<>=!~&|^?:(),":
            self.pos -= 1
            after_operand = previous in ("number", "name", ")")
            what = "invalid arithmetic operator" if after_operand else "operand expected"
            raise self.fault(f"syntax error: {what}", "expecting EOF" if after_operand else "expecting primary")

    def is_step(self, piece: str) -> bool:
        """Whether ++ or -- steps a variable here (otherwise it is two signs)."""
        if self.dash:
            return False
        if self.token == "name":
            return True
        after = self.text[self.pos + 2 :].lstrip()
        return bool(NAME.match(after))

    def read_name(self, name: re.Match[str]) -> None:
        self.name = name.group()
        self.pos = name.end()
        self.subscript = None
        self.token = "name"
        if self.text[self.pos : self.pos + 1] == "[" and not self.dash:
            end, depth = self.pos + 1, 1
            while end < len(self.text) and depth:
                depth += (self.text[end] == "[") - (self.text[end] == "]")
                end += 1
            if depth:
                raise self.fault("bad array subscript", "expecting primary")
            self.subscript = self.text[self.pos + 1 : end - 1]
            self.pos = end

    def constant(self, text: str) -> int:
        """A number with its base."""
        base, digits = 10, text
        if "#" in text and not self.dash:
            prefix, digits = text.split("#", 1)
            if not prefix.isdigit() or prefix[0] == "0":
                raise self.fault("invalid number" if prefix[:1] == "0" else "invalid integer constant", "", self.pos)
            base = int(prefix)
            if not 2 <= base <= 64:
                raise self.fault("invalid arithmetic base", "", self.pos)
            if not digits or digits[0] == "#":
                raise self.fault("invalid integer constant", "", self.pos)
        elif text[:2].lower() == "0x":
            base, digits = 16, text[2:]
        elif text[0] == "0" and len(text) > 1:
            base, digits = 8, text[1:]
        value = 0
        for ch in digits:
            digit = DIGITS.find(ch.lower() if base <= 36 else ch)
            if digit < 0 or digit >= base:
                raise self.fault("value too great for base", "expecting EOF", self.pos)
            value = value * base + digit
        return wrap(value)

    # --- precedence, from the loosest -------------------------------------------------------------------------------

    def comma(self) -> int:
        value = self.assign()
        while self.token == "," and not self.dash:
            self.read()
            value = self.assign()
        return value

    def assign(self) -> int:
        """name op= value (right associative)"""
        if self.token != "name":
            value = self.conditional()
            if self.token in ASSIGNMENTS:
                raise self.fault("attempted assignment to non-variable", "expecting EOF")
            return value
        name, subscript, saved = self.name, self.subscript, (self.pos, self.last)
        self.read()
        operator = self.token
        if operator not in ASSIGNMENTS:
            self.pos, self.last = saved
            self.token, self.name, self.subscript = "name", name, subscript
            value = self.conditional()
            if self.token in ASSIGNMENTS:
                raise self.fault("attempted assignment to non-variable", "expecting EOF")
            return value
        at = self.pos
        self.read()
        value = self.assign()
        if operator != "=":
            value = self.binary(operator[:-1], self.value_of(name, subscript), value, at)
        if not self.skipping:
            self.variables.arithmetic_assign(name, subscript, value)
        return value

    def conditional(self) -> int:
        """test ? a : b"""
        test = self.logical_or()
        if self.token != "?":
            return test
        self.read()
        if self.token in ("", ":"):
            raise self.fault("expression expected", "expecting primary")
        first = self.unless(not test, self.comma)
        if self.token != ":":
            raise self.fault("`:' expected for conditional expression", "expecting ':'")
        self.read()
        if not self.token:
            raise self.fault("expression expected", "expecting primary")
        second = self.unless(bool(test), self.conditional if self.token != "name" else self.assign)
        return first if test else second

    def unless(self, skip: bool, parse: Callable[[], int]) -> int:
        """Parse an operand, without effects when it is skipped."""
        self.skipping += skip
        value = parse()
        self.skipping -= skip
        return value

    def logical_or(self) -> int:
        value = self.logical_and()
        while self.token == "||":
            self.read()
            right = self.unless(bool(value), self.logical_and)
            value = int(bool(value) or bool(right))
        return value

    def logical_and(self) -> int:
        value = self.level(0)
        while self.token == "&&":
            self.read()
            right = self.unless(not value, lambda: self.level(0))
            value = int(bool(value) and bool(right))
        return value

    def level(self, loosest: int) -> int:
        """The left associative binary operators that bind at least as tightly as `loosest`."""
        value = self.power()
        while (binds := BINDS.get(self.token, -1)) >= loosest:
            operator, at = self.token, self.pos
            self.read()
            value = self.binary(operator, value, self.level(binds + 1), at)
        return value

    def power(self) -> int:
        """** is right associative and binds tighter than * but looser than signs."""
        base = self.unary()
        if self.token != "**":
            return base
        self.read()
        exponent = self.power()
        if exponent < 0:
            raise self.fault("exponent less than 0", "")
        return wrap(pow(base, exponent, 1 << 64))

    def binary(self, operator: str, a: int, b: int, at: int) -> int:
        """a operator b; `at` is where the right operand began, for the error."""
        if operator in ("/", "%"):
            return self.divide(operator, a, b, at)
        if operator in ("<<", ">>"):
            shift = b & 63
            return wrap(a << shift) if operator == "<<" else a >> shift
        return wrap(int(OPERATIONS[operator](a, b)))

    def divide(self, operator: str, a: int, b: int, at: int) -> int:
        if b == 0:
            if self.skipping:
                return 0
            self.last = at
            raise self.fault("division by 0", "division by zero")
        quotient = abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)
        return wrap(quotient) if operator == "/" else wrap(a - b * quotient)

    # --- operands ---------------------------------------------------------------------------------------------------

    def unary(self) -> int:
        """! ~ - + and ++name --name"""
        operator = self.token
        if operator in ("!", "~", "-", "+"):
            self.read()
            value = self.unary()
            if operator == "!":
                return int(not value)
            return wrap({"~": ~value, "-": -value, "+": value}[operator])
        if operator in ("++", "--"):
            self.read()
            if self.token != "name":
                raise self.fault("identifier expected after pre-increment or pre-decrement", "expecting primary")
            name, subscript = self.name, self.subscript
            value = wrap(self.value_of(name, subscript) + (1 if operator == "++" else -1))
            self.store(name, subscript, value)
            self.read()
            return value
        return self.operand()

    def operand(self) -> int:
        if self.token == "number":
            value = self.number
            self.read()
            if self.token in ("number", "name"):
                raise self.fault("syntax error in expression", "expecting EOF")
            return value
        if self.token == "name":
            return self.variable()
        if self.token == "(":
            self.read()
            value = self.comma()
            if self.token != ")":
                raise self.fault("missing `)'", "expecting ')'")
            self.read()
            return value
        raise self.fault("syntax error: operand expected", "expecting primary")

    def variable(self) -> int:
        """name, name++ or name--"""
        name, subscript = self.name, self.subscript
        value = self.value_of(name, subscript)
        self.read()
        if self.token in ("++", "--"):
            self.store(name, subscript, wrap(value + (1 if self.token == "++" else -1)))
            self.token = "number"
            self.read()
        return value

    def store(self, name: str, subscript: str | None, value: int) -> None:
        if not self.skipping:
            self.variables.arithmetic_assign(name, subscript, value)

    def value_of(self, name: str, subscript: str | None) -> int:
        """A variable's value: its text is an expression itself."""
        if self.skipping:
            return 0
        text = self.variables.arithmetic_value(name, subscript)
        if self.dash:
            return self.dash_value(text)
        return evaluate(text, self.variables, depth=self.depth + 1)

    def dash_value(self, text: str) -> int:
        try:
            return wrap(int(text.strip() or "0", 0))
        except ValueError:
            raise ArithmeticFault(f"Illegal number: {text}") from None


OPERATIONS: dict[str, Callable[[int, int], int]] = {
    "|": lambda a, b: a | b, "^": lambda a, b: a ^ b, "&": lambda a, b: a & b,
    "==": lambda a, b: a == b, "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b,
}  # fmt: skip
