"""What goes over the wire: folded lines, xtext, the forms of a next hop."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from maillab.sim.postfix.smtp.transfer import fold, xtext


def test_xtext() -> None:
    assert xtext("a+b=c d") == "a+2Bb+3Dc+20d"


@given(st.binary(max_size=300).filter(lambda line: b"\r" not in line and b"\n" not in line), st.integers(5, 50))
def test_folded_lines_fit_and_lose_nothing(line: bytes, limit: int) -> None:
    pieces = fold(line, limit).split(b"\r\n")
    assert all(len(piece) <= limit for piece in pieces)
    assert pieces[0] + b"".join(piece[1:] for piece in pieces[1:]) == line
