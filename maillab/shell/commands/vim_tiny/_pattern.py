"""Search patterns of vi ("magic") as patterns of the package `regex`, and the replacement texts of :s."""

from __future__ import annotations

from typing import Any

import regex

MATCH_SECONDS = 2.0
SPECIAL_WITH_BACKSLASH = {
    "(": "(", ")": ")", "|": "|", "+": "+", "=": "?", "?": "?", "<": r"\b(?=\w)", ">": r"\b(?<=\w)", "s": r"[ \t]", "S": r"[^ \t]",
    "d": "[0-9]", "D": "[^0-9]", "w": r"[0-9A-Za-z_]", "W": r"[^0-9A-Za-z_]", "a": "[A-Za-z]", "l": "[a-z]", "u": "[A-Z]", "x": "[0-9A-Fa-f]",
    "t": r"\t", "n": r"\n", "e": r"\x1b", "r": r"\r",
}  # fmt: skip


def translate(pattern: str) -> tuple[str, bool | None]:
    """The pattern for `regex`, and what \\c or \\C said about case (None: nothing). Raises regex.error."""
    out: list[str] = []
    ignore: bool | None = None
    index = 0
    while index < len(pattern):
        ch = pattern[index]
        index += 1
        if ch == "\\" and index < len(pattern):
            ch = pattern[index]
            index += 1
            if ch in "cC":
                ignore = ch == "c"
            elif ch == "{":
                end = pattern.find("}", index)
                end = len(pattern) if end < 0 else end
                bounds = pattern[index:end].rstrip("\\")
                out.append(f"{{{bounds}}}" if bounds.strip(",-") else "*")
                index = end + 1
            elif ch.isdigit():
                out.append(f"\\{ch}")
            else:
                out.append(SPECIAL_WITH_BACKSLASH.get(ch, regex.escape(ch)))
        elif ch == "[" and "]" in pattern[index + 1 :]:
            end = pattern.index("]", index + 1 + pattern.startswith("^", index))
            inner = pattern[index:end]
            if "[:" in inner:
                end = pattern.find("]", end + 1)
                inner = pattern[index:end]
            out.append(f"[{inner.replace('[', chr(92) + '[') if '[:' not in inner else inner}]")
            index = end + 1
        elif ch == "*" and out and out[-1] not in ("^", "(", "|"):
            out.append("*")
        elif ch == ".":
            out.append(".")
        elif ch == "^" and (not out or out[-1] in ("(", "|")):
            out.append("^")
        elif ch == "$" and (index == len(pattern) or pattern.startswith(("\\|", "\\)"), index)):
            out.append("$")
        else:
            out.append(regex.escape(ch))
    return "".join(out), ignore


class Pattern:
    """A compiled pattern. Raises ValueError when it is none."""

    def __init__(self, text: str, *, ignorecase: bool) -> None:
        try:
            source, ignore = translate(text)
            flags = regex.V0 | (regex.IGNORECASE if (ignorecase if ignore is None else ignore) else 0)
            self.program: Any = regex.compile(source, flags)
        except regex.error as error:
            raise ValueError(str(error)) from None

    def find(self, line: str, start: int = 0) -> Any:
        """The first match at or after a column, or None."""
        try:
            return self.program.search(line, start, timeout=MATCH_SECONDS) if start <= len(line) else None
        except TimeoutError:
            return None

    def starts(self, line: str) -> list[int]:
        """The columns at which matches begin."""
        out: list[int] = []
        at = 0
        while (found := self.find(line, at)) is not None:
            out.append(found.start())
            at = max(found.end(), found.start() + 1)
        return out


def replacement(template: str, found: Any) -> str:
    """The text for a match: & and \\0, \\1..., \\r a new line, \\u \\l \\U \\L \\E."""
    out: list[str] = []
    case_once, case_all = "", ""
    index = 0

    def add(text: str) -> None:
        nonlocal case_once
        text = {"U": text.upper(), "L": text.lower()}.get(case_all, text)
        if case_once and text:
            text = (text[0].upper() if case_once == "u" else text[0].lower()) + text[1:]
            case_once = ""
        out.append(text)

    while index < len(template):
        ch = template[index]
        index += 1
        if ch == "&":
            add(found.group())
        elif ch == "\r":
            add("\n")
        elif ch == "\\" and index < len(template):
            ch = template[index]
            index += 1
            if ch.isdigit():
                add((found.group(int(ch)) or "") if int(ch) <= found.re.groups else "")
            elif ch in "ul":
                case_once = ch
            elif ch in "ULE":
                case_all = "" if ch == "E" else ch
            else:
                add({"r": "\n", "n": "\0", "t": "\t"}.get(ch, ch))
        else:
            add(ch)
    return "".join(out)
