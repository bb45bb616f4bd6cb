"""The way of a message, read from a mail log."""

from __future__ import annotations

from maillab.ui.widgets.flow import trails

LOG = """\
Feb  3 10:00:00 mail postfix/pickup[10]: 3F2A1C: uid=0 from=<root>
Feb  3 10:00:00 mail postfix/cleanup[11]: 3F2A1C: message-id=<1@mail>
Feb  3 10:00:00 mail postfix/qmgr[12]: 3F2A1C: from=<root@ploplo.fr>, size=300, nrcpt=2 (queue active)
Feb  3 10:00:01 mail postfix/local[13]: 3F2A1C: to=<toto@ploplo.fr>, relay=local, delay=0.1, dsn=2.0.0, status=sent (delivered to mailbox)
Feb  3 10:00:01 mail postfix/smtp[14]: 3F2A1C: to=<x@titi.fr>, relay=none, delay=1, delays=0/0/1/0, dsn=4.4.1, status=deferred (connect to titi.fr)
Feb  3 10:00:09 mail postfix/smtp[15]: 3F2A1C: to=<x@titi.fr>, relay=titi.fr[192.0.2.9]:25, delay=9, dsn=2.0.0, status=sent (250 ok)
Feb  3 10:00:09 mail postfix/anvil[16]: statistics: max connection rate 1/60s
"""


def test_a_message_and_its_ends() -> None:
    (trail,) = trails("mail", LOG)
    assert (trail.queue_id, trail.sender) == ("3F2A1C", "<root@ploplo.fr>")
    assert trail.daemons == ["pickup", "cleanup", "qmgr", "local", "smtp"]
    assert trail.ends == [("toto@ploplo.fr", "sent", "delivered to mailbox"), ("x@titi.fr", "sent", "250 ok")]


def test_the_time_stamps_of_debian_12() -> None:
    log = LOG.replace("Feb  3 10:00:", "2026-02-03T10:00:").replace(" mail ", ".294796+00:00 mail ")
    assert [trail.daemons[0] for trail in trails("mail", log)] == ["pickup"]


def test_long_queue_ids_and_instances() -> None:
    line = "Feb  3 10:00:00 mail postfix/submission/smtpd[9]: 4bXyZ0n1z2zQ1k3: client=localhost[127.0.0.1]"
    assert [(trail.queue_id, trail.daemons) for trail in trails("mail", line)] == [("4bXyZ0n1z2zQ1k3", ["smtpd"])]


def test_other_lines_are_nothing() -> None:
    assert trails("mail", "garbage\n\nFeb  3 10:00:00 mail sshd[1]: hello\n") == []
