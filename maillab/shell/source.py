"""The text of a program and a position in it: the lowest stage of the parser, with its errors and options."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from maillab.shell.dialect import BASH, Dialect
from maillab.shell.syntax import Lit, Part, Quoted

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
DIGITS = re.compile(r"[0-9]+")
PLAIN = re.compile(r"[^\s;&|<>()'\"\\$`?*+@!{}\[\]]+")  # a run of characters that mean nothing in a word
PLAIN_QUOTED = re.compile(r"[^\"\\$`]+")
SPECIAL = "@*#?$!-"
META = " \t\n;&|<>()"


class Incomplete(Exception):
    """The text ends inside a construct and more may come."""


class ShellSyntaxError(Exception):
    """The text is not in the language. `message` is the sentence of bash or dash, `line` its line number; `excerpt`: bash
    shows the source line too; `status`: what bash -c ends with when it is not 2."""

    def __init__(self, message: str, line: int, excerpt: str | None = None, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.line = line
        self.excerpt = excerpt


@dataclass
class ParserOptions:
    """What the shell tells its parser."""

    dialect: Dialect = BASH
    extglob: bool = False
    aliases: dict[str, str] = field(default_factory=dict)
    interactive: bool = False
    utf8: bool = True


class PartList:
    """Parts of a word under construction; neighbouring texts melt."""

    def __init__(self) -> None:
        self.parts: list[Part] = []

    def lit(self, text: str) -> None:
        if self.parts and isinstance(self.parts[-1], Lit):
            self.parts[-1].text += text
        elif text:
            self.parts.append(Lit(text))

    def quoted(self, text: str) -> None:
        if self.parts and isinstance(self.parts[-1], Quoted):
            self.parts[-1].text += text
        else:
            self.parts.append(Quoted(text))


class TextSource:
    """A text and a position in it."""

    def __init__(self, text: str, options: ParserOptions, *, line: int = 1, final: bool = True) -> None:
        self.text = text
        self.pos = 0
        self.options = options
        self.dialect = options.dialect
        self.first_line = line
        self.final = final
        self.newlines: list[int] | None = None

    # --- where we are -----------------------------------------------------------------------------------------------

    def line_at(self, pos: int) -> int:
        """The line number of a position."""
        if self.newlines is None:
            self.newlines = [i for i, ch in enumerate(self.text) if ch == "\n"]
        return self.first_line + bisect_right(self.newlines, pos - 1)

    @property
    def last_line(self) -> int:
        """The line after the text's end, where bash reports a premature end."""
        return self.line_at(len(self.text)) + (0 if self.text.endswith("\n") else 1)

    def peek(self, ahead: int = 0) -> str:
        return self.text[self.pos + ahead : self.pos + ahead + 1]

    def looking_at(self, token: str) -> bool:
        return self.text.startswith(token, self.pos)

    def unfinished(self, closing: str, opened: int, dash: str = "Unterminated quoted string") -> Exception:
        """The end came before `closing`; `opened` is where the construct began."""
        if not self.final:
            return Incomplete()
        if self.dialect.is_dash:
            return ShellSyntaxError(f"Syntax error: {dash}", self.line_at(len(self.text)))
        line = self.last_line if opened < 0 else self.line_at(opened)
        return ShellSyntaxError(f"unexpected EOF while looking for matching `{closing}'", line)
