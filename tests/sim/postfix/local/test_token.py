"""The destinations of aliases and .forward files."""

from __future__ import annotations

import pytest

from maillab.sim.postfix.local import token


@pytest.mark.parametrize(("text", "items"), [
    ("toto, jules", ["toto", "jules"]), ("\\toto, jules\n", ["\\toto", "jules"]), ('"|cat >> /tmp/x, y"', ["|cat >> /tmp/x, y"]),
    ("|cat", ["|cat"]), ("# comment\n/tmp/box\n", ["/tmp/box"]), (":include:/etc/list", [":include:/etc/list"]),
    ("a@b\nc@d", ["a@b", "c@d"]), ("Jules <jules@x.fr>", ["jules@x.fr"]), ("", []), ("toto,\n  jules", ["toto", "jules"])])
def test_split(text: str, items: list[str]) -> None:
    assert list(token.split(text)) == items
