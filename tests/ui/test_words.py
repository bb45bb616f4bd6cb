"""The sentences of the screens."""

from __future__ import annotations

import re

import pytest

from maillab.ui.words import WORDS, say, system_language


@pytest.mark.parametrize("word", WORDS)
def test_both_languages_name_the_same_things(word: str) -> None:
    french, english = WORDS[word]
    assert set(re.findall(r"\{(\w+)\}", french)) == set(re.findall(r"\{(\w+)\}", english))


@pytest.mark.parametrize(("value", "language"), [("fr_FR.UTF-8", "fr"), ("fr", "fr"), ("C", "en"), ("de_DE", "en"), ("", "en")])
def test_the_language_of_the_system(value: str, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LC_ALL", value)
    assert system_language() == language


def test_values_are_filled_in() -> None:
    assert say("fr", "minutes", n=5) == "5 min"
