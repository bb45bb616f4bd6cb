"""master.cf as master reads it."""

from __future__ import annotations

import pytest

from maillab.sim.postfix._master.entries import Reader
from maillab.sim.postfix.lib.msg import Fatal

READER = Reader("/etc/postfix/master.cf", 100, False)


def test_entry() -> None:
    text = "# comment\nsmtp inet n - y - - smtpd\n  -o { smtpd_banner = $myhostname salut }\n"
    text += "# other\n  -o myhostname=orange.fr\npickup unix n - y 60 1 pickup\n"
    smtp, pickup = READER.read(text)
    assert smtp.key == ("smtp", "inet") and smtp.chroot and smtp.unprivileged and smtp.max_proc == 100
    assert smtp.arguments == ["-o", "smtpd_banner = $myhostname salut", "-o", "myhostname=orange.fr"]
    assert pickup.wakeup == 60 and pickup.max_proc == 1 and pickup.path == "public/pickup"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("2525 inet y - n - - smtpd", "inet service cannot be private"),
        ("x unix n", 'missing "unprivileged" field'),
        ("x unix n - n 0 z smtpd", 'field "max_proc": bad value: "z"'),
        ("x unix q - n 0 1 smtpd", 'field "private": bad value: "q"'),
        ("x", 'missing "transport type" field'),
    ],
)
def test_mistakes(line: str, reason: str) -> None:
    with pytest.raises(Fatal, match=f"^/etc/postfix/master.cf: line 2: {reason}$".replace("?", r"\?")):
        READER.read("# first\n" + line)
