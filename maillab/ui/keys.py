"""Keys of the screen as the bytes an xterm sends."""

from __future__ import annotations

from typing import Final

_NAMED: Final = {
    "enter": "\r", "tab": "\t", "shift+tab": "\x1b[Z", "backspace": "\x7f", "escape": "\x1b", "delete": "\x1b[3~", "insert": "\x1b[2~",
    "pageup": "\x1b[5~", "pagedown": "\x1b[6~", "space": " ",
    "ctrl+@": "\0", "ctrl+space": "\0", "ctrl+left_square_bracket": "\x1b", "ctrl+backslash": "\x1c", "ctrl+right_square_bracket": "\x1d",
    "ctrl+circumflex_accent": "\x1e", "ctrl+underscore": "\x1f", "ctrl+left": "\x1b[1;5D", "ctrl+right": "\x1b[1;5C",
    "ctrl+up": "\x1b[1;5A", "ctrl+down": "\x1b[1;5B", "ctrl+backspace": "\x17",
}  # fmt: skip
_CURSOR: Final = {"up": "A", "down": "B", "right": "C", "left": "D", "home": "H", "end": "F"}


def key_bytes(key: str, character: str | None, application: bool = False) -> bytes | None:
    """The bytes of a key (Textual's name and character); None for a key that a terminal does not send."""
    if key in _NAMED:
        return _NAMED[key].encode()
    if key in _CURSOR:
        return f"\x1b{'O' if application else '['}{_CURSOR[key]}".encode()
    if key.startswith("ctrl+") and len(key) == 6 and key[5].isalpha():
        return bytes((ord(key[5].lower()) & 0x1F,))
    if key.startswith("alt+") and len(key) == 5:
        return b"\x1b" + key[4].encode()
    if character is not None and character.isprintable():
        return character.encode("utf-8", "surrogateescape")
    return None
