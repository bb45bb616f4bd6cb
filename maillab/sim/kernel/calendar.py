"""Virtual time as civil dates (proleptic Gregorian, UTC), without the host's clock or time zone.

Times are integer microseconds since 1970-01-01 00:00:00 UTC. The week and month names are those of the C locale.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

SECOND = 1_000_000
DAY = 86_400 * SECOND
WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


class Civil(NamedTuple):
    """A moment: month 1-12, day 1-31, weekday 0 = Sunday, yearday 1-366."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int
    microsecond: int
    weekday: int
    yearday: int


def days_from_civil(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 of a civil date (the usual era algorithm, valid for all years)."""
    year -= month <= 2
    era = year // 400
    yoe = year - era * 400
    doy = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146097 + yoe * 365 + yoe // 4 - yoe // 100 + doy - 719468


def timegm(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> int:
    """Microseconds since 1970 of a moment in UTC."""
    return (days_from_civil(year, month, day) * 86400 + hour * 3600 + minute * 60 + second) * SECOND


def gmtime(us: int) -> Civil:
    """The civil moment of a time in UTC."""
    days, rest = divmod(us, DAY)
    z = days + 719468
    era = z // 146097
    doe = z - era * 146097
    yoe = (doe - doe // 1460 + doe // 36524 - doe // 146096) // 365
    doy = doe - (365 * yoe + yoe // 4 - yoe // 100)
    mp = (5 * doy + 2) // 153
    day = doy - (153 * mp + 2) // 5 + 1
    month = mp + 3 if mp < 10 else mp - 9
    year = yoe + era * 400 + (month <= 2)
    seconds, micro = divmod(rest, SECOND)
    yearday = days - days_from_civil(year, 1, 1) + 1
    return Civil(year, month, day, seconds // 3600, seconds // 60 % 60, seconds % 60, micro, (days + 4) % 7, yearday)


localtime = gmtime
"""The worlds live in Etc/UTC, as the recorded hosts do."""


def strftime(pattern: str, us: int) -> str:
    """Format a time as strftime(3) of the C locale does, with GNU's flags (`-` none, `_` blank, `0` zero, `^` upper) and widths, and %N."""
    return _strftime(pattern, us if "N" in pattern else us - us % SECOND)


@lru_cache(maxsize=64)
def _strftime(pattern: str, us: int) -> str:
    moment = gmtime(us)
    out: list[str] = []
    i = 0
    while i < len(pattern):
        char = pattern[i]
        i += 1
        if char != "%" or i >= len(pattern):
            out.append(char)
            continue
        start, flag, width = i - 1, "", ""
        while i < len(pattern) and pattern[i] in "-_0^#:":
            flag += pattern[i]
            i += 1
        while i < len(pattern) and pattern[i].isdigit():
            width += pattern[i]
            i += 1
        while i < len(pattern) and pattern[i] in "EO":
            i += 1
        text = _field(pattern[i] if i < len(pattern) else "", moment, us, flag, width)
        i += 1
        out.append(pattern[start:i] if text is None else text)
    return "".join(out)


def _iso_week(m: Civil) -> tuple[int, int]:
    """ISO 8601 year and week."""
    monday0 = (m.weekday + 6) % 7
    week = (m.yearday - 1 - monday0 + 10) // 7
    if week < 1:
        last = gmtime(timegm(m.year - 1, 12, 31))
        return _iso_week(last)
    if week == 53 and (m.yearday - monday0 + 3) > (366 if _leap(m.year) else 365):
        return m.year + 1, 1
    return m.year, week


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


_COMPOSED = {
    "c": "%a %b %e %H:%M:%S %Y", "D": "%m/%d/%y", "F": "%Y-%m-%d", "T": "%H:%M:%S", "R": "%H:%M",
    "r": "%I:%M:%S %p", "x": "%m/%d/%y", "X": "%H:%M:%S", "h": "%b", "+": "%a %b %e %H:%M:%S %Z %Y",
}  # fmt: skip
_LITERAL = {"n": "\n", "t": "\t", "%": "%"}


def _number(letter: str, m: Civil, us: int) -> tuple[int, int, str] | None:
    """(value, width, padding) of a numeric conversion."""
    match letter:
        case "Y":
            return m.year, 1, "0"
        case "C":
            return m.year // 100, 2, "0"
        case "y":
            return m.year % 100, 2, "0"
        case "m":
            return m.month, 2, "0"
        case "d":
            return m.day, 2, "0"
        case "e":
            return m.day, 2, " "
        case "H":
            return m.hour, 2, "0"
        case "k":
            return m.hour, 2, " "
        case "I":
            return (m.hour + 11) % 12 + 1, 2, "0"
        case "l":
            return (m.hour + 11) % 12 + 1, 2, " "
        case "M":
            return m.minute, 2, "0"
        case "S":
            return m.second, 2, "0"
        case "j":
            return m.yearday, 3, "0"
        case "u":
            return m.weekday or 7, 1, "0"
        case "w":
            return m.weekday, 1, "0"
        case "U":
            return (m.yearday + 6 - m.weekday) // 7, 2, "0"
        case "W":
            return (m.yearday + 6 - (m.weekday + 6) % 7) // 7, 2, "0"
        case "V":
            return _iso_week(m)[1], 2, "0"
        case "G":
            return _iso_week(m)[0], 1, "0"
        case "g":
            return _iso_week(m)[0] % 100, 2, "0"
        case "s":
            return us // SECOND, 1, "0"
        case "q":
            return (m.month + 2) // 3, 1, "0"
    return None  # fmt: skip


def _field(letter: str, m: Civil, us: int, flag: str, width: str) -> str | None:
    if letter in _LITERAL:
        return _LITERAL[letter]
    if letter in _COMPOSED:
        text = strftime(_COMPOSED[letter], us)
        return text.upper() if "^" in flag else text.rjust(int(width or 0))
    if letter == "N":
        digits = f"{m.microsecond * 1000:09d}"
        return digits[: int(width)] if width else digits
    number = _number(letter, m, us)
    if number is not None:
        value, digits_wanted, pad = number
        pad = "0" if "0" in flag else " " if "_" in flag else pad
        return str(value) if "-" in flag else str(value).rjust(int(width) if width else digits_wanted, pad)
    match letter:
        case "a":
            text = WEEKDAYS[m.weekday][:3]
        case "A":
            text = WEEKDAYS[m.weekday]
        case "b":
            text = MONTHS[m.month - 1][:3]
        case "B":
            text = MONTHS[m.month - 1]
        case "p":
            text = "AM" if m.hour < 12 else "PM"
        case "P":
            text = "am" if m.hour < 12 else "pm"
        case "z":
            text = {0: "+0000", 1: "+00:00", 2: "+00:00:00"}.get(flag.count(":"), "+00")
        case "Z":
            text = "UTC"
        case _: return None  # fmt: skip
    if "^" in flag:
        text = text.upper()
    return text.rjust(int(width or 0))
