"""main.cf, master.cf and aliases as text."""

from __future__ import annotations

import pytest

from maillab.sim.postfix.lib import alias_file, main_cf, master_cf
from maillab.sim.postfix.lib.msg import Fatal


def test_settings_continue_over_comments() -> None:
    parsed = main_cf.parse("main.cf", "mydestination = a,\n\tb,\n# c\n\n   d\nrelayhost=\n")
    assert parsed.settings == {"mydestination": "a,\tb,   d", "relayhost": ""}


def test_the_last_setting_wins_with_a_warning() -> None:
    parsed = main_cf.parse("main.cf", "a = 1\na = 2\n")
    assert parsed.settings == {"a": "2"}
    assert parsed.warnings == ["main.cf, line 2: overriding earlier entry: a=1"]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("myorigin ploplo.fr", "main.cf, line 1: missing '=' after attribute name: \"myorigin ploplo.fr\""),
        ("= x", 'main.cf, line 1: missing attribute name: "= x"'),
    ],
)
def test_a_line_that_is_no_setting_ends_reading(line: str, sentence: str) -> None:
    assert main_cf.parse("main.cf", line + "\n").error == sentence


def test_a_line_that_starts_with_a_blank_is_skipped() -> None:
    parsed = main_cf.parse("main.cf", "  lead = 12345678901234567890123456789\nbiff=no\n")
    assert parsed.settings == {"biff": "no"}
    assert parsed.warnings == ['main.cf: logical line must not start with whitespace: "  lead = 123456789012345678901..."']


MASTER = "smtp inet n - y - - smtpd\n  -o a=b\n# c\n  -o { c = d e } -v\nuucp unix - n n - - pipe\n  flags=F argv=uux $sender\n"


def test_entries_are_shown_in_columns() -> None:
    first, second = master_cf.parse(MASTER, "master.cf").entries
    assert first.show() == "smtp       inet  n       -       y       -       -       smtpd -o a=b -o {c=d e} -v"
    assert first.show(fold=True).split("\n")[1:] == ["    -o a=b", "    -o {c=d e}", "    -v"]
    assert first.overrides() == {"a": "b", "c": "d e"}
    assert second.arguments == ["flags=F", "argv=uux", "$sender"]


def test_a_long_name_shifts_the_columns() -> None:
    entry = master_cf.parse_entry("scalemail-backend unix - n n - 2 pipe", "x")
    assert entry.show() == "scalemail-backend unix - n       n       -       2       pipe"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("toto", "file master.cf: line 1: bad field count"),
        ("2525 tcp n - n - - smtpd", 'invalid type field "tcp" in "2525 tcp n - n - - smtpd"'),
        ("2525 inet n - x - - smtpd", 'invalid chroot field "x" in "2525 inet n - x - - smtpd"'),
        ("2525 inet n - n a - smtpd", 'invalid wakeup field "a" in "2525 inet n - n a - smtpd"'),
    ],
)
def test_a_bad_entry_is_fatal(text: str, sentence: str) -> None:
    with pytest.raises(Fatal) as caught:
        master_cf.parse(text + "\n", "master.cf")
    assert caught.value.text == sentence


def test_aliases_are_normalized() -> None:
    said: list[str] = []
    text = 'tous: toto, jules,\n   davy,roderick\na: "|/usr/bin/filtre -x", \\toto\nx@y: z\nroot jules\n"jules martin": jules\n'
    found = [(alias.name, alias.value) for alias in alias_file.parse("aliases", text, said.append)]
    assert found == [("tous", "toto, jules, davy, roderick"), ("a", '"|/usr/bin/filtre -x", toto'), ("jules martin", "jules")]
    assert said == ["aliases, line 4: name must be local", "aliases, line 5: need name:value pair"]
