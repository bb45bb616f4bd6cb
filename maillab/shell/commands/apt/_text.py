"""How apt writes things: sizes, lists of packages."""

from __future__ import annotations


def size_text(size: float) -> str:
    """`498 kB`, `10.1 MB`, `6924 B`: apt's SizeToStr."""
    for letter in ("", "k", "M", "G", "T"):
        if size < 100 and letter:
            return f"{size:.1f} {letter}B"
        if size < 10000:
            return f"{size:.0f} {letter}B"
        size /= 1000
    return f"{size:.0f} PB"


def package_list(names: list[str], width: int, mark: str = "") -> str:
    """Names on lines of at most `width` columns, indented by two."""
    lines = [" "]
    for name in names:
        word = f" {name}{mark}"
        if len(lines[-1]) + len(word) >= width and lines[-1] != " ":
            lines.append(" ")
        lines[-1] += word
    return "".join(line + "\n" for line in lines)


def count_text(upgraded: int, new: int, removed: int, held: int = 0) -> str:
    """The summary line."""
    return f"{upgraded} upgraded, {new} newly installed, {removed} to remove and {held} not upgraded.\n"
