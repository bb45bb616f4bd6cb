"""Names as GNU programs quote them, measured with coreutils 9.1."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.shell.quotearg import message_quote, name_quote, name_quote_if_needed, quote


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("plain", "plain"),
        ("un fichier", "'un fichier'"),
        ("l'apostrophe", '"l\'apostrophe"'),
        ("tab\tici", r"'tab'$'\t''ici'"),
        ("caf\u00e9", r"'caf'$'\303\251'"),
        ("", "''"),
    ],
)
def test_shell_escape(name: str, shown: str) -> None:
    assert quote(name, "shell-escape") == shown


def test_messages() -> None:
    assert name_quote("x") == "'x'" and name_quote_if_needed("x") == "x" and name_quote_if_needed("a:b") == "'a:b'"
    assert message_quote("it's") == r"'it\'s'" and message_quote("x", utf8=True) == "\u2018x\u2019"
    assert quote("caf\u00e9", "shell-escape", utf8=True) == "caf\u00e9"


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126)))
def test_shell_quoting_reads_back(name: str) -> None:
    """What is always quoted is one word of a shell again."""
    shown = quote(name, "shell-always")
    if not shown.startswith('"'):
        assert shlex.split(shown) == [name]
