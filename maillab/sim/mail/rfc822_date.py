"""rfc822_date - the dates of message headers and the lines that separate messages in a mailbox"""

from __future__ import annotations

from maillab.sim.kernel.calendar import strftime


def mail_date(us: int) -> str:
    """A date as Postfix writes it in headers: `Sun, 22 Nov 2026 18:06:04 +0000 (UTC)`, `Sun,  1 Nov ...`."""
    return strftime("%a, %e %b %Y %H:%M:%S +0000 (UTC)", us)


def asctime(us: int) -> str:
    """A date as asctime(3) writes it: `Sun Nov 22 18:06:04 2026`."""
    return strftime("%a %b %e %H:%M:%S %Y", us)
