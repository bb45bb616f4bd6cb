"""touch - change file timestamps

Usage: touch [OPTION]... FILE...
Update the access and modification times of each FILE to the current time.

A FILE argument that does not exist is created empty, unless -c or -h
is supplied.

A FILE argument string of - is handled specially and causes touch to
change the times of the file associated with standard output.

Mandatory arguments to long options are mandatory for short options too.
  -a                     change only the access time
  -c, --no-create        do not create any files
  -d, --date=STRING      parse STRING and use it instead of current time
  -f                     (ignored)
  -h, --no-dereference   affect each symbolic link instead of any referenced
                         file (useful only on systems that can change the
                         timestamps of a symlink)
  -m                     change only the modification time
  -r, --reference=FILE   use this file's times instead of current time
  -t STAMP               use [[CC]YY]MMDDhhmm[.ss] instead of current time
      --time=WORD        change the specified time:
                           WORD is access, atime, or use: equivalent to -a
                           WORD is modify or mtime: equivalent to -m
      --help        display this help and exit
      --version     output version information and exit

Note that the -d and -t options accept different time-date formats.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.dates import DateError, parse_date
from maillab.shell.options import Given, UsageError, gnu
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/bin/touch"}
AUTHORS = "Paul Rubin, Arnold Robbins, Jim Kingdon,\nDavid MacKenzie, and Randy Smith"
OPTIONS = gnu("-a -c,--no-create -d,--date= -f -m -r,--reference= -t= -h,--no-dereference --time=")
TIMES = {"atime": "a", "access": "a", "use": "a", "mtime": "m", "modify": "m"}


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    which = await _which(command, given)
    times = await _times(command, given)
    if not given.operands:
        await command.usage("missing file operand")
    for name in given.operands:
        await _touch(command, given, name, times, which)
    return command.status


async def _which(command: Command, given: Given) -> str:
    letters = "".join(found.name for found in given.found if found.name in "am")
    for text in given.values("time"):
        try:
            letters += command.choice(text, "--time", TIMES)
        except UsageError as error:
            await command.usage(error)
    return letters or "am"


async def _times(command: Command, given: Given) -> tuple[int, int]:
    """(access, modification) in microseconds."""
    sys = command.sys
    now = sys.clock()
    if given.has("t") + given.has("date") + given.has("reference") > 1 and (given.has("t") or not given.has("date")):
        await command.usage("cannot specify times from more than one source")
    if (reference := given.last("reference")) is not None:
        try:
            stat = sys.stat(reference)
        except SysError as error:
            await command.die(f"failed to get attributes of {command.file(reference)}", error)
        now, other = stat.atime, stat.mtime
    else:
        other = now
    if (text := given.last("date")) is not None:
        try:
            return parse_date(text, now), parse_date(text, other)
        except DateError:
            await command.die(f"invalid date format {command.q(text)}")
    if (text := given.last("t")) is not None:
        stamp = parse_stamp(text, now)
        if stamp is None:
            await command.die(f"invalid date format {command.q(text)}")
        return stamp, stamp
    return now, other


def parse_stamp(text: str, now: int) -> int | None:
    """[[CC]YY]MMDDhhmm[.ss] as microseconds since 1970."""
    from maillab.sim.kernel.calendar import gmtime, timegm

    main_part, dot, seconds = text.partition(".")
    if not main_part.isdigit() or len(main_part) not in (8, 10, 12) or (dot and not (len(seconds) == 2 and seconds.isdigit())):
        return None
    digits = [int(main_part[i : i + 2]) for i in range(0, len(main_part), 2)]
    month, day, hour, minute = digits[-4:]
    year = gmtime(now).year
    if len(digits) == 5:
        year = digits[0] + (2000 if digits[0] < 69 else 1900)
    elif len(digits) == 6:
        year = digits[0] * 100 + digits[1]
    second = int(seconds or 0)
    if not (1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60 and second < 61):
        return None
    return timegm(year, month, day, hour, minute, second)


async def _touch(command: Command, given: Given, name: str, times: tuple[int, int], which: str) -> None:
    sys = command.sys
    shown = command.file(name)
    if name == "-":
        return
    follow = not given.has("no-dereference")
    try:
        if not given.has("no-create") and follow:
            try:
                sys.close(sys.open(name, "cn"))
            except SysError as error:
                if error.name not in ("EISDIR", "EACCES", "EPERM", "ENXIO"):
                    raise
                if error.name in ("EACCES", "EPERM") and not sys.exists(name):
                    raise
        sys.utime(name, times[0] if "a" in which else None, times[1] if "m" in which else None, follow)
    except SysError as error:
        if given.has("no-create") and error.name == "ENOENT":
            return
        setting = given.has("no-create") or not follow or sys.exists(name)
        await command.complain(f"{'setting times of' if setting and error.name != 'EACCES' else 'cannot touch'} {shown}", error)
