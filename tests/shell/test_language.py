"""The pure stages of the shell: parser, arithmetic, patterns, braces, quoting."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.shell import arithmetic, braces, pattern, quoting
from maillab.shell.dialect import DASH
from maillab.shell.parser import Parser
from maillab.shell.printer import job_text
from maillab.shell.source import Incomplete, ParserOptions, ShellSyntaxError
from maillab.shell.syntax import Lit, Quoted, Word


class Store:
    """Variables of an expression."""

    def __init__(self, **values: str) -> None:
        self.values = values

    def arithmetic_value(self, name: str, subscript: str | None) -> str:
        return self.values.get(name, "")

    def arithmetic_assign(self, name: str, subscript: str | None, value: int) -> None:
        self.values[name] = str(value)


def parse(text: str, *, final: bool = True) -> Parser:
    return Parser(text, ParserOptions(), final=final)


@pytest.mark.parametrize(
    "text",
    [
        "if true; then", "echo 'a", 'echo "a', "echo $(ls", "cat <<E\nx\n", "a &&\n", "a |\n", "{ echo", "( echo", "case x in a)",
        "for i in 1 2; do", "echo ${x", "echo a \\\n", "f() {\n", "x=(1 2\n", "[[ a &&\n", "while :\n",
    ],
)  # fmt: skip
def test_more_input_is_asked_for(text: str) -> None:
    with pytest.raises(Incomplete):
        parse(text, final=False).program()


@pytest.mark.parametrize(
    "text",
    [
        "echo a b", "a && b || c", "a | b | c", "( a; b )", "{ a; b; }", "if a; then b; else c; fi", "while a; do b; done",
        "case x in a | b) c ;; esac", "[[ -f a && b == c ]]", "x=1 y=2 cmd", "cmd > f 2>&1", "! a | b", "time a",
    ],
)  # fmt: skip
def test_printing_is_parsing_backwards(text: str) -> None:
    command = parse(text).command()
    assert command is not None
    assert job_text(command) == text


def test_alias_is_expanded_once() -> None:
    options = ParserOptions(aliases={"ls": "ls -l", "e": "echo "})
    command = Parser("ls; e ls", options).command()
    assert command is not None
    assert job_text(command) == "ls -l; echo ls -l"


def test_dash_has_no_arrays() -> None:
    with pytest.raises(ShellSyntaxError) as caught:
        Parser("x=(1 2)", ParserOptions(dialect=DASH)).program()
    assert caught.value.message == 'Syntax error: "(" unexpected'


@given(st.integers(-(2**62), 2**62), st.integers(-(2**62), 2**62).filter(bool))
def test_division_truncates_towards_zero(a: int, b: int) -> None:
    store = Store(a=str(a), b=str(b))
    quotient = arithmetic.evaluate("a / b", store)
    rest = arithmetic.evaluate("a % b", store)
    assert quotient * b + rest == a
    assert abs(rest) < abs(b)


@given(st.recursive(st.integers(0, 99).map(str), lambda e: st.tuples(e, st.sampled_from("+-*&|^"), e).map("({0[0]} {0[1]} {0[2]})".format)))
def test_arithmetic_agrees_with_python(text: str) -> None:
    assert arithmetic.evaluate(text, Store()) == arithmetic.wrap(eval(text))


@given(st.text("ab*?[]x-", max_size=6), st.text("abx", max_size=6))
def test_quoted_patterns_match_only_themselves(wanted: str, text: str) -> None:
    assert pattern.compile(pattern.quote(wanted)).matches(text) == (wanted == text)
    assert pattern.unquote(pattern.quote(wanted)) == wanted


def test_extended_patterns() -> None:
    def matches(source: str, text: str) -> bool:
        return pattern.compile(source, extglob=True).matches(text)

    assert matches("!(a|b)", "c") and not matches("!(a|b)", "a")
    assert matches("!(a)*", "ab") and matches("+(ab)c", "ababc") and not matches("@(a|b)", "ab")
    assert matches("*.!(txt|md)", "a.py") and not matches("?(x)y", "xxy")


def test_braces() -> None:
    def expand(text: str) -> list[str]:
        words = braces.expand(Word(text, [Lit(text)]))
        return ["".join(part.text for part in word.parts if isinstance(part, Lit)) for word in words]

    assert expand("a{b,c{d,e}}f") == ["abf", "acdf", "acef"]
    assert expand("{1..3}") == ["1", "2", "3"] and expand("{03..1}") == ["03", "02", "01"] and expand("{a..e..2}") == ["a", "c", "e"]
    assert expand("{x}") == ["{x}"] and expand("a{,b}") == ["a", "ab"]


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12))
def test_quoted_text_reads_back(text: str) -> None:
    for style in (quoting.reusable, quoting.backslashed, quoting.single):
        command = parse("x=" + style(text)).command()
        assert command is not None
        value = command.items[0].command.parts[0].commands[0].assignments[0].value  # type: ignore[attr-defined]
        assert "".join(part.text for part in value.parts if isinstance(part, Quoted | Lit)) == text
