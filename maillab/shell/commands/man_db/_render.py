"""Showing a page as text, as `nroff -man` lays it out: headings at the left edge, text indented by seven columns."""

from __future__ import annotations

import re
import textwrap
from typing import Final

from maillab.sim.releases.manual import module_text

TITLES: Final = {
    "1": "General Commands Manual", "2": "System Calls Manual", "3": "Library Functions Manual", "4": "Kernel Interfaces Manual",
    "5": "File Formats Manual", "6": "Games Manual", "7": "Miscellaneous Information Manual", "8": "System Manager's Manual",
}  # fmt: skip
INDENT: Final = 7
_MODULE = re.compile(r'^\.\\" module (\S+)$', re.M)
_NAME = re.compile(r"^\.SH NAME\n(.*)$", re.M)


def module_of(source: str) -> str:
    """The program module that a page names, "" when it names none."""
    found = _MODULE.search(source)
    return found[1] if found else ""


def one_line(source: str) -> str:
    """The text of the section NAME."""
    found = _NAME.search(source)
    return found[1].replace("\\-", "-") if found else ""


def render(name: str, section: str, source: str, width: int) -> str:
    """The page as lines of at most `width` columns."""
    width -= 2 if width <= 80 else 3  # man-db leaves some columns free
    title = f"{name.upper()}({section})"
    middle = TITLES.get(section[0], "")
    gap = max(1, (width - len(middle) + 1) // 2 - len(title))
    head = title + " " * gap + middle
    head += " " * max(1, width - len(head) - len(title)) + title
    out = [head, "", "NAME", *_fill(one_line(source), INDENT, width), ""]
    module = module_of(source)
    body = module_text(module) if module else ""
    if body:
        out += _sections(body, width)
    else:
        out += ["DESCRIPTION", *_fill("This page has no text in the lab.", INDENT, width), ""]
    foot = "maillab"
    out += [foot + " " * max(1, width - len(foot) - len(title)) + title]
    return "\n".join(out) + "\n"


def _with_headings(text: str) -> str:
    """A text that begins with usage lines (`Usage: ...`, `  or:  ...`), as a page with a SYNOPSIS and a DESCRIPTION."""
    lines = text.strip("\n").split("\n")
    usage: list[str] = []
    while lines and (lines[0].startswith("Usage: ") or (usage and lines[0].lstrip().startswith("or:"))):
        usage.append("    " + lines.pop(0).partition(":")[2].strip())
    if not usage:
        return text
    return "\n".join(["SYNOPSIS", *usage, "", "DESCRIPTION", *lines])


def _sections(text: str, width: int) -> list[str]:
    """The docstring after its first line: headings, and paragraphs that are filled unless they are tables."""
    out: list[str] = []
    for block in re.split(r"\n\s*\n", _with_headings(text.split("\n", 1)[1] if "\n" in text else "")):
        lines = [line.rstrip() for line in block.strip("\n").split("\n")]
        if lines and lines[0] and not lines[0].startswith(" ") and lines[0] == lines[0].upper():
            if out and out[-1] != "":
                out.append("")
            out.append(lines.pop(0))
        if not any(lines):
            continue
        if _is_prose(lines) and not (out and out[-1] in ("SYNOPSIS", "FILES", "EXAMPLES")):
            out += _fill(" ".join(line.strip() for line in lines), INDENT, width)
        else:
            out += [" " * (INDENT - 4) + line if line.startswith("    ") else " " * INDENT + line for line in lines]
        out.append("")
    return out


def _is_prose(lines: list[str]) -> bool:
    indents = {len(line) - len(line.lstrip()) for line in lines if line}
    return len(indents) == 1 and not any("  " in line.strip() for line in lines)


def _fill(text: str, indent: int, width: int) -> list[str]:
    room = max(20, width - indent)
    return [" " * indent + line for line in textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False)]
