"""The way from one absolute path to another with `..` (ln -r, realpath --relative-to)."""

from __future__ import annotations


def relative(path: str, base: str) -> str:
    """`path` as seen from the directory `base`; both absolute and without links."""
    there = [part for part in path.split("/") if part]
    here = [part for part in base.split("/") if part]
    common = 0
    while common < min(len(there), len(here)) and there[common] == here[common]:
        common += 1
    return "/".join([".."] * (len(here) - common) + there[common:]) or "."
