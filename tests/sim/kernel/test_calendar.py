"""Virtual time as civil dates, compared with the standard library."""

from __future__ import annotations

import datetime

from hypothesis import given
from hypothesis import strategies as st

from maillab.sim.kernel import calendar
from maillab.sim.kernel.chance import Stream

MOMENTS = st.datetimes(min_value=datetime.datetime(1901, 1, 1), max_value=datetime.datetime(2199, 12, 31))
EPOCH = datetime.datetime(1970, 1, 1)
LETTERS = "aAbBcCdDeFgGHIjmMnpRsSTuUVwWxXyYzZ%"


def microseconds(moment: datetime.datetime) -> int:
    return (moment - EPOCH) // datetime.timedelta(microseconds=1)


@given(MOMENTS)
def test_gmtime_is_the_standard_librarys(moment: datetime.datetime) -> None:
    civil = calendar.gmtime(microseconds(moment))
    assert civil[:7] == (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second, moment.microsecond)
    assert (civil.weekday + 6) % 7 == moment.weekday()
    assert civil.yearday == moment.timetuple().tm_yday


@given(MOMENTS, st.sampled_from(LETTERS))
def test_strftime_is_the_c_librarys(moment: datetime.datetime, letter: str) -> None:
    expected = moment.replace(tzinfo=datetime.UTC).strftime("%" + letter)
    if letter == "s":
        expected = str(microseconds(moment) // 1_000_000)
    assert calendar.strftime("%" + letter, microseconds(moment)) == expected


@given(MOMENTS)
def test_timegm_undoes_gmtime(moment: datetime.datetime) -> None:
    us = microseconds(moment.replace(microsecond=0))
    assert calendar.timegm(*calendar.gmtime(us)[:6]) == us


def test_gnu_flags_and_widths() -> None:
    us = calendar.timegm(2026, 3, 5, 7, 8, 9) + 123456
    assert calendar.strftime("[%-d] [%_m] [%^a] [%3N] [%N] [%:z] [%10Y]", us) == "[5] [ 3] [THU] [123] [123456000] [+00:00] [0000002026]"


def test_streams_of_chance_are_the_same_everywhere_and_apart() -> None:
    def draw(seed: int, purpose: str) -> list[int]:
        stream = Stream(seed, purpose)
        return [stream.randrange(1000) for _ in range(3)]

    assert draw(1, "a") == draw(1, "a") == [874, 753, 440]
    assert draw(1, "a") != draw(1, "b") != draw(2, "b")
