"""What two runs of the real software have in common: times, process ids, queue ids, delays and sizes of directories are masked.

Recordings are compared through these masks: `maillab replay`, and the replay tests.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_DAY = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_QUEUE_ID = r"(?:[0-9A-F]{5,12}|[0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-z]{14,17})"
_LISTED_TIME = rf"(?:{_MONTH} [ \d]\d +(?:\d\d:\d\d|\d{{4}})|\d{{4}}-\d\d-\d\d \d\d:\d\d)"
_LISTING = rf"^([-bcdlps][-rwxsStT]{{9}})[.+]? +(\d+) (\S+) +(\S+) +(\d+(?:, *\d+)?) {_LISTED_TIME}"


def _listing(found: re.Match[str]) -> str:
    """A line of `ls -l`: the link count and size count for plain files only."""
    plain = found[1][0] == "-"
    return f"{found[1]} {found[2] if plain else 'N'} {found[3]} {found[4]} {found[5] if plain else 'SIZE'} TIME"


_MASKS: Final[list[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]]] = [
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (rf"^{_MONTH} [ \d]\d \d\d:\d\d:\d\d ", "LOGTIME "),
        (r"([A-Za-z][\w./-]*)\[\d+\]", r"\1[PID]"),
        (r"\bpid \d+\b", "pid PID"),
        (r"\bdelays=[\d./e+-]+", "delays=D"),
        (r"\bdelay=[\d.e+-]+", "delay=D"),
        (r"conn_use=\d+, ", ""),
        (rf"(?:{_DAY}, )?[ \d]?\d {_MONTH} \d{{4}} \d\d:\d\d:\d\d [+-]\d{{4}}(?: \([A-Z]+\))?", "MAILDATE"),
        (rf"{_DAY} {_MONTH} [ \d]\d \d\d:\d\d(?::\d\d)?(?: [A-Z]+)?(?: \d{{4}})?", "CTIME"),
        (_LISTING, _listing),
        (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?( [+-]\d{4})?", "ISOTIME"),
        (r"\b\d{14}\.(?=QUEUEID\d+@)", "STAMP."),
        (r"\b(QUEUEID\d+)\.\d{10}/", r"\1.EPOCH/"),
        (r"^total \d+$", "total N"),
        (r"(\d+)/(master|cyrmaster|smtpd|sshd|dovecot|saslauthd|imapd|pop3d|rsyslogd|nc|named|init)\b", r"PID/\2"),
        (r"\b1[67]\d{8}\b", "EPOCH"),
        (r"(real|user|sys)\s+\d+m[\d.]+s", r"\1 TIME"),
        (r"\b\d{10}\.(?:[A-Za-z]+\d+)*[A-Za-z0-9]*\.(\w)", r"MAILDIRNAME.\1"),
        (r"\b\d{10}\.M\d+P\d+", "MAILDIRNAME"),
    )
]
_NAMES_QUEUE_ID = re.compile(
    rf"postfix[\w/-]*\[\d+\]: ({_QUEUE_ID}): |queued as ({_QUEUE_ID})\b|^({_QUEUE_ID})[*!]? +\d+ {_DAY} |\tid ({_QUEUE_ID})[;\s]|"
    rf"Queue-I[Dd]: ({_QUEUE_ID})\b|postsuper: ({_QUEUE_ID}): |\b\d{{14}}\.({_QUEUE_ID})@|\b({_QUEUE_ID})\.\d{{10}}/",
    re.M,
)


class Masker:
    """Masks the screens of one session; queue ids are renamed in order of appearance, so that one id stays one id."""

    def __init__(self, session: str):
        ids = {next(group for group in found.groups() if group) for found in _NAMES_QUEUE_ID.finditer(session)}
        words = "|".join(sorted(map(re.escape, ids)))
        self._word = re.compile(rf"(?<![0-9A-Za-z])({words})(?![0-9A-Za-z])") if ids else None
        self._names: dict[str, str] = {}

    def __call__(self, screen: str) -> str:
        """A screen, masked; trailing blanks and empty lines removed."""
        text = screen.replace("\r", "")
        if self._word is not None:
            text = self._word.sub(lambda found: self._names.setdefault(found[1], f"QUEUEID{len(self._names) + 1}"), text)
        lines = []
        for line in text.split("\n"):
            for pattern, replacement in _MASKS:
                line = pattern.sub(replacement, line)
            lines.append(line.rstrip())
        while lines and not lines[-1]:
            lines.pop()
        return "\n".join(lines)


def unordered(screen: str) -> list[str]:
    """The lines of a masked screen, for software that repeats them in another order."""
    return sorted(re.sub(r"QUEUEID\d+", "QUEUEID", screen).split("\n"))
