"""Writing text so that the shell reads it back: '...', "...", $'...' and backslashes, each where bash uses it."""

from __future__ import annotations

METAS = frozenset(" \t\n'\"\\|&;()<>!{}*[]?^$`")
BACKSLASHED = METAS | {","}
ANSI = {"\a": "\\a", "\b": "\\b", "\x1b": "\\E", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}


def single(text: str) -> str:
    """'text', with its own quotes as '\\''."""
    if text == "'":
        return "\\'"
    return "'" + text.replace("'", "'\\''") + "'"


def needs_ansi(text: str) -> bool:
    """Whether it holds characters that do not print."""
    return any(ch < " " or ch == "\x7f" or "\udc80" <= ch <= "\udcff" or "\x80" <= ch < "\xa0" for ch in text)


def ansi(text: str) -> str:
    """$'text'"""
    out = []
    for ch in text:
        if ch in ANSI:
            out.append(ANSI[ch])
        elif ch in "'\\":
            out.append("\\" + ch)
        elif "\udc80" <= ch <= "\udcff":
            out.append(f"\\{ord(ch) - 0xDC00:03o}")
        elif ch < " " or ch == "\x7f":
            out.append(f"\\{ord(ch):03o}")
        else:
            out.append(ch)
    return "$'" + "".join(out) + "'"


def has_metas(text: str) -> bool:
    """Whether the shell would see more than one plain word in it."""
    if any(ch in METAS for ch in text) or text.startswith(("#", "~")):
        return True
    return "=~" in text or ":~" in text


def reusable(text: str) -> str:
    """${x@Q}: always quoted."""
    if not text:
        return "''"
    return ansi(text) if needs_ansi(text) else single(text)


def backslashed(text: str) -> str:
    """printf %q: backslashes, or $'...' when something does not print."""
    if not text:
        return "''"
    if needs_ansi(text):
        return ansi(text)
    out = []
    for i, ch in enumerate(text):
        special = ch in BACKSLASHED or (ch == "#" and i == 0) or (ch == "~" and (i == 0 or text[i - 1] in ":="))
        out.append("\\" + ch if special else ch)
    return "".join(out)


def listed(text: str) -> str:
    """A value in the listing of `set`: quoted only when needed."""
    if needs_ansi(text):
        return ansi(text)
    return single(text) if has_metas(text) else text


def traced(text: str) -> str:
    """A word in the trace of `set -x`."""
    if not text:
        return "''"
    if has_metas(text):
        return single(text)
    return ansi(text) if needs_ansi(text) else text


def double(text: str) -> str:
    """A value in `declare -p`: "..." or $'...'."""
    if needs_ansi(text):
        return ansi(text)
    return '"' + "".join("\\" + ch if ch in '"$`\\' else ch for ch in text) + '"'


def array_key(key: str) -> str:
    """A key of an associative array in `declare -p`."""
    if needs_ansi(key):
        return ansi(key)
    return double(key) if has_metas(key) or not key or "]" in key else key


def dash_single(text: str) -> str:
    """dash's quoting of `set`, `export -p`, `alias`: '...' with '"'"' for quotes."""
    return "'" + text.replace("'", "'\"'\"'") + "'"
