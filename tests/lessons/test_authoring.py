"""A lesson proves itself, and every way of not doing so is noticed."""

from __future__ import annotations

from pathlib import Path

import pytest

from maillab.lessons.authoring import lay_out, prove
from maillab.lessons.errors import MaillabError

NAME = "10-names/10-hostname"


def edit(course: Path, file: str, old: str, new: str) -> None:
    path = course / NAME / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_a_good_lesson_has_no_problem(course: Path) -> None:
    assert prove(NAME, course) == []


def test_a_new_lesson_is_a_good_one(course: Path) -> None:
    lay_out("20-new/10-thing", course)
    assert prove("20-new/10-thing", course) == []
    with pytest.raises(MaillabError):
        lay_out("20-new/10-thing", course)
    with pytest.raises(MaillabError):
        lay_out("odd name", course)


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("lesson.toml", 'fqdn = "mail.ploplo.fr"', 'boot = ["hostname relais"]', "already says yes in the untouched world"),
        ("solution.console", "hostname relais", "hostname autre", "the solution fails check 'named'"),
        ("solution.console", "$ hostname relais", "$ hostname relais\n$ true", "passes already before its line 3"),
        ("en.md", "- `other-name`: Other name\n", "", "en.md has no sentence for reason 'other-name'"),
        ("fr.md", "- `named`: Nommée\n", "", "fr.md has no sentence for check 'named'"),
        ("fr.md", "- `typo`: Faute\n", "", "fr.md has no sentence for hint 'typo'"),
        ("fr.md", "Prose.", "Prose.\n\n## Encore", "different headings"),
        ("en.md", "- `named`: Named", "- `named`: Named\n- `renamed`: Gone", "which checks.py does not have"),
        ("wrong/typo.console", "# fails: named other-name", "# fails: named too-long", "says other-name, not 'too-long'"),
        ("wrong/typo.console", "hostname relai\n", "hostname relais\n", "says yes"),
        ("wrong/typo.console", "hostname relai\n", "hostname relaix\n", "hint 'typo' does not fire"),
        ("wrong/typo.console", "# hint: typo\n", "", "no wrong/*.console shows the state of hint 'typo'"),
        ("checks.py", "@check", "@chek", "checks.py cannot be imported"),
        ("checks.py", "def named(lab):", "def named(lab:", "checks.py:"),
        ("lesson.toml", "release", "relaese", "unknown field"),
        ("lesson.toml", "[world]", "[world", "Expected"),
    ],
)
def test_a_bad_lesson_is_told_what_is_wrong(course: Path, file: str, old: str, new: str, problem: str) -> None:
    edit(course, file, old, new)
    problems = prove(NAME, course)
    assert any(problem in line for line in problems), problems


def test_a_missing_file_is_named(course: Path) -> None:
    (course / NAME / "solution.console").unlink()
    assert "solution.console" in prove(NAME, course)[0]
