"""The words of the awk language, as mawk 1.3.4 cuts them.

A program is cut whole: whether a slash divides or opens a regular expression depends only on the token before it.
"""

from dataclasses import dataclass

KEYWORDS = {
    "BEGIN", "END", "function", "if", "else", "while", "for", "do", "break", "continue", "next", "nextfile", "exit",
    "return", "delete", "in", "getline", "print", "printf",
}  # fmt: skip
BUILTINS = {
    "length", "substr", "index", "split", "sub", "gsub", "match", "sprintf", "tolower", "toupper", "sin", "cos",
    "atan2", "exp", "log", "sqrt", "int", "rand", "srand", "system", "close", "fflush",
}  # fmt: skip
OPERATORS = (
    "**=", "||", "&&", "==", "!=", "<=", ">=", "+=", "-=", "*=", "/=", "%=", "^=", "**", "++", "--", "!~", ">>",
    "{", "}", "(", ")", "[", "]", ";", ",", "+", "-", "*", "/", "%", "^", "!", ">", "<", "|", "?", ":", "~", "$", "=",
)  # fmt: skip
DIVISION_FOLLOWS = {"name", "call", "number", "string", ")", "]", "$", "++", "--", "builtin"}
HEXADECIMAL = "0123456789abcdefABCDEF"
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "b": "\b", "v": "\v", "a": "\a", "\\": "\\", '"': '"', "/": "/"}


class AwkSyntaxError(Exception):
    """The program cannot be compiled; `texts` are the messages without the program's name."""

    def __init__(self, *texts: str) -> None:
        super().__init__(*texts)
        self.texts = texts


@dataclass(frozen=True, slots=True)
class Token:
    """One word: `kind` is name, call (a name glued to its parenthesis), builtin, number, string, regex, newline, eof,
    or the keyword or operator itself."""

    kind: str
    text: str
    line: int


def unescape(text: str, *, slash: bool = False) -> str:
    """A string constant's (or a -v value's) escapes resolved; an unknown escape keeps its backslash.

    Inside program text `\\/` stays as it is (it is a regular expression's business) unless `slash` says otherwise.
    """
    if "\\" not in text:
        return text
    out: list[str] = []
    at, end = 0, len(text)
    while at < end:
        char = text[at]
        at += 1
        if char != "\\" or at >= end:
            out.append(char)
            continue
        following = text[at]
        if following in "01234567":
            stop = at + 1
            while stop < min(at + 3, end) and text[stop] in "01234567":
                stop += 1
            out.append(chr(int(text[at:stop], 8) & 255))
            at = stop
            continue
        if following == "x" and text[at + 1 : at + 2] in tuple(HEXADECIMAL):
            stop = at + 2 if text[at + 2 : at + 3] not in tuple(HEXADECIMAL) else at + 3
            out.append(chr(int(text[at + 1 : stop], 16)))
            at = stop
            continue
        at += 1
        if following == "\n":
            continue
        if following in ESCAPES and (following != "/" or slash):
            out.append(ESCAPES[following])
        else:
            out.append("\\" + following)
    return "".join(out)


class Lexer:
    """Cuts one program text into tokens."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.line = 1
        self.tokens: list[Token] = []

    def cut(self) -> list[Token]:
        """All tokens, an `eof` one last."""
        while self.at < len(self.text):
            self._one()
        self._add("newline", "\n")
        self.line += 1
        self._add("eof", "")
        return self.tokens

    def _add(self, kind: str, text: str) -> None:
        self.tokens.append(Token(kind, text, self.line))

    def _one(self) -> None:
        text, at = self.text, self.at
        char = text[at]
        if char in " \t\r":
            self.at += 1
        elif char == "\n":
            self._add("newline", "\n")
            self.at += 1
            self.line += 1
        elif char == "\\" and text[at + 1 : at + 2] in ("\n", "\r"):
            self.at += 2
            self.line += 1
        elif char == "#":
            stop = text.find("\n", at)
            self.at = len(text) if stop < 0 else stop
        elif char == '"':
            self._string()
        elif char.isdigit() or (char == "." and text[at + 1 : at + 2].isdigit()):
            self._number()
        elif char == "_" or (char.isascii() and char.isalpha()):
            self._word()
        elif char == "/" and not (self.tokens and self.tokens[-1].kind in DIVISION_FOLLOWS):
            self._regex()
        else:
            self._operator()

    def _string(self) -> None:
        at = self.at + 1
        while at < len(self.text) and self.text[at] not in '"\n':
            at += 2 if self.text[at] == "\\" else 1
        if self.text[at : at + 1] != '"':
            shown = self.text[self.at : self.at + 11]
            raise AwkSyntaxError(f"line {self.line}: runaway string constant {shown} ...")
        body = self.text[self.at + 1 : at]
        self._add("string", unescape(body))
        self.line += body.count("\n")
        self.at = at + 1

    def _regex(self) -> None:
        at, bracket = self.at + 1, False
        while at < len(self.text) and self.text[at] != "\n" and (bracket or self.text[at] != "/"):
            char = self.text[at]
            if char == "\\":
                at += 1
            elif char == "[" and not bracket:
                bracket = True
                at += 1 if self.text[at + 1 : at + 2] == "^" else 0
                at += 1 if self.text[at + 1 : at + 2] == "]" else 0
            elif char == "[" and self.text[at + 1 : at + 2] == ":" and self.text.find(":]", at + 2) > 0:
                at = self.text.find(":]", at + 2) + 1
            elif char == "]":
                bracket = False
            at += 1
        if self.text[at : at + 1] != "/":
            shown = self.text[self.at : self.at + 11]
            raise AwkSyntaxError(f"line {self.line}: runaway regular expression {shown} ...")
        self._add("regex", self.text[self.at + 1 : at])
        self.at = at + 1

    def _number(self) -> None:
        text, at = self.text, self.at
        stop = self._digits(at)
        if text[stop : stop + 1] == ".":
            stop = self._digits(stop + 1)
        if text[stop : stop + 1] in ("e", "E"):
            sign = stop + 2 if text[stop + 1 : stop + 2] in ("+", "-") else stop + 1
            if self._digits(sign) > sign:
                stop = self._digits(sign)
        if float(text[at:stop]) == float("inf"):
            raise AwkSyntaxError(f"line {self.line}: {text[at:stop]} : decimal overflow")
        self._add("number", text[at:stop])
        self.at = stop

    def _digits(self, at: int) -> int:
        while self.text[at : at + 1].isdigit():
            at += 1
        return at

    def _word(self) -> None:
        stop = self.at
        while stop < len(self.text) and (self.text[stop] == "_" or (self.text[stop].isascii() and self.text[stop].isalnum())):
            stop += 1
        word = self.text[self.at : stop]
        self.at = stop
        if word == "func":
            word = "function"
        if word in KEYWORDS:
            self._add(word, word)
        elif word in BUILTINS:
            self._add("builtin", word)
        else:
            self._add("call" if self.text[stop : stop + 1] == "(" else "name", word)

    def _operator(self) -> None:
        for operator in OPERATORS:
            if self.text.startswith(operator, self.at):
                self.at += len(operator)
                spelled = {"**": "^", "**=": "^="}.get(operator, operator)
                self._add(spelled, operator)
                return
        raise AwkSyntaxError(f"{self.line}: unexpected character '{self.text[self.at]}'")
