"""chage - change user password expiry information

SYNOPSIS
    chage [options] LOGIN

BUGS
    Without options the real program asks for each value; that is not simulated, nor is -R.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.passwd._database import AccountFiles, die, parse_date
from maillab.shell.commands.passwd._usage import USAGE
from maillab.shell.options import Given, gnu
from maillab.sim.host.accounts import Shadow, user_name
from maillab.sim.kernel import calendar

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"passwd": "/usr/bin/chage"}
OPTIONS = gnu(
    "-d,--lastday= -E,--expiredate= -h,--help -i,--iso8601 -I,--inactive= -l,--list -m,--mindays= -M,--maxdays= -R,--root= -W,--warndays=",
    standard=False,
)
DATES = {"lastday": "changed", "expiredate": "expire"}
NUMBERS = {"inactive": "inactive", "mindays": "minimum", "maxdays": "maximum", "warndays": "warn"}


async def main(sys: Process, argv: list[str]) -> int:
    given = await OPTIONS.read(sys, argv, status=2, hint=USAGE["chage"])
    if given.has("help"):
        await sys.stdout.write(USAGE["chage"])
        return 0
    if len(given.operands) != 1 or given.has("root"):
        await sys.stderr.write(USAGE["chage"])
        return 2
    name = given.operands[0]
    if sys.uid and not given.has("list"):
        await die(sys, "chage", "Permission denied.", 1)
    files = AccountFiles(sys)
    if files.user(name) is None:
        await die(sys, "chage", f"user '{name}' does not exist in /etc/passwd", 1)
    entry = files.shadow(name)
    if sys.uid and user_name(sys, sys.uid) != name:
        await die(sys, "chage", "Permission denied.", 1)
    if entry is None:
        entry = Shadow(name, "!")
    if given.has("list"):
        await sys.stdout.write(_listing(entry, given.has("iso8601")))
        return 0
    if not given.has(*DATES, *NUMBERS):
        await die(sys, "chage", "the interactive mode is not simulated; give the values as options", 2)
    files.put(await _changed(sys, given, entry))
    await files.save_or_die("chage")
    sys.syslog("auth", "info", "chage", f"changed password expiry for {name}")
    return 0


async def _changed(sys: Process, given: Given, entry: Shadow) -> Shadow:
    for option, field in DATES.items():
        text = given.last(option)
        if text is not None:
            try:
                entry = entry._replace(**{field: parse_date(text)})  # type: ignore[arg-type]
            except ValueError:
                await die(sys, "chage", f"invalid date '{text}'", 2)
    for option, field in NUMBERS.items():
        text = given.last(option)
        if text is not None:
            if not text.lstrip("-").isdigit():
                await die(sys, "chage", f"invalid numeric argument '{text}'", 2)
            entry = entry._replace(**{field: None if int(text) < 0 else int(text)})  # type: ignore[arg-type]
    return entry


def _date(day: int | None, iso: bool, never: str = "never") -> str:
    if day is None or day < 0:
        return never
    return calendar.strftime("%Y-%m-%d" if iso else "%b %d, %Y", day * calendar.DAY)


def _listing(entry: Shadow, iso: bool) -> str:
    changed = _date(entry.changed, iso)
    expires = inactive = "never"
    if entry.changed == 0:
        changed = expires = inactive = "password must be changed"
    elif entry.changed is not None and entry.maximum is not None and 0 <= entry.maximum < 10000:
        expires = _date(entry.changed + entry.maximum, iso)
        if entry.inactive is not None and entry.inactive >= 0:
            inactive = _date(entry.changed + entry.maximum + entry.inactive, iso)
    numbers = [-1 if number is None else number for number in (entry.minimum, entry.maximum, entry.warn)]
    return (
        f"Last password change\t\t\t\t\t: {changed}\nPassword expires\t\t\t\t\t: {expires}\n"
        f"Password inactive\t\t\t\t\t: {inactive}\nAccount expires\t\t\t\t\t\t: {_date(entry.expire, iso)}\n"
        f"Minimum number of days between password change\t\t: {numbers[0]}\n"
        f"Maximum number of days between password change\t\t: {numbers[1]}\n"
        f"Number of days of warning before password expires\t: {numbers[2]}\n"
    )
