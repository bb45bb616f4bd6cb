"""Expansion of $names: results and complaints as postconf of 3.7.11 gave them."""

from __future__ import annotations

import pytest

from maillab.sim.postfix.lib.mac_expand import Expander, MacroError

VALUES = {"mydomain": "ploplo.fr", "x": "", "y": "1", "loop": "$loop", "long": "a$mydomain"}
GOOD = [
    ("a${mydomain ? oui}b", "a ouib"),
    ("a${ mydomain }b", "aploplo.frb"),
    ("a${mydomain?  { oui } : {non} }b", "a oui b"),
    ("${x?{oui}:{non}}", "non"),
    ("${x?oui}${x:non}", "non"),
    ("${{a}=={a}}", "true"),
    ("${{a} == {b}}|", "|"),
    ("${{10} < {9} ? {x} : {y}}", "y"),
    ("${{abc} < {b} ? {x} : {y}}", "x"),
    ("${{3.10} <level {3.9} ? {x} : {y}}", "y"),
    ("${{3.10} ==level {3.10.0} ? {x} : {y}}", "x"),
    ("${y?x:z}", "x:z"),
    ("$nawak|$y$y$$y", "|11$y"),
    ("$(mydomain)", "ploplo.fr"),
    ("${y?${mydomain}}", "ploplo.fr"),
    ("$long", "aploplo.fr"),
]
BAD = [
    ("${mydomain xyz}", 'attribute name syntax error at: "...mydomain>>> xyz"'),
    ("a$-b", 'empty macro name: "a$-b"'),
    ("${mydomain", 'truncated macro reference: "${mydomain"'),
    ("${mydomain?{oui}xx}", '":" expected at: "...oui}>>>xx"'),
    ("${{a} == a ? x}", '"{expression}" expected at: "...{a} ==>>> a ? x"'),
    ("${{a} == {b} x}", '"?" or ":" expected at: "...}>>>x"'),
    ("${{1} <levelx {2}}", 'bad operator suffix at: "...<>>>levelx"'),
    ("${{trois} <level {2}}", 'malformed compatibility level syntax: "trois"'),
    ("$loop", 'unreasonable macro call nesting: "loop"'),
]


@pytest.mark.parametrize(("text", "expected"), GOOD)
def test_a_text_expands(text: str, expected: str) -> None:
    assert Expander(VALUES.get).expand(text) == expected


@pytest.mark.parametrize(("text", "sentence"), BAD)
def test_a_mistake_has_its_sentence(text: str, sentence: str) -> None:
    with pytest.raises(MacroError) as caught:
        Expander(VALUES.get).expand(text)
    assert caught.value.sentences == (sentence,)


def test_before_3_0_braces_are_text() -> None:
    assert Expander(VALUES.get, modern=False).expand("${y?{a}:{b}}") == "{a}:{b}"


def test_values_are_filtered() -> None:
    assert Expander({"sender": "a;b c"}.get, allowed="abc").expand("$sender;") == "a_b_c;"


def test_undefined_names_are_told() -> None:
    names: list[str] = []
    Expander(VALUES.get, undefined=names.append).expand("$un ${deux} ${trois?x}")
    assert names == ["un", "deux"]
