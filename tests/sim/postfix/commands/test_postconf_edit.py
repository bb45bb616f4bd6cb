"""postconf -e, -X and -#: what they make of a text."""

from __future__ import annotations

from typing import Any, cast

from maillab.sim.postfix._postconf import edit, master_edit
from maillab.sim.postfix._postconf.display import setting
from maillab.sim.postfix.lib.msg import Msg

MAIN = "# a comment\nbiff = no\nmydestination = a,\n  b\n# inside\n\n  c\nrelayhost =\n"
MASTER = "smtp inet n - y - - smtpd\n  -o a=b\n# comment\n  -o c=d\npickup unix n - y 60 1 pickup\n"


class Voice:
    """Keeps warnings; ends nothing."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def warning(self, text: str) -> None:
        self.said.append(text)


def changed(text: str, wanted: dict[str, str], mode: str) -> str:
    return edit.rewrite(text, wanted, mode, "main.cf", cast(Msg, Voice()))


def master(space: str, mode: str, *words: str) -> str:
    log: Any = Voice()
    return master_edit.rewrite(MASTER, master_edit.requests(log, space, mode, list(words)), space, mode, "master.cf", log)


def test_a_setting_is_replaced_in_its_place() -> None:
    assert changed(MAIN, {"mydestination": "x"}, "e") == "# a comment\nbiff = no\nmydestination = x\n# inside\n\nrelayhost =\n"


def test_a_new_setting_comes_last() -> None:
    assert changed(MAIN, {"mydomain": "x"}, "e").endswith("relayhost =\nmydomain = x\n")


def test_settings_go_away_or_become_comments() -> None:
    assert "biff" not in changed(MAIN, {"biff": ""}, "X")
    assert "\n#biff = no\n" in changed(MAIN, {"biff": ""}, "#")


def test_an_entry_is_replaced_and_keeps_its_comments() -> None:
    text = master("M", "e", "smtp/inet=smtp inet n - n - - smtpd -o y=z")
    assert text.startswith("# comment\nsmtp       inet  n       -       n       -       -       smtpd\n    -o y=z\npickup unix")


def test_fields_and_parameters_change() -> None:
    assert "-       n       -       -       smtpd\n" in master("F", "e", "smtp/inet/chroot=n")
    assert "    -o a=Q\n" in master("P", "e", "smtp/inet/a=Q")
    assert "a=b" not in master("P", "X", "smtp/inet/a")
    assert master("M", "#", "pickup/unix").endswith("#pickup unix n - y 60 1 pickup\n")


def test_long_values_are_folded() -> None:
    folded = setting("a", " ".join(["12345678"] * 12), folded=True)
    assert folded.split("\n")[1].startswith("    12345678")
    assert all(len(line) <= 80 for line in folded.split("\n"))
