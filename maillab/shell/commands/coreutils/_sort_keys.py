"""The keys of sort: `-k 2,3n -k1,1`, and how two lines compare (as GNU sort does in the C locale)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from maillab.shell.commands.coreutils._version_order import version_key

_NUMBER = re.compile(rb"[ \t\n\v\f\r]*(-?)(\d*)(?:\.(\d*))?")
_HUMAN = re.compile(rb"[ \t\n\v\f\r]*(-?)(\d*)(?:\.(\d*))?([KMGTPEZYk])?")
_FLOAT = re.compile(rb"[ \t\n\v\f\r]*[-+]?(?:\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?|inf(?:inity)?|nan)", re.I)
_MONTHS = (b"JAN", b"FEB", b"MAR", b"APR", b"MAY", b"JUN", b"JUL", b"AUG", b"SEP", b"OCT", b"NOV", b"DEC")
_BLANKS = b" \t\n"
_FIELD_PART = re.compile(r"(\d+)(?:\.(\d+))?([a-zA-Z]*)")


class KeyError_(ValueError):
    """A key or a combination of orders that sort refuses; the text is its sentence."""


@dataclass
class Key:
    """From field and character to field and character (counted from 0; end None: of the line), compared by `letters`."""

    field: int = 0
    char: int = 0
    end_field: int | None = None
    end_char: int = 0
    letters: str = ""
    skip_start: bool = False
    skip_end: bool = False


def parse_key(text: str, quote: Callable[[str], str]) -> Key:
    """One -k argument. Raises KeyError_."""
    start, comma, end = text.partition(",")
    spec = f"invalid field specification {quote(text)}"
    found = _FIELD_PART.match(start)
    if not found:
        raise KeyError_(f"invalid number at field start: invalid count at start of {quote(text)}")
    if int(found[1]) == 0:
        raise KeyError_(f"field number is zero: {spec}")
    if found[2] is not None and int(found[2]) == 0:
        raise KeyError_(f"character offset is zero: {spec}")
    if start[found.end() :] or found[3].strip("bdfgiMnhVRr"):
        if re.match(r"\d+\.(?!\d)", start):
            raise KeyError_(f"invalid number after '.': invalid count at start of {quote(start.partition('.')[2] + comma + end)}")
        raise KeyError_(f"stray character in field spec: {spec}")
    key = Key(int(found[1]) - 1, int(found[2] or 1) - 1, letters=found[3].replace("b", ""), skip_start="b" in found[3])
    if comma:
        stop = _FIELD_PART.fullmatch(end)
        if not _FIELD_PART.match(end):
            raise KeyError_(f"invalid number after ',': invalid count at start of {quote(end)}")
        if not stop or stop[3].strip("bdfgiMnhVRr"):
            raise KeyError_(f"stray character in field spec: {spec}")
        if int(stop[1]) == 0:
            raise KeyError_(f"field number is zero: {spec}")
        key.end_field, key.end_char = int(stop[1]), int(stop[2] or 0)
        if key.end_char:
            key.end_field -= 1
        key.letters += stop[3].replace("b", "")
        key.skip_end = "b" in stop[3]
    return key


def _check_letters(letters: str) -> None:
    kinds = "".join(dict.fromkeys(letter for letter in letters if letter in "gMnhVR"))
    odd = ("d" in letters or "i" in letters) and kinds.strip("VR")
    if len(kinds) > 1 or odd:
        shown = "".join(letter for letter in "dfghiMnRV" if letter in letters and letter not in "f")
        raise KeyError_(f"options '-{shown}' are incompatible")


class Comparison:
    """Compares two lines by keys, then (unless stable or unique) byte by byte."""

    def __init__(self, keys: list[Key], separator: bytes, last_resort: bool, reverse: bool, salt: int):
        self.keys = keys
        self.separator = separator
        self.last_resort = last_resort
        self.reverse = reverse
        self.salt = salt
        self.plain = not keys
        self.plain_reverse = reverse
        self._cache: dict[bytes, tuple[Any, ...]] = {}

    def __call__(self, one: bytes, two: bytes) -> int:
        for key, a, b in zip(self.keys, self._values(one), self._values(two), strict=True):
            if a != b:
                return (1 if a > b else -1) * (-1 if "r" in key.letters else 1)
        if (not self.keys or self.last_resort) and one != two:
            return (1 if one > two else -1) * (-1 if self.reverse else 1)
        return 0

    def _values(self, line: bytes) -> tuple[Any, ...]:
        values = self._cache.get(line)
        if values is None:
            values = tuple(_value(self._extract(line, key), key.letters, self.salt) for key in self.keys)
            self._cache[line] = values
        return values

    def _extract(self, line: bytes, key: Key) -> bytes:
        if key.field == 0 and key.char == 0 and key.end_field is None and not key.skip_start:
            return line
        start = self._place(line, key.field, key.char, key.skip_start)
        if key.end_field is None:
            return line[start:]
        stop = self._limit(line, key)
        return line[start:stop]

    def _place(self, line: bytes, fields: int, char: int, skip: bool) -> int:
        at = 0
        for _ in range(fields):
            at = self._field_end(line, at)
            if self.separator and at < len(line):
                at += 1
        if skip:
            at = _skip_blanks(line, at)
        return min(len(line), at + char)

    def _limit(self, line: bytes, key: Key) -> int:
        assert key.end_field is not None
        at = 0
        for i in range(key.end_field):
            at = self._field_end(line, at)
            if self.separator and at < len(line) and (i < key.end_field - 1 or key.end_char):
                at += 1
        if key.end_char:
            if key.skip_end:
                at = _skip_blanks(line, at)
            at = min(len(line), at + key.end_char)
        return at

    def _field_end(self, line: bytes, at: int) -> int:
        if self.separator:
            found = line.find(self.separator, at)
            return len(line) if found < 0 else found
        at = _skip_blanks(line, at)
        while at < len(line) and line[at] not in _BLANKS:
            at += 1
        return at


def _skip_blanks(line: bytes, at: int) -> int:
    while at < len(line) and line[at] in _BLANKS:
        at += 1
    return at


def _value(text: bytes, letters: str, salt: int) -> Any:
    """What is compared of a key's text."""
    if "n" in letters:
        return _numeric(_NUMBER.match(text))
    if "h" in letters:
        return _human(text)
    if "g" in letters:
        return _general(text)
    if "M" in letters:
        name = text.lstrip(b" \t\n")[:3].upper()
        return _MONTHS.index(name) + 1 if name in _MONTHS else 0
    if "d" in letters:
        text = bytes(byte for byte in text if byte in b" \t" or (byte < 128 and chr(byte).isalnum()))
    elif "i" in letters:
        text = bytes(byte for byte in text if 32 <= byte < 127)
    if "f" in letters:
        text = text.upper()
    if "V" in letters:
        return version_key(text)
    if "R" in letters:
        import zlib

        return zlib.crc32(text, salt), text
    return text


