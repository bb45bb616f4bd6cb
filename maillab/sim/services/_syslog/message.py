"""Messages of syslog(3), as they arrive at /dev/log: `<PRI>Mmm dd hh:mm:ss tag[pid]: text` (RFC 3164, without host name)."""

from __future__ import annotations

import re
from typing import NamedTuple

from maillab.sim.kernel import calendar

_HEAD = re.compile(rb"<(\d{1,3})>")
_DATE = re.compile(rb"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d \d\d:\d\d:\d\d ")
_CONTROL = re.compile(rb"[\x00-\x1f]")


class Message(NamedTuple):
    """`text` is tag and message as one, control characters written as #ooo; `when` in microseconds since 1970."""

    facility: int
    priority: int
    when: int
    text: bytes

    @property
    def tag(self) -> str:
        """Up to the first space, as rsyslog's `syslogtag`."""
        return self.text.split(b" ", 1)[0].decode("utf-8", "surrogateescape")

    @property
    def programname(self) -> str:
        """The tag without process id."""
        found = re.match(r"[^\[:]*", self.tag)
        return found[0] if found else ""

    @property
    def body(self) -> str:
        """The text after the tag, with its leading space, as rsyslog's `msg`."""
        return self.text[len(self.text.split(b" ", 1)[0]) :].decode("utf-8", "surrogateescape")


def parse_message(datagram: bytes, when: int) -> Message:
    """A datagram as a message: user.notice without a valid head (RFC 3164, 4.3.3)."""
    head = _HEAD.match(datagram)
    code = int(head[1]) if head else 13
    if code > 191:
        code = 13
    text = datagram[head.end() :] if head else datagram
    date = _DATE.match(text)
    if date:
        text = text[date.end() :]
    text = text.rstrip(b"\n\x00")
    if _CONTROL.search(text):
        text = _CONTROL.sub(lambda found: b"#%03o" % found[0][0], text)
    return Message(code >> 3, code & 7, when, text)


_STAMPS: dict[int, bytes] = {}


def traditional_stamp(when: int) -> bytes:
    """`Nov 22 18:23:10 `, remembered for the second."""
    second = when // calendar.SECOND
    stamp = _STAMPS.get(second)
    if stamp is None:
        if len(_STAMPS) > 1000:
            _STAMPS.clear()
        stamp = _STAMPS[second] = calendar.strftime("%b %e %H:%M:%S ", when).encode()
    return stamp


def precise_stamp(when: int) -> bytes:
    """`2026-11-22T18:23:10.123456+00:00 ` (RFC 3339), rsyslog's own default."""
    return (calendar.strftime("%Y-%m-%dT%H:%M:%S", when) + f".{when % calendar.SECOND:06d}+00:00 ").encode()
