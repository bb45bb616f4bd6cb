"""How postconf prints `name = value`: blanks collapsed, lines folded with -f."""

from __future__ import annotations

WIDTH = 80
INDENT = "    "


def words_of(text: str) -> list[str]:
    """The words of a value."""
    return text.split()


def fold(text: str) -> str:
    """The words of a line on lines of less than 80 columns."""
    lines: list[str] = []
    current = ""
    for word in words_of(text):
        if current.strip() and len(current) + len(word) >= WIDTH:
            lines.append(current)
            current = INDENT + word
        else:
            current = f"{current} {word}" if current else word
    return "\n".join([*lines, current])


def setting(name: str, value: str, *, hide_name: bool = False, hide_value: bool = False, folded: bool = False) -> str:
    """One parameter as Postfix 2.9 and later print it."""
    if hide_name:
        line = value
    elif hide_value:
        line = name
    else:
        line = f"{name} = {value}"
    return fold(line) if folded else " ".join(words_of(line))