def _numeric(found: re.Match[bytes] | None) -> tuple[int, int]:
    """A decimal number as an integer scaled by 10**40 (sort -n compares digits, not floats)."""
    if found is None:
        return 0, 0
    fraction = (found[3] or b"")[:40].ljust(40, b"0")
    value = int(found[2] or b"0") * 10**40 + int(fraction)
    return (-value if found[1] else value), 0


def _human(text: bytes) -> tuple[int, int]:
    found = _HUMAN.match(text)
    value = _numeric(found)[0]
    unit = found[4] if found else None
    order = b"KMGTPEZY".index(unit.upper()) + 1 if unit and value else 0
    return (-order if value < 0 else order), value


def _general(text: bytes) -> tuple[int, float]:
    found = _FLOAT.match(text)
    if not found:
        return 0, 0.0
    value = float(found[0])
    return (1, 0.0) if value != value else (2, value)


def comparison(
    letters: str, specs: list[str], separator: bytes, stable: bool, unique: bool, quote: Callable[[str], str], chance: Callable[[], int]
) -> Comparison:
    """How lines compare under global `letters` and -k `specs`; keys without letters of their own inherit the global ones."""
    keys = [parse_key(spec, quote) for spec in specs]
    ordering = letters.replace("b", "")
    for key in keys:
        if not key.letters and not key.skip_start and not key.skip_end:
            key.letters = ordering
            key.skip_start = key.skip_end = "b" in letters
    if not keys and letters.strip("r"):
        keys = [Key(letters=ordering, skip_start="b" in letters, skip_end="b" in letters)]
    for key in keys:
        _check_letters(key.letters)
    random = any("R" in key.letters for key in keys)
    return Comparison(keys, separator, not (stable or unique), "r" in letters, chance() if random else 0)
