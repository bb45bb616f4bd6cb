"""Dates as `date -d` reads them, measured with coreutils 9.1."""

import pytest

from maillab.shell.dates import DateError, parse_date
from maillab.sim.kernel.calendar import strftime, timegm

NOW = timegm(2026, 11, 22, 16, 30, 15)  # a Sunday


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("2024-11-22 10:15:30", "2024-11-22 10:15:30"),
        ("Fri, 22 Nov 2024 10:15:30 +0200 (CEST)", "2024-11-22 08:15:30"),
        ("Nov 22, 2024", "2024-11-22 00:00:00"),
        ("11/22/2024 5pm", "2024-11-22 17:00:00"),
        ("3 days ago", "2026-11-19 16:30:15"),
        ("next month", "2026-12-22 16:30:15"),
        ("monday", "2026-11-23 00:00:00"),
        ("last friday", "2026-11-20 00:00:00"),
        ("2024-01-31 +1 month", "2024-03-02 00:00:00"),
        ("@86400", "1970-01-02 00:00:00"),
        ("", "2026-11-22 00:00:00"),
    ],
)
def test_dates(text: str, meaning: str) -> None:
    assert strftime("%Y-%m-%d %H:%M:%S", parse_date(text, NOW)) == meaning


@pytest.mark.parametrize("text", ["pasla", "2024-13-01", "2024-02-30", "25:00", "noon"])
def test_refused(text: str) -> None:
    with pytest.raises(DateError):
        parse_date(text, NOW)
