"""The order of version sort (sort -V, ls -v): digits compare as numbers, suffixes like `.tar.gz` last (gnulib's filevercmp)."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cmp_to_key
from typing import Any

_SUFFIX = re.compile(rb"(?:\.[A-Za-z~][A-Za-z0-9~]*)*\Z")


def _order(byte: int) -> int:
    """Letters before other characters, `~` before everything, even the end."""
    if chr(byte).isdigit():
        return 0
    if byte < 128 and chr(byte).isalpha():
        return byte
    return -1 if byte == 126 else byte + 256


def _compare_parts(one: bytes, two: bytes) -> int:
    a, b = 0, 0
    while a < len(one) or b < len(two):
        while (a < len(one) and not 48 <= one[a] <= 57) or (b < len(two) and not 48 <= two[b] <= 57):
            left = _order(one[a]) if a < len(one) else 0
            right = _order(two[b]) if b < len(two) else 0
            if left != right:
                return left - right
            a, b = a + 1, b + 1
        first, second = _digits(one, a), _digits(two, b)
        a, b = a + len(first), b + len(second)
        if int(first or b"0") != int(second or b"0"):
            return int(first or b"0") - int(second or b"0")
    return 0


def _digits(text: bytes, at: int) -> bytes:
    stop = at
    while stop < len(text) and 48 <= text[stop] <= 57:
        stop += 1
    return text[at:stop]


def version_compare(one: bytes, two: bytes) -> int:
    """Negative, zero or positive, as filevercmp(3) of gnulib."""
    if one == two:
        return 0
    if not one or not two:
        return -1 if not one else 1
    for special in (b".", b".."):
        if special in (one, two):
            return -1 if one == special else 1
    if (one[:1] == b".") != (two[:1] == b"."):
        return -1 if one[:1] == b"." else 1
    if one[:1] == b".":
        one, two = one[1:], two[1:]
    stem_one, stem_two = one[: _suffix_start(one)], two[: _suffix_start(two)]
    if stem_one == stem_two:
        return _compare_parts(one, two)
    return _compare_parts(stem_one, stem_two) or _compare_parts(one, two)


def _suffix_start(name: bytes) -> int:
    found = _SUFFIX.search(name)
    return found.start() if found and found.start() > 0 else len(name)


version_key: Callable[[bytes], Any] = cmp_to_key(version_compare)
"""A sort key of the version order."""
