"""What may stand in a log line."""

from __future__ import annotations

from maillab.sim.postfix.lib.attr import encode
from maillab.sim.postfix.lib.msg import printable


def test_printable() -> None:
    assert printable("a\tb\x7f") == "a?b?"
    assert printable("été") == "été"
    assert printable("été", utf8=False) == "??t??"


def test_attribute_list() -> None:
    assert encode({"request": "rewrite", "flags": 0}) == b"request\0rewrite\0flags\x000\0\0"
