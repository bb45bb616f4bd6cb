"""The strings of tr: ranges, classes, escapes, repeats."""

from __future__ import annotations

import re
import string
from collections.abc import Callable

from maillab.sim.host.stdio import decode, encode

_SIMPLE = {"a": 7, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11, "\\": 92}
CLASSES = {
    "alnum": (string.digits + string.ascii_uppercase + string.ascii_lowercase).encode(),
    "alpha": (string.ascii_uppercase + string.ascii_lowercase).encode(),
    "blank": b"\t ",
    "cntrl": bytes([*range(32), 127]),
    "digit": string.digits.encode(),
    "graph": bytes(range(33, 127)),
    "lower": string.ascii_lowercase.encode(),
    "print": bytes(range(32, 127)),
    "punct": bytes(sorted(string.punctuation.encode())),
    "space": b"\t\n\v\f\r ",
    "upper": string.ascii_uppercase.encode(),
    "xdigit": b"0123456789ABCDEFabcdef",
}
_CLASS = re.compile(r"\[:([a-z]*):\]")
_EQUIVALENCE = re.compile(rb"\[=(.*?)=\]", re.S)
_REPEAT = re.compile(r"\*([0-9]*)\]")
Quote = Callable[[str], str]


class SetError(ValueError):
    """A set that tr refuses; the text is its sentence."""


class _Set:
    """A set as parsed: pieces of bytes, where a class or an open repeat `[c*]` stands, in order."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.classes: list[tuple[int, str]] = []
        self.fill: tuple[int, int] | None = None


def first_set(text: str, quote: Quote) -> bytes:
    """The bytes of STRING1."""
    parsed = _parse(text, quote)
    if parsed.fill:
        raise SetError("the [c*] repeat construct may not appear in string1")
    return bytes(parsed.data)


def second_set(text: str, first: str, one: bytes, translating: bool, complemented: bool, truncate: bool, quote: Quote) -> bytes:
    """The bytes of STRING2, as long as STRING1 when translating (`truncate`: not longer, not padded)."""
    parsed = _parse(text, quote)
    data = bytearray(parsed.data)
    if parsed.fill:
        at, byte = parsed.fill
        data[at:at] = bytes([byte]) * max(0, len(one) - len(data))
    if not translating:
        return bytes(data)
    if complemented and parsed.classes and not set(data) <= set(data[:1]):
        raise SetError("when translating with complemented character classes,\nstring2 must map all characters in the domain to one")
    _check_classes(parsed, first, quote)
    if len(data) < len(one) and not truncate:
        if not data:
            raise SetError("when not truncating set1, string2 must be non-empty")
        if parsed.classes and parsed.classes[-1][0] + len(CLASSES[parsed.classes[-1][1]]) == len(data):
            raise SetError("when translating with string1 longer than string2,\nthe latter string must not end with a character class")
        data += data[-1:] * (len(one) - len(data))
    return bytes(data)


def _check_classes(parsed: _Set, first: str, quote: Quote) -> None:
    """Only [:upper:] and [:lower:] may translate, and only against each other."""
    if any(name not in ("upper", "lower") for _, name in parsed.classes):
        raise SetError("when translating, the only character classes that may appear in\nstring2 are 'upper' and 'lower'")
    places = {at for at, name in _parse(first, quote).classes if name in ("upper", "lower")}
    if any(at not in places for at, _ in parsed.classes):
        raise SetError("misaligned [:upper:] and/or [:lower:] construct")


def complement(data: bytes) -> bytes:
    """All other bytes, in order."""
    return bytes(byte for byte in range(256) if byte not in data)


def _parse(text: str, quote: Quote) -> _Set:
    units = _unescape(text)
    raw = "".join(chr(byte) for byte, _ in units)
    out = _Set()
    at = 0
    while at < len(units):
        if raw[at] == "[" and not units[at][1]:
            taken = _bracket(raw, units, at, out, quote)
            if taken:
                at += taken
                continue
        if at + 2 < len(units) and raw[at + 1] == "-" and not units[at + 1][1]:
            low, high = units[at][0], units[at + 2][0]
            if low > high:
                shown = f"{_shown(low)}-{_shown(high)}"
                raise SetError(f"range-endpoints of {quote(shown)} are in reverse collating sequence order")
            out.data += bytes(range(low, high + 1))
            at += 3
            continue
        out.data.append(units[at][0])
        at += 1
    return out


def _shown(byte: int) -> str:
    return chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}"


def _bracket(raw: str, units: list[tuple[int, bool]], at: int, out: _Set, quote: Quote) -> int:
    """A class, an equivalence class or a repeat at `[`; returns how many bytes it took (0: just a bracket)."""
    if found := _CLASS.match(raw, at):
        name = found[1]
        if name not in CLASSES:
            raise SetError(f"invalid character class {quote(name)}" if name else "missing character class name '[::]'")
        out.classes.append((len(out.data), name))
        out.data += CLASSES[name]
        return len(found[0])
    if found2 := _EQUIVALENCE.match(raw.encode("latin-1"), at):
        body = found2[1]
        if len(body) == 0:
            raise SetError("missing equivalence class character '[==]'")
        if len(body) > 1:
            raise SetError(f"{decode(body)}: equivalence class operand must be a single character")
        out.data += body
        return len(found2[0])
    if at + 2 < len(raw) and (found3 := _REPEAT.match(raw, at + 2)) and not units[at + 2][1]:
        digits = found3[1]
        count = int(digits, 8 if digits.startswith("0") else 10) if digits else 0
        if count:
            out.data += bytes([units[at + 1][0]]) * count
        elif out.fill:
            raise SetError("only one [c*] repeat construct may appear in string2")
        else:
            out.fill = (len(out.data), units[at + 1][0])
        return 2 + len(found3[0])
    return 0


def _unescape(text: str) -> list[tuple[int, bool]]:
    """The bytes of a string and whether each was written as an escape (then it is not special)."""
    data = encode(text)
    out: list[tuple[int, bool]] = []
    at = 0
    while at < len(data):
        if data[at] != 92 or at + 1 == len(data):
            out.append((data[at], False))
            at += 1
            continue
        char = chr(data[at + 1])
        if char in "01234567":
            found = re.match(rb"[0-3]?[0-7]{1,2}", data[at + 1 :])
            digits = found[0] if found else b"0"
            out.append((int(digits, 8), True))
            at += 1 + len(digits)
            continue
        out.append((_SIMPLE.get(char, data[at + 1]), True))
        at += 2
    return out
