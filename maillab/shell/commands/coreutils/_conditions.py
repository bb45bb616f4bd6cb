"""The expressions of test(1), with its rules for few arguments (POSIX) and its precedence for many."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.inode import Stat
    from maillab.sim.host.process import Process

UNARY = {f"-{letter}" for letter in "abcdefghkLnNOGprsStuwxz"}
NUMERIC: dict[str, Callable[[int, int], bool]] = {
    "-eq": lambda a, b: a == b, "-ne": lambda a, b: a != b, "-lt": lambda a, b: a < b, "-le": lambda a, b: a <= b,
    "-gt": lambda a, b: a > b, "-ge": lambda a, b: a >= b,
}  # fmt: skip
TEXT: dict[str, Callable[[str, str], bool]] = {"=": lambda a, b: a == b, "==": lambda a, b: a == b, "!=": lambda a, b: a != b}
FILES = ("-nt", "-ot", "-ef")
KINDS = {"-b": "b", "-c": "c", "-d": "d", "-f": "-", "-p": "p", "-S": "s"}


class BadExpression(ValueError):
    """An expression that makes no sense; the text is test's sentence."""


def evaluate(sys: Process, words: list[str], quote: Callable[[str], str]) -> bool:
    """The truth of an expression. Raises BadExpression."""
    if not words:
        return False
    parser = _Parser(sys, words, quote)
    result = parser.few(words) if len(words) <= 4 else None
    if result is None:
        parser.at = 0
        result = parser.disjunction()
        if parser.at < len(words):
            raise BadExpression(f"extra argument {quote(words[parser.at])}")
    return result


class _Parser:
    def __init__(self, sys: Process, words: list[str], quote: Callable[[str], str]):
        self.sys = sys
        self.words = words
        self.quote = quote
        self.at = 0

    def few(self, words: list[str]) -> bool | None:
        """The rules for up to four words; None when the general grammar decides."""
        count = len(words)
        if count == 1:
            return words[0] != ""
        if count == 2:
            if words[0] == "!":
                return words[1] == ""
            if words[0].startswith("-") and len(words[0]) == 2:
                if words[0] in UNARY:
                    return self.unary(words[0], words[1])
                raise BadExpression(f"{self.quote(words[0])}: unary operator expected")
            raise BadExpression(f"missing argument after {self.quote(words[1])}")
        if count == 3:
            if self.is_binary(words[1]):
                return self.binary(*words)
            if words[0] == "!":
                inner = self.few(words[1:])
                return not inner
            if words[0] == "(" and words[2] == ")":
                return words[1] != ""
            if words[1] in ("-a", "-o", ">", "<"):
                return None
            raise BadExpression(f"{self.quote(words[1])}: binary operator expected")
        if words[0] == "!":
            inner = self.few(words[1:])
            return None if inner is None else not inner
        if words[0] == "(" and words[3] == ")":
            return self.few(words[1:3])
        return None

    def is_binary(self, word: str) -> bool:
        return word in TEXT or word in NUMERIC or word in FILES

    # --- the grammar ---------------------------------------------------------------------------------------------------

    def peek(self) -> str:
        return self.words[self.at] if self.at < len(self.words) else ""

    def disjunction(self) -> bool:
        value = self.conjunction()
        while self.at < len(self.words) and self.peek() == "-o":
            self.at += 1
            value = self.conjunction() or value
        return value

    def conjunction(self) -> bool:
        value = self.term()
        while self.at < len(self.words) and self.peek() == "-a":
            self.at += 1
            value = self.term() and value
        return value

    def take(self) -> str:
        if self.at >= len(self.words):
            raise BadExpression(f"missing argument after {self.quote(self.words[-1])}")
        self.at += 1
        return self.words[self.at - 1]

    def term(self) -> bool:
        word = self.take()
        if self.at + 1 < len(self.words) and self.is_binary(self.peek()):
            operator = self.take()
            return self.binary(word, operator, self.take())
        if word == "!":
            return not self.term()
        if word == "(":
            value = self.disjunction()
            if self.peek() != ")":
                raise BadExpression(
                    f"{self.quote(')')} expected" if self.at >= len(self.words) else f"{self.quote(')')} expected, found {self.peek()}"
                )
            self.at += 1
            return value
        if word in UNARY and self.at < len(self.words):
            return self.unary(word, self.take())
        return word != ""

    # --- the operators ---------------------------------------------------------------------------------------------------

    def number(self, text: str) -> int:
        stripped = text.strip(" \t")
        if not stripped.removeprefix("-").removeprefix("+").isdigit():
            raise BadExpression(f"invalid integer {self.quote(text)}")
        return int(stripped)

    def stat(self, name: str) -> Stat | None:
        try:
            return self.sys.stat(name)
        except SysError:
            return None

    def binary(self, left: str, operator: str, right: str) -> bool:
        if operator in TEXT:
            return TEXT[operator](left, right)
        if operator in NUMERIC:
            return NUMERIC[operator](self.number(left), self.number(right))
        one, two = self.stat(left), self.stat(right)
        if operator == "-ef":
            return one is not None and two is not None and (one.dev, one.ino) == (two.dev, two.ino)
        first, second = (one, two) if operator == "-nt" else (two, one)
        return first is not None and (second is None or first.mtime > second.mtime)

    def unary(self, operator: str, word: str) -> bool:
        if operator == "-n":
            return word != ""
        if operator == "-z":
            return word == ""
        if operator == "-t":
            return self.sys.isatty(self.number(word))
        if operator in ("-h", "-L"):
            try:
                return self.sys.lstat(word).kind == "l"
            except SysError:
                return False
        if operator in ("-r", "-w", "-x"):
            return self.sys.access(word, operator[1])
        stat = self.stat(word)
        if stat is None:
            return False
        if operator in KINDS:
            return stat.kind == KINDS[operator]
        facts = {
            "-a": True, "-e": True, "-s": stat.size > 0, "-u": bool(stat.mode & 0o4000), "-g": bool(stat.mode & 0o2000),
            "-k": bool(stat.mode & 0o1000), "-O": stat.uid == self.sys.euid, "-G": stat.gid == self.sys.egid,
            "-N": stat.mtime > stat.atime,
        }  # fmt: skip
        return facts[operator]
