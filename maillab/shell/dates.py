"""Dates as people write them: the argument of `date -d`, `touch -d`, `find -newermt` (GNU's parse_datetime, in UTC).

Understood: ISO dates and times (`2024-11-22`, `20241122`, `2024-11-22T10:15:30.5Z`, `10:15 pm +0200`), `22 Nov 2024`,
`Nov 22, 2024`, `11/22/2024`, weekdays (`monday`, `next friday`, `last sunday`), zones (`UTC`, `EST`, `+02:00`), relative items
(`yesterday`, `3 days ago`, `next month`, `-2 hours`) and `@SECONDS`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from maillab.sim.kernel.calendar import DAY, MONTHS, SECOND, WEEKDAYS, gmtime, timegm


class DateError(ValueError):
    """Not a date."""


_MONTH_NAMES = {name.lower(): i for i, full in enumerate(MONTHS, 1) for name in (full, full[:3])} | {"sept": 9}
_DAY_NAMES = {name.lower(): i for i, full in enumerate(WEEKDAYS) for name in (full, full[:3])} | {
    "tues": 2, "wednes": 3, "thur": 4, "thurs": 4,
}  # fmt: skip
_UNITS = {
    "year": "year", "month": "month", "fortnight": "fortnight", "week": "week", "day": "day", "hour": "hour", "minute": "minute",
    "min": "minute", "second": "second", "sec": "second",
}  # fmt: skip
_LENGTHS = {"fortnight": 14 * DAY, "week": 7 * DAY, "day": DAY, "hour": 3600 * SECOND, "minute": 60 * SECOND, "second": SECOND}
_FIXED = {"yesterday": -1, "tomorrow": 1, "today": 0, "now": 0}
_ORDINALS = {
    "last": -1, "this": 0, "next": 1, "first": 1, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12,
}  # fmt: skip
_ZONES = {
    "utc": 0, "gmt": 0, "ut": 0, "z": 0, "wet": 0, "west": 60, "bst": 60, "cet": 60, "met": 60, "cest": 120, "mest": 120, "eet": 120,
    "eest": 180, "msk": 180, "ist": 330, "jst": 540, "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360,
    "pst": -480, "pdt": -420,
}  # fmt: skip
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?=$|[T\s,])", re.I)
_SHORT_ISO = re.compile(r"(\d{2})-(\d{1,2})-(\d{1,2})(?=$|[T\s])", re.I)
_DASHED = re.compile(r"(\d{1,2})-([a-z]{3,9})(?:-(\d{2,4}))?(?![\w-])", re.I)
_SLASHED = re.compile(r"(\d{1,4})/(\d{1,2})(?:/(\d{1,4}))?(?!\d)")
_COMPACT = re.compile(r"(\d{8})(?=$|[T\s])", re.I)
_TIME = re.compile(r"t?\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?\s*(am|pm|a\.m\.|p\.m\.)?(?![\d:])", re.I)
_HOUR = re.compile(r"(\d{1,2})\s*(am|pm|a\.m\.|p\.m\.)(?!\w)", re.I)
_OFFSET = re.compile(r"([+-])(\d{1,2})(?::?(\d{2}))?(?!\d)(?!\s*(?:year|month|fortnight|week|day|hour|min|sec))", re.I)
_RELATIVE = re.compile(r"([+-]?\s*\d+(?:\.\d+)?)\s*([a-z]+)", re.I)
_WORD = re.compile(r"[a-z]+\.?", re.I)
_NUMBER = re.compile(r"\d+")


@dataclass
class _Date:
    """What was understood so far."""

    date: tuple[int, int, int] | None = None
    month_day: tuple[int, int] | None = None
    time: tuple[int, int, int, int] | None = None
    zone: int | None = None
    weekday: tuple[int, int] | None = None  # (ordinal, day)
    months: int = 0
    shift: int = 0
    relative: bool = False
    parts: set[str] = field(default_factory=set)

    def once(self, part: str) -> None:
        """A date, time, zone or weekday may be given once."""
        if part in self.parts:
            raise DateError
        self.parts.add(part)


def parse_date(text: str, now: int) -> int:
    """Microseconds since 1970 that `text` means at the moment `now`. Raises DateError."""
    text = re.sub(r"\([^()]*\)", " ", text).strip()
    if found := re.fullmatch(r"@\s*([-+]?\d+)(?:[.,](\d+))?", text):
        fraction = int((found[2] or "0")[:6].ljust(6, "0"))
        return int(found[1]) * SECOND + (-fraction if found[1].startswith("-") else fraction)
    state = _Date()
    at = 0
    while at < len(text):
        if text[at] in " \t\n,":
            at += 1
            continue
        at = _item(text, at, state)
    return _moment(state, now)


def _item(text: str, at: int, state: _Date) -> int:
    """One item of the text; returns where the next begins."""
    for pattern, take in _ITEMS:
        if (found := pattern.match(text, at)) and take(found, state):
            return found.end()
    raise DateError


def _iso(found: re.Match[str], state: _Date) -> bool:
    state.once("date")
    state.date = (int(found[1]), int(found[2]), int(found[3]))
    return True


def _short_iso(found: re.Match[str], state: _Date) -> bool:
    state.once("date")
    state.date = (_century(found[1]), int(found[2]), int(found[3]))
    return True


def _century(digits: str) -> int:
    year = int(digits)
    return year if len(digits) > 2 else year + (2000 if year < 69 else 1900)


def _dashed(found: re.Match[str], state: _Date) -> bool:
    month = _MONTH_NAMES.get(found[2].lower())
    if not month:
        return False
    return _set_day(state, found[3], month, int(found[1]))


def _set_day(state: _Date, year: str | None, month: int, day: int) -> bool:
    state.once("date")
    if year:
        state.date = (_century(year), month, day)
    else:
        state.month_day = (month, day)
    return True


def _slashed(found: re.Match[str], state: _Date) -> bool:
    if len(found[1]) == 4:
        return _set_day(state, found[1], int(found[2]), int(found[3] or 1)) if found[3] else False
    return _set_day(state, found[3], int(found[1]), int(found[2]))


def _compact(found: re.Match[str], state: _Date) -> bool:
    digits = found[1]
    return _set_day(state, digits[:4], int(digits[4:6]), int(digits[6:]))


def _clock(hour: int, half: str | None) -> int:
    if not half:
        if hour > 24:
            raise DateError
        return hour
    if not 1 <= hour <= 12:
        raise DateError
    return hour % 12 + (12 if half[0].lower() == "p" else 0)


def _time(found: re.Match[str], state: _Date) -> bool:
    state.once("time")
    fraction = int((found[4] or "0")[:6].ljust(6, "0"))
    state.time = (_clock(int(found[1]), found[5]), int(found[2]), int(found[3] or 0), fraction)
    return True


def _hour(found: re.Match[str], state: _Date) -> bool:
    state.once("time")
    state.time = (_clock(int(found[1]), found[2]), 0, 0, 0)
    return True


def _offset(found: re.Match[str], state: _Date) -> bool:
    """`+02:00` after a time of day."""
    if state.time is None or (state.zone is not None and "offset" in state.parts):
        return False
    state.once("offset")
    digits = found[2] + (found[3] or "")
    minutes = int(digits) * 60 if len(digits) <= 2 else int(digits[:-2]) * 60 + int(digits[-2:])
    state.zone = minutes if found[1] == "+" else -minutes
    return True


def _unit(word: str) -> str | None:
    word = word.lower()
    return _UNITS.get(word) or _UNITS.get(word.removesuffix("s"))


def _relative(found: re.Match[str], state: _Date) -> bool:
    unit = _unit(found[2])
    number = found[1].replace(" ", "")
    if unit:
        _add(found, state, float(number) if "." in number else int(number), unit)
        return True
    month = _MONTH_NAMES.get(found[2].lower())
    if month and number.isdigit():
        rest = re.compile(r"\.?,?\s*(\d{4})(?![\d:])").match(found.string, found.end())
        _set_day(state, rest[1] if rest else None, month, int(number))
        state.parts.add("year" if rest else "no-year")
        return not rest or _skip(state, rest)
    return False


def _skip(state: _Date, rest: re.Match[str]) -> bool:
    """The year was read ahead: the word loop meets its digits once more and must pass them by."""
    state.parts.add(f"@{rest.start(1)}")
    return True


def _add(found: re.Match[str], state: _Date, count: float, unit: str) -> None:
    rest = found.string[found.end() :].lstrip()
    sign = -1 if re.match(r"ago\b", rest, re.I) else 1
    state.relative = True
    if unit in ("year", "month"):
        state.months += sign * int(count) * (12 if unit == "year" else 1)
    else:
        state.shift += sign * int(count * _LENGTHS[unit])


def _word(found: re.Match[str], state: _Date) -> bool:
    word = found[0].lower().rstrip(".")
    if word in _FIXED:
        state.shift += _FIXED[word] * DAY
        state.relative = True
    elif word in ("ago", "and", "at", "on", "t"):
        return word == "ago" or word == "t"
    elif word in _ORDINALS:
        return _ordinal(found, state, _ORDINALS[word])
    elif word in _DAY_NAMES:
        if state.weekday is None:
            state.once("weekday")
            state.weekday = (0, _DAY_NAMES[word])
    elif word in _MONTH_NAMES:
        return _month_first(found, state, _MONTH_NAMES[word])
    elif word in _ZONES:
        state.zone = _ZONES[word]
    elif unit := _unit(word):
        if "ordinal" in state.parts:
            state.parts.discard("ordinal")
        else:
            _add(found, state, 1, unit)
    else:
        return False
    return True


def _ordinal(found: re.Match[str], state: _Date, count: int) -> bool:
    """`next monday`, `last year`: the word after it says what."""
    following = _WORD.match(found.string[found.end() :].lstrip())
    if not following:
        return False
    word = following[0].lower()
    if word in _DAY_NAMES:
        state.once("weekday")
        state.weekday = (count, _DAY_NAMES[word])
        return True
    unit = _unit(word)
    if not unit:
        return False
    after = re.compile(r"\s*[a-z]+", re.I).match(found.string, found.end())
    assert after
    _add(after, state, count, unit)
    state.parts.add("ordinal")
    return True


def _month_first(found: re.Match[str], state: _Date, month: int) -> bool:
    """`Nov 22, 2024`, `Nov 22 10:00 2024`."""
    rest = re.compile(r"\s*(\d{1,2})(?![\d:])(?:\s*,\s*|\s+)?(\d{4})?(?![\d:])").match(found.string, found.end())
    if not rest:
        return False
    _set_day(state, rest[2], month, int(rest[1]))
    state.parts |= {f"@{rest.start(group)}" for group in (1, 2) if rest[group]}
    return True


def _number(found: re.Match[str], state: _Date) -> bool:
    """Digits alone: read ahead before, a year after a month and day, or hhmm."""
    if f"@{found.start()}" in state.parts:
        return True
    digits = found[0]
    if len(digits) == 4 and state.month_day and state.time is not None:
        state.date = (int(digits), *state.month_day)
        state.month_day = None
        return True
    if len(digits) in (3, 4) and state.time is None:
        state.once("time")
        state.time = (_clock(int(digits[:-2]), None), int(digits[-2:]), 0, 0)
        return True
    if len(digits) <= 2 and state.time is None:
        state.once("time")
        state.time = (_clock(int(digits), None), 0, 0, 0)
        return True
    return False


_ITEMS = (
    (_ISO, _iso), (_SHORT_ISO, _short_iso), (_DASHED, _dashed), (_SLASHED, _slashed), (_COMPACT, _compact), (_TIME, _time), (_HOUR, _hour),
    (_OFFSET, _offset), (_RELATIVE, _relative), (_WORD, _word), (_NUMBER, _number),
)  # fmt: skip


def _moment(state: _Date, now: int) -> int:
    """Put the pieces together: what is not said is midnight, or now when there are only relative items."""
    civil = gmtime(now)
    year, month, day = state.date or (civil.year, *(state.month_day or (civil.month, civil.day)))
    if not (1 <= month <= 12 and 1 <= day <= 31):
        raise DateError
    if state.time is not None:
        hour, minute, second, micro = state.time
        if minute > 59 or second > 60:
            raise DateError
    elif state.date or state.month_day or state.weekday or not state.relative:
        hour = minute = second = micro = 0
    else:
        hour, minute, second, micro = civil.hour, civil.minute, civil.second, civil.microsecond
    if gmtime(timegm(year, month, day)).day != day:
        raise DateError
    total = year * 12 + month - 1 + state.months
    moment = timegm(total // 12, total % 12 + 1, day, hour, minute, second) + micro
    if state.weekday and not (state.date or state.month_day):
        ordinal, wanted = state.weekday
        ahead = (wanted - gmtime(moment).weekday) % 7
        moment += (ahead + 7 * (ordinal - (ordinal > 0 and ahead > 0))) * DAY
    if state.zone is not None:
        moment -= state.zone * 60 * SECOND
    return moment + state.shift
