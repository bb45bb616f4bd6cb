"""Compatibility levels: `MAJOR[.MINOR[.PATCH]]`, as compatibility_level and the `<level` operators of main.cf read them
(Postfix 3.6).

Each number is read as strtoll(3) does (leading blanks and a plus sign are allowed); observed limits: minor and patch under 1024.
"""

from __future__ import annotations

import re

LEVEL = re.compile(r"\s*\+?(\d+)(?:\.\s*\+?(\d+)(?:\.\s*\+?(\d+))?)?", re.ASCII)
MAJOR_MAX = (1 << 43) - 1
MINOR_MAX = 1023

Level = tuple[int, int, int]


def parse(text: str) -> Level | None:
    """The level that a text names, or None when it is malformed."""
    match = LEVEL.fullmatch(text)
    if match is None:
        return None
    major, minor, patch = (int(number or 0) for number in match.groups())
    if major > MAJOR_MAX or minor > MINOR_MAX or patch > MINOR_MAX:
        return None
    return major, minor, patch


def malformed(text: str) -> str:
    """The sentence about a malformed level."""
    return f'malformed compatibility level syntax: "{text}"'
