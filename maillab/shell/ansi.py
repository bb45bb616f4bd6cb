"""The escapes of $'...', and characters made from numbers."""

from __future__ import annotations

import re

ANSI_SIMPLE = {
    "a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v",
    "\\": "\\", "'": "'", '"': '"', "?": "?",
}  # fmt: skip
ANSI_ESCAPE = re.compile(
    r"\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|x\{([0-9A-Fa-f]+)\}|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8})|c(.)|(.))", re.DOTALL
)


def decode_ansi(text: str, *, utf8: bool = True) -> str:
    """The text of $'...': ANSI C escapes; a null character ends it."""

    def one(found: re.Match[str]) -> str:
        octal, hexa, hexb, short, long, control, other = found.groups()
        if octal is not None:
            return byte_char(int(octal, 8) & 0xFF)
        if hexa is not None or hexb is not None:
            return byte_char(int(hexa or hexb, 16) & 0xFF)
        if short is not None or long is not None:
            code = int(short or long, 16)
            return unicode_char(code, utf8)
        if control is not None:
            return chr(ord(control) & 0x1F) if control != "?" else "\x7f"
        return ANSI_SIMPLE.get(other, "\\" + other)

    decoded = ANSI_ESCAPE.sub(one, text).split("\0", 1)[0]
    return rejoin_bytes(decoded)


def unicode_char(code: int, utf8: bool) -> str:
    """The character of a \\u escape; a locale that lacks it shows the escape."""
    if code < 128:
        return chr(code)
    if not utf8:
        return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else ""


def byte_char(byte: int) -> str:
    """A byte as text keeps it: ASCII, or surrogateescape."""
    return chr(byte) if byte < 128 else chr(0xDC00 + byte)


def rejoin_bytes(text: str) -> str:
    """Bytes written one by one that together make UTF-8 characters become these characters."""
    if not any("\udc80" <= ch <= "\udcff" for ch in text):
        return text
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")
