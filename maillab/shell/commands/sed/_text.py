"""The text of sed scripts: reading it character by character, and GNU's escapes in it."""

from __future__ import annotations

from maillab.shell.commands.sed._commands import CaseMark

ESCAPES = {"a": "\a", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


class ScriptError(Exception):
    """A script that cannot be compiled; the text says where."""


class Source:
    """The text of one -e or -f, read character by character; `-e` texts follow one another with newlines."""

    def __init__(self, text: str, place: str, line_numbers: bool) -> None:
        self.text = text
        self.at = 0
        self.place = place
        self.line_numbers = line_numbers

    def fail(self, message: str) -> ScriptError:
        """The error at the present place."""
        if self.line_numbers:
            return ScriptError(f"file {self.place} line {self.text.count(chr(10), 0, max(0, self.at - 1)) + 1}: {message}")
        return ScriptError(f"{self.place}, char {self.at}: {message}")

    def peek(self) -> str:
        """The next character, "" at the end."""
        return self.text[self.at : self.at + 1]

    def take(self) -> str:
        """The next character, consumed."""
        char = self.text[self.at : self.at + 1]
        if char:
            self.at += 1
        return char

    def blanks(self) -> None:
        """Skip spaces and tabs."""
        while self.peek() and self.peek() in " \t":
            self.at += 1

    def spaces(self) -> None:
        """Skip white space of any kind and semicolons."""
        while self.peek() and self.peek() in " \t\n\r\v\f;":
            self.at += 1

    def digits(self) -> int:
        """A number."""
        start = self.at
        while self.peek().isdigit():
            self.at += 1
        return int(self.text[start : self.at])


def produced(pattern: str) -> str:
    """A pattern with GNU's escapes for characters (\\t, \\n, \\dNNN, \\oNNN, \\xHH) replaced by what they make."""
    out: list[str] = []
    at = 0
    while at < len(pattern):
        char = pattern[at]
        if char != "\\" or at + 1 >= len(pattern):
            out.append(char)
            at += 1
            continue
        made, width = escape_at(pattern, at)
        if made is None:
            out.append(pattern[at : at + 2])
            at += 2
        else:
            out.append("\\" + made if made in "\\^$.[]*/" and width > 2 else made)
            at += width
    return "".join(out)


def escape_at(text: str, at: int) -> tuple[str | None, int]:
    """The character an escape makes and how long the escape is; None when it is not such an escape."""
    letter = text[at + 1]
    if letter in ESCAPES:
        return ESCAPES[letter], 2
    base, width = {"d": (10, 3), "o": (8, 3), "x": (16, 2)}.get(letter, (0, 0))
    if base:
        digits = ""
        while len(digits) < width and text[at + 2 + len(digits) : at + 3 + len(digits)].lower() in tuple("0123456789abcdef"[:base]):
            digits += text[at + 2 + len(digits)]
        if digits:
            return chr(int(digits, base) & 255), 2 + len(digits)
    if letter == "c" and at + 2 < len(text):
        return chr(ord(text[at + 2].upper()) ^ 64), 3
    return None, 2


def plain(text: str) -> str:
    """A side of y with its escapes resolved."""
    out: list[str] = []
    at = 0
    while at < len(text):
        if text[at] == "\\" and at + 1 < len(text):
            made, width = escape_at(text, at)
            out.append(made if made is not None else text[at + 1] if text[at + 1] in "\\\n" else text[at : at + 2])
            at += width
        else:
            out.append(text[at])
            at += 1
    return "".join(out)


def pieces_of(right: str) -> list[str | int | CaseMark]:
    """The right side of s, cut."""
    pieces: list[str | int | CaseMark] = []
    at = 0
    while at < len(right):
        char = right[at]
        if char == "&":
            pieces.append(0)
        elif char == "\\" and at + 1 < len(right):
            letter = right[at + 1]
            made, width = escape_at(right, at)
            if letter.isdigit():
                pieces.append(int(letter))
            elif letter in "ULulE":
                pieces.append(CaseMark(letter))
            elif made is not None:
                pieces.append(made)
                at += width - 2
            else:
                pieces.append(letter)
            at += 1
        else:
            pieces.append(char)
        at += 1
    return pieces
