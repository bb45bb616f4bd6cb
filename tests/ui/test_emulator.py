"""The terminal emulator: what bytes of a tty do to the screen."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from maillab.ui.emulator import Emulator


def screen(data: bytes, rows: int = 4, cols: int = 20) -> Emulator:
    emulator = Emulator(rows, cols)
    emulator.feed(data)
    return emulator


def test_lines_and_the_cursor() -> None:
    emulator = screen(b"one\r\ntwo")
    assert emulator.text() == ["one", "two", "", ""]
    assert emulator.cursor == (1, 3)


def test_a_character_may_come_in_two_pieces() -> None:
    emulator = screen("é".encode()[:1])
    emulator.feed("é".encode()[1:])
    assert emulator.text()[0] == "é"


def test_what_is_not_utf8_is_replaced() -> None:
    assert screen(b"a\xffb").text()[0] == "a�b"


def test_wide_characters_take_two_columns() -> None:
    emulator = screen("漢字".encode())
    assert emulator.cursor == (0, 4)
    assert "".join(segment.text for segment in emulator.line(0)).startswith("漢字")


def test_moving_and_erasing() -> None:
    assert screen(b"abcdef\x1b[3D\x1b[K").text()[0] == "abc"
    assert screen(b"x\x1b[2J\x1b[Hy").text() == ["y", "", "", ""]


def test_the_alternate_screen_gives_the_first_one_back() -> None:
    emulator = screen(b"shell\x1b[?1049h\x1b[2J\x1b[Hvi")
    assert emulator.text()[0] == "vi"
    emulator.feed(b"\x1b[?1049l")
    assert emulator.text()[0] == "shell"


def test_colours_and_attributes() -> None:
    (red, rest) = screen(b"\x1b[1;31mred\x1b[0m").line(0)
    assert (red.text, red.style is not None and red.style.bold) == ("red", True)
    assert rest.text.strip() == ""


def test_the_cursor_is_shown_reversed() -> None:
    segments = screen(b"ab").line(0, cursor=True)
    assert [segment.text for segment in segments if segment.style is not None and segment.style.reverse] == [" "]


def test_the_hidden_cursor() -> None:
    assert screen(b"\x1b[?25l").cursor is None


def test_application_keys() -> None:
    assert screen(b"\x1b[?1h").application_keys
    assert not screen(b"\x1b[?1h\x1b[?1l").application_keys


def test_what_scrolled_away_can_be_seen_again() -> None:
    emulator = screen(b"".join(b"%d\r\n" % n for n in range(10)))
    assert emulator.text()[0] == "7"
    assert "".join(segment.text for segment in emulator.line(0, back=7)).strip() == "0"


def test_resizing() -> None:
    emulator = screen(b"hello")
    emulator.resize(10, 40)
    assert (emulator.text()[0], len(emulator.text())) == ("hello", 10)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.binary(max_size=40), max_size=8), st.integers(1, 30), st.integers(1, 90))
def test_no_bytes_break_it(pieces: list[bytes], rows: int, cols: int) -> None:
    emulator = Emulator(rows, cols)
    for piece in pieces:
        emulator.feed(piece)
    assert len(emulator.text()) == rows
    for row in range(rows):
        emulator.line(row, cursor=True)
