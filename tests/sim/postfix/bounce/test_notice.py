"""The texts of notifications."""

from __future__ import annotations

from maillab.sim.postfix.bounce.notice import wrap


def test_wrap_breaks_as_postfix_does() -> None:
    text = ("<davy@titi.fr>: host maurice.titi.fr[192.0.2.20] said: 550 5.1.1 <davy@titi.fr>: Recipient address rejected: "
            "User unknown in local recipient table (in reply to RCPT TO command)")
    assert wrap(text) == [
        "<davy@titi.fr>: host maurice.titi.fr[192.0.2.20] said: 550 5.1.1",
        "    <davy@titi.fr>: Recipient address rejected: User unknown in local recipient",
        "    table (in reply to RCPT TO command)"]


def test_a_word_that_does_not_fit_stays_whole() -> None:
    assert wrap("a " + "b" * 100) == ["a", "    " + "b" * 100]
