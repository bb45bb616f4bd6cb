"""Sizes as GNU programs read and print them: `10K`, `1.5M`, `--block-size=1K`, rounding up as du and ls do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

UNITS = "KMGTPEZY"
_SIZE = re.compile(r"(\d*)([KMGTPEZYkbwc]?)(iB|B)?", re.A)


class SizeError(ValueError):
    """Not a size. `kind` is "invalid", "suffix" (digits followed by an unknown suffix) or "large"."""

    def __init__(self, kind: str):
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True)
class BlockSize:
    """How sizes are shown: counted in `unit` bytes, or (human) scaled to `base`; `suffix` is printed after a count of units."""

    unit: int = 1024
    base: int = 0
    suffix: str = ""

    def show(self, size: int) -> str:
        """A number of bytes in this notation, rounded up."""
        if self.base:
            return human(size, self.base)
        return f"{-(-size // self.unit)}{self.suffix}"


def human(size: int, base: int = 1024) -> str:
    """`4.0K`, `12K`, `2.4M`: one decimal below ten, rounded up; `k` for thousands of bytes."""
    if size < base:
        return str(size)
    power, unit = 1, base
    while size >= unit * base and power < len(UNITS):
        power, unit = power + 1, unit * base
    tenths = -(-size * 10 // unit)
    letter = "k" if base == 1000 and power == 1 else UNITS[power - 1]
    if tenths < 100:
        return f"{tenths // 10}.{tenths % 10}{letter}"
    whole = -(-size // unit)
    if whole >= base and power < len(UNITS):
        return f"1.0{UNITS[power]}"
    return f"{whole}{letter}"


def parse_size(text: str, suffixes: str = "bkKMGTPEZY") -> int:
    """Bytes meant by `10`, `10K` (1024), `10KB` (1000), `10KiB`, `10b` (512). Raises SizeError."""
    found = re.match(r"\d*", text)
    digits = found[0] if found else ""
    rest = text[len(digits) :]
    if not digits and not rest:
        raise SizeError("invalid")
    if not digits and (rest[0] not in suffixes or rest[0] in "bc"):
        raise SizeError("invalid")
    value = int(digits or "1")
    if not rest:
        return value
    letter, ending = rest[0], rest[1:]
    if letter not in suffixes or ending not in ("", "B", "iB") or (letter in "bcw" and ending):
        raise SizeError("suffix")
    return value * _factor(letter, ending)


def _factor(letter: str, ending: str) -> int:
    fixed: Mapping[str, int] = {"b": 512, "c": 1, "w": 2, "B": 1024}
    if letter in fixed:
        return fixed[letter]
    power = UNITS.index(letter.upper()) + 1
    return int((1000 if ending == "B" else 1024) ** power)


def parse_block_size(text: str) -> BlockSize:
    """The argument of --block-size: a size, or `human-readable` or `si`. Raises SizeError."""
    if text and "human-readable".startswith(text):
        return BlockSize(1, 1024)
    if text == "si":
        return BlockSize(1, 1000)
    unit = parse_size(text)
    if unit == 0:
        raise SizeError("invalid")
    return BlockSize(unit, 0, "" if text[:1].isdigit() else _shown_suffix(text))


def _shown_suffix(text: str) -> str:
    """`K` is printed after the counts as K, `KB` as kB."""
    return "k" + text[1:] if text == "KB" else text
