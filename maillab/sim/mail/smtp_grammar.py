"""The command lines of SMTP (RFC 5321) as a tolerant server reads them, and the texts of ESMTP options.

`tokenize` cuts a command into words: white space separates them, `<...>` and `"..."` hold theirs together, and a colon ends a word
(`from:<a@b>` is two words). Observed in Postfix 3.7.11.
"""

from __future__ import annotations

import re

_XTEXT = re.compile(r"\+([0-9A-F]{2})")
_XTEXT_VALID = re.compile(r"(?:[!-*,-<>-~]|\+[0-9A-F]{2})*")
_UXTEXT = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")


class Word(str):
    """A word of a command; `bad` when a bracket or quote was not closed."""

    bad = False


def _next(text: str, at: int) -> tuple[Word, int]:
    """The word that starts at `at` (not at white space) and where it ends."""
    start = at
    bad = False
    while at < len(text):
        char = text[at]
        if char in " \t":
            break
        if char == ":":
            at += 1
            break
        if char in '<"[':
            end = _closing(text, at)
            bad = bad or end < 0
            at = end if end >= 0 else len(text)
        else:
            at += 2 if char == "\\" else 1
    word = Word(text[start:at])
    word.bad = bad
    return word, min(at, len(text))


def _closing(text: str, at: int) -> int:
    """The end of what a bracket or quote at `at` opens; -1 when it is not closed."""
    close = {"<": ">", '"': '"', "[": "]"}[text[at]]
    quoted = False
    opening = at
    at += 1
    while at < len(text):
        char = text[at]
        if char == "\\":
            at += 1
        elif char == '"' and text[opening] == "<":
            quoted = not quoted
        elif char == close and not quoted:
            return at + 1
        at += 1
    return -1


_SIMPLE = re.compile(r'[^:<"\[\\]*')
_PLAIN_PATH = re.compile(r'([A-Za-z]+)[ \t]+([A-Za-z]+:)[ \t]*(<[^<>"\\ \t]*>)((?:[ \t]+[^:<"\[\\ \t]+)*)')


def tokenize(text: str) -> list[Word]:
    """The words of a command line."""
    if _SIMPLE.fullmatch(text):
        return [Word(word) for word in text.split()]
    plain = _PLAIN_PATH.fullmatch(text)
    if plain:
        return [Word(word) for word in (plain[1], plain[2], plain[3], *plain[4].split())]
    words: list[Word] = []
    at = 0
    while at < len(text):
        if text[at] in " \t":
            at += 1
            continue
        word, at = _next(text, at)
        words.append(word)
    return words


def xtext_decode(text: str) -> str | None:
    """The text that xtext (RFC 3461) stands for; None when it is malformed."""
    if not _XTEXT_VALID.fullmatch(text):
        return None
    return _XTEXT.sub(lambda match: chr(int(match[1], 16)), text)


def xtext_encode(text: str) -> str:
    """Text as xtext: +, = and what is not printable in hexadecimal."""
    return "".join(
        c if "!" <= c <= "~" and c not in "+=" else "".join(f"+{b:02X}" for b in c.encode("utf-8", "surrogateescape")) for c in text
    )


def utf8_address_decode(text: str) -> str | None:
    r"""The address of an ORCPT=utf-8;... (RFC 6533), where `\x{E9}` stands for a character; None when it is malformed."""
    if "\\" in _UXTEXT.sub("", text):
        return None
    return _UXTEXT.sub(lambda match: chr(int(match[1], 16)), text)
