"""date - print or set the system date and time

Usage: date [OPTION]... [+FORMAT]
  or:  date [-u|--utc|--universal] [MMDDhhmm[[CC]YY][.ss]]
Display date and time in the given FORMAT.
With -s, or with [MMDDhhmm[[CC]YY][.ss]], set the date and time.

Mandatory arguments to long options are mandatory for short options too.
  -d, --date=STRING          display time described by STRING, not 'now'
      --debug                annotate the parsed date,
                              and warn about questionable usage to stderr
  -f, --file=DATEFILE        like --date; once for each line of DATEFILE
  -I[FMT], --iso-8601[=FMT]  output date/time in ISO 8601 format.
                               FMT='date' for date only (the default),
                               'hours', 'minutes', 'seconds', or 'ns'
                               for date and time to the indicated precision.
                               Example: 2006-08-14T02:34:56-06:00
  --resolution               output the available resolution of timestamps
                               Example: 0.000000001
  -R, --rfc-email            output date and time in RFC 5322 format.
                               Example: Mon, 14 Aug 2006 02:34:56 -0600
      --rfc-3339=FMT         output date/time in RFC 3339 format.
                               FMT='date', 'seconds', or 'ns'
                               for date and time to the indicated precision.
                               Example: 2006-08-14 02:34:56-06:00
  -r, --reference=FILE       display the last modification time of FILE
  -s, --set=STRING           set time described by STRING
  -u, --utc, --universal     print or set Coordinated Universal Time (UTC)
      --help        display this help and exit
      --version     output version information and exit

FORMAT controls the output.  Interpreted sequences are:

  %%   a literal %
  %a   locale's abbreviated weekday name (e.g., Sun)
  %A   locale's full weekday name (e.g., Sunday)
  %b   locale's abbreviated month name (e.g., Jan)
  %B   locale's full month name (e.g., January)
  %c   locale's date and time (e.g., Thu Mar  3 23:05:25 2005)
  %C   century; like %Y, except omit last two digits (e.g., 20)
  %d   day of month (e.g., 01)
  %D   date; same as %m/%d/%y
  %e   day of month, space padded; same as %_d
  %F   full date; like %+4Y-%m-%d
  %g   last two digits of year of ISO week number (see %G)
  %G   year of ISO week number (see %V); normally useful only with %V
  %h   same as %b
  %H   hour (00..23)
  %I   hour (01..12)
  %j   day of year (001..366)
  %k   hour, space padded ( 0..23); same as %_H
  %l   hour, space padded ( 1..12); same as %_I
  %m   month (01..12)
  %M   minute (00..59)
  %n   a newline
  %N   nanoseconds (000000000..999999999)
  %p   locale's equivalent of either AM or PM; blank if not known
  %P   like %p, but lower case
  %q   quarter of year (1..4)
  %r   locale's 12-hour clock time (e.g., 11:11:04 PM)
  %R   24-hour hour and minute; same as %H:%M
  %s   seconds since the Epoch (1970-01-01 00:00 UTC)
  %S   second (00..60)
  %t   a tab
  %T   time; same as %H:%M:%S
  %u   day of week (1..7); 1 is Monday
  %U   week number of year, with Sunday as first day of week (00..53)
  %V   ISO week number, with Monday as first day of week (01..53)
  %w   day of week (0..6); 0 is Sunday
  %W   week number of year, with Monday as first day of week (00..53)
  %x   locale's date representation (e.g., 12/31/99)
  %X   locale's time representation (e.g., 23:13:48)
  %y   last two digits of year (00..99)
  %Y   year
  %z   +hhmm numeric time zone (e.g., -0400)
  %:z  +hh:mm numeric time zone (e.g., -04:00)
  %::z  +hh:mm:ss numeric time zone (e.g., -04:00:00)
  %:::z  numeric time zone with : to necessary precision (e.g., -04, +05:30)
  %Z   alphabetic time zone abbreviation (e.g., EDT)

By default, date pads numeric fields with zeroes.
The following optional flags may follow '%':

  -  (hyphen) do not pad the field
  _  (underscore) pad with spaces
  0  (zero) pad with zeros
  +  pad with zeros, and put '+' before future years with >4 digits
  ^  use upper case if possible
  #  use opposite case if possible

After any flags comes an optional field width, as a decimal number;
then an optional modifier, which is either
E to use the locale's alternate representations if available, or
O to use the locale's alternate numeric symbols if available.

Examples:
Convert seconds since the Epoch (1970-01-01 UTC) to a date
  $ date --date='@2147483647'

Show the time on the west coast of the US (use tzselect(1) to find TZ)
  $ TZ='America/Los_Angeles' date

Show the local time for 9AM next Friday on the west coast of the US
  $ date --date='TZ="America/Los_Angeles" 09:00 next Fri'
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.dates import DateError, parse_date
from maillab.shell.options import Given, UsageError, gnu
from maillab.sim.host.errno import SysError
from maillab.sim.host.stdio import decode
from maillab.sim.kernel.calendar import gmtime, strftime, timegm

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/bin/date"}
AUTHORS = "David MacKenzie"
OPTIONS = gnu(
    "-d,--date= --debug -f,--file= -I,--iso-8601=? -r,--reference= --resolution -R,--rfc-email,--rfc-822,--rfc-2822 --rfc-3339= "
    "-s,--set= -u,--utc,--uct,--universal"
)
ISO = {
    "hours": "%Y-%m-%dT%H%:z",
    "minutes": "%Y-%m-%dT%H:%M%:z",
    "date": "%Y-%m-%d",
    "seconds": "%Y-%m-%dT%H:%M:%S%:z",
    "ns": "%Y-%m-%dT%H:%M:%S,%N%:z",
}
RFC = {"date": "%Y-%m-%d", "seconds": "%Y-%m-%d %H:%M:%S%:z", "ns": "%Y-%m-%d %H:%M:%S.%N%:z"}


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    form = await _format(command, given)
    operand = given.operands[0] if given.operands and not given.operands[0].startswith("+") else None
    sources = [name for name in ("date", "file", "reference", "resolution") if given.has(name)]
    if len(sources) > 1:
        await command.usage("the options to specify dates for printing are mutually exclusive")
    if sources and (given.has("set") or operand is not None):
        await command.usage("the options to print and set the time may not be used together")
    if given.has("resolution"):
        await sys.stdout.print("0.000001")
        return 0
    if given.has("file"):
        return await _from_file(command, given.last("file") or "", form)
    text = given.last("date")
    setting = given.last("set")
    when = sys.clock()
    if text is not None or setting is not None:
        chosen = text if text is not None else setting or ""
        try:
            when = parse_date(chosen, when)
        except DateError:
            await command.die(f"invalid date {command.q(chosen)}")
    elif given.has("reference"):
        reference = given.last("reference") or ""
        try:
            when = sys.stat(reference).mtime
        except SysError as error:
            await command.die(command.odd(reference), error)
    elif operand is not None:
        stamp = parse_digits(operand, when)
        if stamp is None:
            await command.die(f"invalid date {command.q(operand)}")
        when = stamp
    if setting is not None or operand is not None:
        try:
            sys.set_clock(when)
        except SysError as error:
            await command.complain("cannot set date", error)
    await sys.stdout.print(strftime(form, when))
    return command.status


async def _format(command: Command, given: Given) -> str:
    """The output format that options or the +operand ask for."""
    forms: list[str] = []
    for found in given.found:
        try:
            if found.name == "iso-8601":
                forms.append(ISO[command.choice(found.value, "--iso-8601", {word: word for word in ISO}) if found.value else "date"])
            elif found.name == "rfc-3339":
                forms.append(RFC[command.choice(found.value or "", "--rfc-3339", {word: word for word in RFC})])
            elif found.name == "rfc-email":
                forms.append("%a, %d %b %Y %H:%M:%S %z")
        except UsageError as error:
            await command.usage(error)
    operands = given.operands
    if len(operands) > 1:
        await command.usage(f"extra operand {command.q(operands[1])}")
    if operands and operands[0].startswith("+"):
        forms.append(operands[0][1:])
    elif operands and given.has("date", "file", "reference", "set"):
        await command.usage(
            f"the argument {command.q(operands[0])} lacks a leading '+';\nwhen using an option to specify date(s), any non-option\n"
            "argument must be a format string beginning with '+'"
        )
    if len(forms) > 1:
        await command.die("multiple output formats specified")
    return forms[0] if forms else "%a %b %e %H:%M:%S %Z %Y"


def parse_digits(text: str, now: int) -> int | None:
    """MMDDhhmm[[CC]YY][.ss] as microseconds since 1970."""
    found = re.fullmatch(r"(\d\d)(\d\d)(\d\d)(\d\d)((?:\d\d)?(?:\d\d)?)(?:\.(\d\d))?", text)
    if not found:
        return None
    month, day, hour, minute = (int(found[group]) for group in range(1, 5))
    year = int(found[5]) if len(found[5]) == 4 else gmtime(now).year
    if len(found[5]) == 2:
        year = int(found[5]) + (2000 if int(found[5]) < 69 else 1900)
    if not (1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60):
        return None
    return timegm(year, month, day, hour, minute, int(found[6] or 0))


async def _from_file(command: Command, name: str, form: str) -> int:
    fd = await command.open(name)
    if fd is None:
        return 1
    async for line in command.lines(fd, name):
        text = decode(line).rstrip("\n")
        try:
            await command.sys.stdout.print(strftime(form, parse_date(text, command.sys.clock())))
        except DateError:
            await command.complain(f"invalid date {command.q(text)}")
    command.done(fd)
    return command.status
