"""Backslash escapes of echo -e and printf %b, as coreutils expands them."""

from __future__ import annotations

import re

from maillab.sim.host.stdio import encode

SIMPLE = {"a": b"\a", "b": b"\b", "e": b"\x1b", "f": b"\f", "n": b"\n", "r": b"\r", "t": b"\t", "v": b"\v", "\\": b"\\"}
_ESCAPE = re.compile(r"\\(?:(x)([0-9a-fA-F]{1,2})|0([0-7]{0,3})|([0-7]{1,3})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|(.))", re.S)


def expand_echo(text: str) -> tuple[bytes, bool]:
    """The bytes of a text with `\\t`, `\\0101`, `\\x41`..., and whether `\\c` ended it."""
    out = bytearray()
    at = 0
    for found in _ESCAPE.finditer(text):
        out += encode(text[at : found.start()])
        at = found.end()
        if found[7] == "c":
            return bytes(out), True
        if found[1]:
            out.append(int(found[2], 16))
        elif found[3] is not None:
            out.append(int(found[3] or "0", 8) & 0xFF)
        elif found[7] is not None:
            out += SIMPLE.get(found[7], encode(found[0]))
        else:
            out += encode(found[0])
    out += encode(text[at:])
    return bytes(out), False


def expand_format(text: str) -> tuple[bytes, bool]:
    """The same for the format of printf, where octal escapes need no leading zero."""
    return expand_echo(re.sub(r"\\(\\|[0-7]{1,3})", lambda found: found[0] if found[1] == "\\" else f"\\0{found[1]}", text))
