"""POSIX expressions: what matches, and glibc's refusals."""

import pytest

from maillab.sim.host import posix_regex
from maillab.sim.host.posix_regex import RegexError

TEXT = "aab*+?(){}|x[1]^$ab"


def found(pattern: str, flavour: str, text: str = TEXT) -> str | None:
    match = posix_regex.compile(pattern, flavour).search(text)  # type: ignore[arg-type]
    return None if match is None else match.group()


@pytest.mark.parametrize(
    ("flavour", "pattern", "expected"),
    [
        ("bre", "*", "*"), ("bre", r"\(*\)", "*"), ("bre", "^*", None), ("bre", r"x\|*", "*"), ("bre", r"\w\+", "aab"),
        ("ere", "a**", "aa"), ("ere", "a{1}{2}", "aa"), ("ere", "a|aab", "aab"), ("ere", "(a|aa)(b|ab)?", "aab"),
        ("ere", "()", ""), ("ere", "a||b", "a"), ("ere", "[]x]", "x"), ("ere", r"\<ab", "ab"), ("ere", "a)", None),
        ("egrep", "*a", "a"), ("egrep", "a{x}", None), ("egrep", "{1}a", "a"), ("grep", r"[[:digit:]]", "1"),
        ("bre", "a^b", None), ("bre", r"\(^a\)", "a"), ("bre", r"\(ab$\)", "ab"), ("ere", "a{,2}b", "aab"),
        ("sed", r"[\n]", None), ("ere", "[a-[.x.]]+", "aab"), ("ere", "(a)\\1", "aa"), ("bre", r"\d", None),
        ("ere", "[^]a]", "b"), ("ere", "\\.", None), ("ere", r"^(.*)\*", "aab*"), ("bre", "\\$", "$"),
    ],
)  # fmt: skip
def test_match(flavour: str, pattern: str, expected: str | None) -> None:
    assert found(pattern, flavour) == expected


@pytest.mark.parametrize(
    ("flavour", "pattern", "error"),
    [
        ("bre", "a**", posix_regex.BADRPT), ("bre", r"\{1\}", posix_regex.BADRPT), ("bre", r"\)", posix_regex.EPAREN),
        ("sed", r"\)", posix_regex.ERPAREN), ("sed-ere", "a)", posix_regex.ERPAREN), ("ere", "*a", posix_regex.BADRPT),
        ("ere", "a{1", posix_regex.EBRACE), ("ere", "a{1,x}", posix_regex.BADBR), ("ere", "[a", posix_regex.EBRACK),
        ("ere", "[[:x:]]", posix_regex.ECTYPE), ("ere", "[b-a]", posix_regex.ERANGE), ("ere", "(a", posix_regex.EPAREN),
        ("ere", "\\", posix_regex.EESCAPE), ("ere", r"(a)\2", posix_regex.ESUBREG), ("ere", "a{40000}", posix_regex.ESIZE),
        ("ere", "[[.zz.]]", posix_regex.ECOLLATE), ("ere", "a|*b", posix_regex.BADRPT), ("ere", "^*", posix_regex.BADRPT),
        ("bre", r"a\{3,1\}", posix_regex.BADBR), ("bre", r"a\{1\}*", posix_regex.BADRPT), ("ere", "[a-c-e]", posix_regex.ERANGE),
    ],
)  # fmt: skip
def test_refusals(flavour: str, pattern: str, error: str) -> None:
    with pytest.raises(RegexError) as caught:
        found(pattern, flavour)
    assert str(caught.value) == error


def test_finditer_walks_as_sed() -> None:
    assert [m.span() for m in posix_regex.compile("x*", "bre").finditer("abxc")] == [(0, 0), (1, 1), (2, 3), (4, 4)]


def test_caret_means_the_beginning_of_the_text() -> None:
    assert posix_regex.compile("^a", "ere").search("aa", 1) is None
