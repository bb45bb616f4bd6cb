"""The headers that cleanup treats in a special way (RFC 822, RFC 2822 and what Postfix observes)."""

from __future__ import annotations

import re

SENDER = frozenset(
    {
        "from",
        "reply-to",
        "sender",
        "errors-to",
        "disposition-notification-to",
        "mail-followup-to",
        "mail-reply-to",
        "resent-from",
        "resent-reply-to",
        "resent-sender",
    }
)
RECIPIENT = frozenset({"to", "cc", "bcc", "apparently-to", "resent-to", "resent-cc", "resent-bcc"})
DROPPED = frozenset({"bcc", "resent-bcc", "content-length", "return-path"})
RESENT = frozenset(
    {"resent-bcc", "resent-cc", "resent-date", "resent-from", "resent-message-id", "resent-reply-to", "resent-sender", "resent-to"}
)
MIME = frozenset({"content-type", "content-transfer-encoding", "content-disposition", "content-description", "content-id", "mime-version"})

HEADER = re.compile(rb"([!-9;-~]+)[ \t]*:")


def split_header(line: bytes) -> tuple[bytes, bytes] | None:
    """The name and the rest (after the colon) of a header's first line; None when it is no header."""
    match = HEADER.match(line)
    return (match[1], line[match.end() :]) if match else None
