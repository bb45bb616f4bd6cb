"""Backslash escapes of echo and of printf's %b."""

from __future__ import annotations

import re

from maillab.shell.ansi import byte_char, rejoin_bytes, unicode_char

SIMPLE = {"a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\"}
ESCAPE = re.compile(r"\\(?:0([0-7]{0,3})|([1-7][0-7]{0,2})|x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8})|(.))", re.DOTALL)


def decode(text: str, *, echo: bool = False, dash: bool = False, utf8: bool = True) -> tuple[str, bool]:
    """The decoded text and whether \\c stopped it. echo knows octal only as \\0nnn, %b also as \\nnn; dash has no \\x \\u \\e."""
    if "\\" not in text:
        return text, False
    out: list[str] = []
    position = 0
    for found in ESCAPE.finditer(text):
        out.append(text[position : found.start()])
        position = found.end()
        zero, octal, hexa, short, long, letter = found.groups()
        if letter == "c":
            return rejoin_bytes("".join(out)), True
        out.append(one(found.group(), zero, None if echo and not dash else octal, hexa, short or long, letter, dash, utf8))
    return rejoin_bytes("".join(out) + text[position:]), False


def one(
    source: str, zero: str | None, octal: str | None, hexa: str | None, code: str | None, letter: str | None, dash: bool,
    utf8: bool,
) -> str:  # fmt: skip
    """One escape; unknown ones stay as they are."""
    if zero is not None:
        return byte_char(int(zero or "0", 8) & 0xFF)
    if octal is not None:
        return byte_char(int(octal, 8) & 0xFF)
    if dash and (hexa or code or letter in ("e", "E")):
        return source
    if hexa is not None:
        return byte_char(int(hexa, 16))
    if code is not None:
        return unicode_char(int(code, 16), utf8)
    return SIMPLE.get(letter or "", source)
