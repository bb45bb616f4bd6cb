"""Words of SMTP commands and xtext."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.sim.mail.smtp_grammar import tokenize, xtext_decode, xtext_encode


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("mail from:<a@b>", ["mail", "from:", "<a@b>"]),
        ("mail from: <a@b>  SIZE=1", ["mail", "from:", "<a@b>", "SIZE=1"]),
        ("mail from : <a>", ["mail", "from", ":", "<a>"]),
        ('rcpt to: "Toto" <toto@titi.fr>', ["rcpt", "to:", '"Toto"', "<toto@titi.fr>"]),
        ("mail from:<a@b>x=1", ["mail", "from:", "<a@b>x=1"]),
        ("rcpt to:<@a:b@c>", ["rcpt", "to:", "<@a:b@c>"]),
        ("vrfy toto jules", ["vrfy", "toto", "jules"]),
        ("   ", []),
    ],
)
def test_words(line: str, words: list[str]) -> None:
    assert tokenize(line) == words


def test_unbalanced() -> None:
    assert tokenize("mail from:<toto")[2].bad


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126)))
def test_xtext(text: str) -> None:
    assert xtext_decode(xtext_encode(text)) == text
