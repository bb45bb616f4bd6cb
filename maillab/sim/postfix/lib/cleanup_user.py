"""What cleanup(8) and its clients agree on: the flags of a request and the bits of its verdict, with their SMTP replies."""

from __future__ import annotations

FLAG_BOUNCE, FLAG_FILTER, FLAG_HOLD, FLAG_DISCARD, FLAG_BCC, FLAG_MAP, FLAG_MILTER, FLAG_REPLY, FLAG_SMTPUTF8 = (
    1 << bit for bit in range(9)
)
FLAG_EXTERNAL = FLAG_FILTER | FLAG_BCC | FLAG_MAP | FLAG_MILTER
FLAG_INTERNAL = FLAG_MAP

BAD, WRITE, SIZE, CONTENT, HOPS = (1 << bit for bit in range(5))
RECIPIENT, PROXY, DEFER, DENIED = (1 << bit for bit in range(6, 10))
BOUNCEABLE = CONTENT | HOPS | SIZE | RECIPIENT | DENIED

DETAILS = (
    (DEFER, 451, "4.7.1", "service unavailable"),
    (PROXY, 451, "4.3.0", "queue file write error"),
    (BAD, 451, "4.3.0", "internal protocol error"),
    (RECIPIENT, 550, "5.1.0", "no recipients specified"),
    (HOPS, 554, "5.4.0", "too many hops"),
    (SIZE, 552, "5.3.4", "message file too big"),
    (CONTENT, 550, "5.7.1", "message content rejected"),
    (WRITE, 451, "4.3.0", "queue file write error"),
    (DENIED, 550, "5.7.1", "service denied"),
)


def detail(status: int) -> tuple[int, str, str]:
    """The SMTP code, the enhanced status and the text of the first bit set."""
    for bit, code, enhanced, text in DETAILS:
        if status & bit:
            return code, enhanced, text
    return 451, "4.3.0", "internal protocol error"
