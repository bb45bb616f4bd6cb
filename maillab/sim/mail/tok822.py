"""tok822 - addresses of RFC 822 headers as token lists: scan, parse, print

`scan` cuts text into tokens; `parse` groups them into addresses the tolerant way Postfix does (from right to left, missing commas
inserted: `a b` is two addresses); `internalize` gives an address without quotes, `externalize` prints a list back.
Text is `str`; bytes that are not UTF-8 travel as surrogate escapes. Behaviour observed in Postfix 3.7.11.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from maillab.sim.mail.address import quote_local

ATOM, QUOTED, LITERAL, COMMENT, GROUP, ADDRESS = "atom", "quoted", "literal", "comment", "group", "address"
WORDS = (ATOM, QUOTED, LITERAL)
SPECIALS = '|"(),.:;<>@[]%!'
_SPACE = re.compile(r"[ \t\r\n]+")
_ATOM = re.compile(r'(?:[^\\|"(),.:;<>@\[\]%! \t\r\n]|\\.?)+', re.DOTALL)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)(?:"|\\?$)', re.DOTALL)
_LITERAL = re.compile(r"\[((?:[^\]\\]|\\.)*)(?:\]|\\?$)", re.DOTALL)
_COMMENT_PART = re.compile(r"(?:[^()\\]|\\.?)+", re.DOTALL)
_ESCAPE = re.compile(r"\\(.?)", re.DOTALL)


@dataclass(slots=True)
class Token:
    """A word, a comment, an operator (its `kind` is the character), or an address with its own tokens."""

    kind: str
    text: str = ""
    tokens: list[Token] = field(default_factory=list)


def _unescape(text: str) -> str:
    return _ESCAPE.sub(r"\1", text) if "\\" in text else text


def _scan_comment(text: str, at: int) -> int:
    """Where the comment that starts at `at` ends (nested ones included)."""
    depth = 0
    while at < len(text):
        if text[at] == "(":
            depth += 1
            at += 1
        elif text[at] == ")":
            depth -= 1
            at += 1
            if depth == 0:
                break
        else:
            match = _COMMENT_PART.match(text, at)
            at = match.end() if match else at + 1
    return at


def scan(text: str) -> list[Token]:
    """The tokens of a text, white space dropped."""
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        char = text[at]
        if char in " \t\r\n":
            match = _SPACE.match(text, at)
        elif char == "(":
            end = _scan_comment(text, at)
            tokens.append(Token(COMMENT, text[at:end]))
            at = end
            continue
        elif char == '"':
            match = _QUOTED.match(text, at)
            if match:
                tokens.append(Token(QUOTED, _unescape(match[1])))
        elif char == "[":
            match = _LITERAL.match(text, at)
            if match:
                tokens.append(Token(LITERAL, _unescape(match[1])))
        elif char in SPECIALS:
            tokens.append(Token(char))
            at += 1
            continue
        else:
            match = _ATOM.match(text, at)
            if match:
                word = _unescape(match[0])
                tokens.append(Token(ATOM if word == match[0] else QUOTED, word))
        at = match.end() if match else at + 1
    return tokens


class _Parser:
    """Groups tokens from the last to the first; `out` grows in reverse."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.out: list[Token] = []
        self.phrase = False
        self.group = False
        self.item = False

    def comma(self) -> None:
        if self.item and not self.phrase:
            self.out.append(Token(","))

    def run(self) -> list[Token]:
        while self.tokens:
            token = self.tokens.pop()
            if token.kind == ",":
                self.out.append(token)
                self.phrase = self.item = False
            elif token.kind == ";":
                self.comma()
                self.out.append(token)
                self.group, self.phrase, self.item = True, False, False
            elif token.kind == ":" and self.group:
                self.out.append(Token(GROUP))
                self.group, self.phrase, self.item = False, True, True
            elif token.kind == ">" and (not self.phrase or self._opened()):
                self.comma()
                self.route(token)
            elif token.kind == COMMENT or self.phrase or token.kind in "<>":
                self.out.append(token)
            else:
                self.comma()
                self.address(token)
        self.out.reverse()
        return self.out

    def _opened(self) -> bool:
        return any(token.kind == "<" for token in self.tokens)

    def route(self, end: Token) -> None:
        """The address between angle brackets."""
        inside: list[Token] = []
        opening = None
        opened = self._opened()
        while self.tokens and (opened or self.tokens[-1].kind != ","):
            token = self.tokens.pop()
            if token.kind == "<":
                opening = token
                break
            inside.append(token)
        inside.reverse()
        comments = [token for token in inside if token.kind == COMMENT]
        address = [token for token in inside if token.kind != COMMENT]
        self.out.append(end)
        self.out.extend(reversed(comments))
        if address:
            self.out.append(Token(ADDRESS, tokens=address))
        if opening is not None:
            self.out.append(opening)
        self.phrase = self.item = True

    def address(self, last: Token) -> None:
        """A bare address: words with operators between them."""
        stops = ",;<>:" if self.group else ",;<>"
        inside, comments = [last], []
        word = last.kind in WORDS
        while self.tokens:
            token = self.tokens[-1]
            if token.kind == COMMENT:
                comments.append(self.tokens.pop())
                continue
            if token.kind in stops or (word and token.kind in WORDS):
                break
            word = token.kind in WORDS
            inside.append(self.tokens.pop())
        inside.reverse()
        self.out.extend(comments)
        self.out.append(Token(ADDRESS, tokens=inside))
        self.item = True


def parse(text: str) -> list[Token]:
    """The tokens of an address list, with ADDRESS tokens where addresses are."""
    return _Parser(scan(text)).run()


def addresses(text: str) -> list[str]:
    """The addresses of a list, in internal form."""
    return [internalize(token.tokens) for token in parse(text) if token.kind == ADDRESS]


def _operator(token: Token) -> bool:
    return len(token.kind) == 1


def _spaced(token: Token, following: Token) -> bool:
    """Whether a space goes between two neighbours."""
    if token.kind == ",":
        return False
    if following.kind == "<":
        return True
    return not _operator(token) and not _operator(following) and GROUP not in (token.kind, following.kind)


def _text(token: Token, external: bool) -> str:
    if token.kind == ADDRESS:
        address = internalize(token.tokens)
        return quote_local(address) if external else address
    if token.kind == LITERAL:
        return f"[{token.text}]"
    if token.kind == QUOTED and external:
        escaped = token.text.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    if token.kind == GROUP:
        return ": "
    return token.text or (token.kind if _operator(token) else "")


def _join(tokens: list[Token], external: bool, comma: str) -> str:
    parts = []
    before: Token | None = None
    for token in tokens:
        if before is not None and _spaced(before, token):
            parts.append(" ")
        parts.append(comma if token.kind == "," else _text(token, external))
        before = token
    return "".join(parts)


def internalize(tokens: list[Token]) -> str:
    """An address without quotes: `"a b"@c` is `a b@c`."""
    return _join(tokens, False, ", ")


def externalize(tokens: list[Token], header: bool = False) -> str:
    """A list as it is written in a message; with `header`, a newline follows each comma."""
    return _join(tokens, True, ",\n" if header else ", ")
