"""Keys as bytes."""

from __future__ import annotations

import pytest

from maillab.ui.keys import key_bytes


@pytest.mark.parametrize(
    ("key", "character", "sent"),
    [
        ("a", "a", b"a"),
        ("é", "é", "é".encode()),
        ("enter", "\r", b"\r"),
        ("tab", "\t", b"\t"),
        ("backspace", "\x7f", b"\x7f"),
        ("escape", "\x1b", b"\x1b"),
        ("ctrl+c", "\x03", b"\x03"),
        ("ctrl+d", "\x04", b"\x04"),
        ("ctrl+z", "\x1a", b"\x1a"),
        ("ctrl+right_square_bracket", "\x1d", b"\x1d"),
        ("alt+b", None, b"\x1bb"),
        ("up", None, b"\x1b[A"),
        ("delete", None, b"\x1b[3~"),
        ("pagedown", None, b"\x1b[6~"),
        ("f20", None, None),
    ],
)
def test_a_key_sends_what_an_xterm_sends(key: str, character: str | None, sent: bytes | None) -> None:
    assert key_bytes(key, character) == sent


def test_application_mode_changes_the_cursor_keys() -> None:
    assert key_bytes("up", None, application=True) == b"\x1bOA"
    assert key_bytes("delete", None, application=True) == b"\x1b[3~"
