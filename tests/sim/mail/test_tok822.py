"""Address lists, compared with what cleanup 3.7.11 made of the same headers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.sim.mail.tok822 import ADDRESS, ATOM, Token, addresses, externalize, internalize, parse


def completed(text: str) -> str:
    tokens = parse(text)
    for token in tokens:
        if token.kind == ADDRESS:
            address = internalize(token.tokens)
            if address and "@" not in address:
                token.tokens = [Token(ATOM, address + "@ploplo.fr")]
    return externalize(tokens)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("toto titi", "toto@ploplo.fr, titi@ploplo.fr"),
        ('a b <c@d>, e(x y)f, "q q" <g>', 'a b <c@d>, e@ploplo.fr, f@ploplo.fr (x y), "q q" <g@ploplo.fr>'),
        ("groupe: a, b@c;, d", "groupe: a@ploplo.fr, b@c;, d@ploplo.fr"),
        ("x@y (c1 (c2)) , <z> suite", "x@y (c1 (c2)), <z@ploplo.fr>, suite@ploplo.fr"),
        ("a..b, .a, a.", '"a..b"@ploplo.fr, ".a"@ploplo.fr, "a."@ploplo.fr'),
        ("<a, b>, >x, a>", '<"a, b>, >x, a"@ploplo.fr>'),
        (",,,a,,b", ", , , a@ploplo.fr, , b@ploplo.fr"),
        ('<<a>>, "unterminated <x>', '< <"a>"@ploplo.fr>, "unterminated <x>"@ploplo.fr'),
        ("a (c) b <d@e> (f), g", "a (c) b <d@e>(f), g@ploplo.fr"),
        ("a (y) @ (z) b (w)", "a@b (y) (z) (w)"),
        ("a@b c@d; e@f: g@h", 'a@b, c@d;, "e@f:g"@h'),
        ("g h: a b;", "g h: a@ploplo.fr, b@ploplo.fr;"),
        ("a<b>c<d>", "a <b@ploplo.fr>c <d@ploplo.fr>"),
        ('|"prog x", /file/x, :include:/a/b', '"|prog x"@ploplo.fr, /file/x@ploplo.fr, ":include:/a/b"@ploplo.fr'),
    ],
)
def test_as_the_real_one(given: str, expected: str) -> None:
    assert completed(given) == expected


def test_addresses() -> None:
    assert addresses('Toto <toto@titi.fr>, "a b"@c') == ["toto@titi.fr", "a b@c"]


@given(st.text(alphabet='ab.@<>,:;"()[]\\ é%!', max_size=30))
def test_never_fails(text: str) -> None:
    externalize(parse(text), header=True)
