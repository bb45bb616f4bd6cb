"""Delays, notes on recipients, the copies that deliveries write."""

from __future__ import annotations

import pytest

from maillab.sim.mail.dsn import Dsn
from maillab.sim.postfix.lib import bounce_log, outcome
from maillab.sim.postfix.lib.deliver_request import Times
from maillab.sim.postfix.lib.queue_file import Recipient


@pytest.mark.parametrize(("us", "text"), [
    (0, "0"), (4_999, "0"), (5_000, "0.01"), (30_000, "0.03"), (120_000, "0.12"), (996_000, "1"), (3_097_000, "3.1"),
    (4_000_000, "4"), (7_940_000, "7.9"), (9_960_000, "10"), (16_020_000, "16")])
def test_seconds_have_two_digits(us: int, text: str) -> None:
    assert outcome.seconds(us) == text


def test_delays_tell_the_stages_apart() -> None:
    times = Times(incoming=1_000_000, active=1_010_000, handoff=1_020_000, setup=1_050_000)
    assert outcome.delays(times, 1_060_000) == "delay=0.06, delays=0.01/0.01/0.03/0.01"
    assert outcome.delays(Times(incoming=1_000_000), 3_000_000) == "delay=2, delays=2/0/0/0"


def test_a_note_as_postfix_writes_it() -> None:
    text = bounce_log.note(Recipient(449, "x@[192.0.2.3]", "x@[192.0.2.3]", "rfc822;x@[192.0.2.3]", 14),
                           Dsn("4.4.1", "connect to 192.0.2.3[192.0.2.3]:25: Network is unreachable", "delayed"))
    assert text == (
        "\n<x@[192.0.2.3]>: connect to 192.0.2.3[192.0.2.3]:25: Network is unreachable\nrecipient=x@[192.0.2.3]\n"
        "offset=449\ndsn_orig_rcpt=rfc822;x@[192.0.2.3]\nnotify_flags=14\nstatus=4.4.1\naction=delayed\n"
        "reason=connect to 192.0.2.3[192.0.2.3]:25: Network is unreachable\n\n")


def test_notes_are_read_back() -> None:
    rows = [(Recipient(7, "a@b", "a", "", 2), Dsn("5.1.1", "no = such user", "failed", "smtp", "550 no", "dns", "mx.b")),
            (Recipient(0, "c@d"), Dsn("4.0.0", "later", "delayed"))]
    data = "".join(bounce_log.note(one, dsn) for one, dsn in rows).encode()
    assert list(bounce_log.notes(data)) == rows
