"""Seeded streams of chance: one stream a purpose, so that a new draw in one place changes nothing elsewhere.

SplitMix64 seeded by a CRC-mixed name: the same numbers on every machine and every Python.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import TypeVar

_T = TypeVar("_T")
_MASK = (1 << 64) - 1


class Stream:
    """An endless stream of pseudo-random numbers."""

    def __init__(self, seed: int, purpose: str):
        self._state = (seed * 0x9E3779B97F4A7C15 ^ zlib.crc32(purpose.encode("utf-8", "surrogateescape")) << 17) & _MASK

    def bits64(self) -> int:
        """The next 64 bits."""
        self._state = (self._state + 0x9E3779B97F4A7C15) & _MASK
        z = self._state
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & _MASK
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB & _MASK
        return z ^ (z >> 31)

    def randrange(self, stop: int) -> int:
        """A number in 0 .. stop-1."""
        return self.bits64() % stop

    def randbytes(self, n: int) -> bytes:
        """`n` bytes."""
        return b"".join(self.bits64().to_bytes(8, "little") for _ in range((n + 7) // 8))[:n]

    def choice(self, items: Sequence[_T]) -> _T:
        """One of the items."""
        return items[self.randrange(len(items))]
