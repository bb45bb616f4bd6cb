"""Selectors and messages of the syslog daemons."""

from __future__ import annotations

import pytest

from maillab.sim.services._syslog.message import parse_message, precise_stamp, traditional_stamp
from maillab.sim.services._syslog.selector import FACILITIES, SelectorError, parse_selector

MAIL, AUTH = FACILITIES.index("mail"), FACILITIES.index("auth")


@pytest.mark.parametrize(
    ("text", "facility", "mask"),
    [
        ("mail.*", MAIL, 0xFF),
        ("mail.info", MAIL, 0x7F),
        ("mail.err", MAIL, 0x0F),
        ("mail.=info", MAIL, 0x40),
        ("*.*;auth,authpriv.none", AUTH, 0),
        ("*.*;auth,authpriv.none", MAIL, 0xFF),
        ("*.=info;*.=notice;mail.none", MAIL, 0),
        ("mail.*;mail.!err", MAIL, 0xF0),
        ("*.!err", MAIL, 0),
        ("kern.panic", MAIL, 0),
    ],
)
def test_selectors(text: str, facility: int, mask: int) -> None:
    assert parse_selector(text)[facility] == mask


@pytest.mark.parametrize(("text", "message"), [("mial.info", 'unknown facility name "mial"'), ("mail.inf", 'unknown priority name "inf"')])
def test_wrong_selectors(text: str, message: str) -> None:
    with pytest.raises(SelectorError, match=message):
        parse_selector(text)


def test_messages_as_rsyslog_8_showed_them() -> None:
    found = parse_message(b"<22>Nov 22 10:00:00 postfix/x[1]: a\nb\n", 5)
    assert (found.facility, found.priority, found.text) == (MAIL, 6, b"postfix/x[1]: a#012b")
    assert (found.tag, found.programname, found.body) == ("postfix/x[1]:", "postfix/x", " a#012b")
    assert parse_message(b"no head", 5).priority == 5
    assert parse_message(b"<999>x: y", 5).text == b"x: y"


def test_stamps() -> None:
    assert traditional_stamp(1_795_371_790_000_000) == b"Nov 22 18:23:10 "
    assert precise_stamp(1_795_371_790_123_456) == b"2026-11-22T18:23:10.123456+00:00 "
