"""Lists of positions as cut and numfmt take them: `1,3-5,7-`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")

END = 1 << 62


class RangeError(ValueError):
    """A list that is not understood; the text is cut's sentence."""


class Ranges:
    """Merged, ordered ranges of positions counted from 1, both ends included."""

    def __init__(self, spans: list[tuple[int, int]]):
        self.spans = spans

    def __contains__(self, position: int) -> bool:
        return any(low <= position <= high for low, high in self.spans)

    def pick(self, parts: Sequence[T]) -> list[T]:
        """The parts at these positions."""
        out: list[T] = []
        for low, high in self.spans:
            out += parts[low - 1 : high]
        return out

    def cut(self, data: bytes, joint: bytes) -> bytes:
        """The bytes at these positions, the ranges joined by `joint`."""
        return joint.join(data[low - 1 : high] for low, high in self.spans if low <= len(data))


def parse_ranges(text: str, what: str, quote: Callable[[str], str], complement: bool = False) -> Ranges:
    """The ranges of a list; `what` is `field` or `byte/character`. Raises RangeError."""
    spans: list[tuple[int, int]] = []
    at = 0
    for item in text.replace(" ", ",").replace("\t", ",").split(","):
        at += len(item)
        spans.append(_span(item, text[at:], what, quote))
        at += 1
    merged = _merge(sorted(spans))
    return Ranges(_complement(merged) if complement else merged)


def _span(item: str, rest: str, what: str, quote: Callable[[str], str]) -> tuple[int, int]:
    numbered = "fields are numbered from 1" if what == "field" else "byte/character positions are numbered from 1"
    position = item.lstrip("0123456789")
    if position.startswith("-"):
        position = position[1:].lstrip("0123456789")
        if position.startswith("-"):
            raise RangeError("invalid field range" if what == "field" else "invalid byte or character range")
    if position:
        raise RangeError(f"invalid {'field value' if what == 'field' else 'byte/character position'} {quote(position + rest)}")
    low, dash, high = item.partition("-")
    if not dash:
        if not low or int(low) == 0:
            raise RangeError(numbered)
        return int(low), int(low)
    if not low and not high:
        raise RangeError("invalid range with no endpoint: -")
    if low and int(low) == 0:
        raise RangeError(numbered)
    start, stop = int(low or 1), int(high) if high else END
    if stop < start:
        raise RangeError("invalid decreasing range")
    return start, stop


def _merge(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for low, high in spans:
        if merged and low <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return merged


def _complement(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    out, at = [], 1
    for low, high in spans:
        if low > at:
            out.append((at, low - 1))
        at = high + 1
    if at <= END:
        out.append((at, END))
    return out
