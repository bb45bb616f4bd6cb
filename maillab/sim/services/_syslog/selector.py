"""Selectors of syslog.conf(5): `facility.priority`, as sets of priorities for each facility.

A selector is a tuple of 24 bit masks, one a facility; bit N stands for priority N (0 emerg ... 7 debug). Parts are
separated by `;` and change what the parts before them chose: `mail.info` adds that priority and all more urgent ones,
`mail.=info` that one alone, `!` takes away, `none` takes all away.
"""

from __future__ import annotations

from typing import Final

FACILITIES: Final = (
    "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp",
    "", "", "", "", "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7",
)  # fmt: skip
PRIORITIES: Final = {
    "emerg": 0, "panic": 0, "alert": 1, "crit": 2, "err": 3, "error": 3, "warning": 4, "warn": 4, "notice": 5, "info": 6, "debug": 7,
}  # fmt: skip
_ALIASES: Final = {"security": 4}
_ALL: Final = 0xFF

Selector = tuple[int, ...]


class SelectorError(Exception):
    """A facility or priority without meaning; the text is rsyslogd's."""


def parse_selector(text: str) -> Selector:
    """The masks of a selector field. Raises SelectorError."""
    masks = [0] * len(FACILITIES)
    for part in text.split(";"):
        if not part:
            continue
        names, dot, priority = part.rpartition(".")
        if not dot:
            raise SelectorError(f'unknown priority name "{part}"')
        chosen, takes_away = _priorities(priority)
        for facility in _facilities(names):
            masks[facility] = masks[facility] & ~chosen if takes_away else masks[facility] | chosen
    return tuple(masks)


def _facilities(names: str) -> list[int]:
    found: list[int] = []
    for name in names.split(","):
        if name == "*":
            found += range(len(FACILITIES))
        elif name.lower() in _ALIASES:
            found.append(_ALIASES[name.lower()])
        elif name and name.lower() in FACILITIES:
            found.append(FACILITIES.index(name.lower()))
        else:
            raise SelectorError(f'unknown facility name "{name}"')
    return found


def _priorities(text: str) -> tuple[int, bool]:
    """The mask of a priority field, and whether it takes away."""
    if text == "none":
        return _ALL, True
    takes_away = text.startswith("!")
    name = text.removeprefix("!")
    exact = name.startswith("=")
    name = name.removeprefix("=").lower()
    if name == "*":
        return _ALL, takes_away
    if name == "none":
        return _ALL, True
    if name not in PRIORITIES:
        raise SelectorError(f'unknown priority name "{name}"')
    number = PRIORITIES[name]
    return (1 << number if exact else (1 << (number + 1)) - 1), takes_away
