"""savelog - put a log file aside and keep a number of old ones

SYNOPSIS
    savelog [-m MODE] [-u USER] [-g GROUP] [-t] [-c CYCLE] [-p] [-C] [-l] [-r DIRECTORY] [-n] [-q] FILE...

DESCRIPTION
    FILE becomes FILE.0, FILE.0 becomes FILE.1.gz, and so on; the oldest of CYCLE (7) is removed. With -l nothing is compressed, with -t
    a new empty FILE is made, also with -m, -u and -g, whose mode and owner it then gets; -p keeps those of the old one; -n leaves empty
    files alone; -C removes all old ones.

BUGS
    -d -D -j -J -x are refused.
"""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

from maillab.shell.options import UsageError, posix
from maillab.sim.host.accounts import getgrnam, getpwnam
from maillab.sim.host.errno import SysError
from maillab.sim.kernel.calendar import strftime

if TYPE_CHECKING:
    from maillab.shell.options import Given
    from maillab.sim.host.process import Process

INSTALLED = {"debianutils": "/usr/bin/savelog"}

OPTIONS = posix("123456789m:u:g:c:r:CdD:tlpjJx:nq")
USAGE = """Usage: savelog [-m mode] [-u user] [-g group] [-t] [-c cycle] [-p]
             [-j] [-C] [-d] [-l] [-r rolldir] [-n] [-q] file ...
	-m mode	   - chmod log files to mode
	-u user	   - chown log files to user
	-g group   - chgrp log files to group
	-c cycle   - save cycle versions of the logfile (default: 7)
	-r rolldir - use rolldir instead of . to roll files
	-C	   - force cleanup of cycled logfiles
	-d	   - use standard date for rolling
	-D	   - override date format for -d
	-t	   - touch file
	-l	   - don't compress any log files (default: compress)
	-p         - preserve mode/user/group of original file
	-j         - use bzip2 instead of gzip
	-J         - use xz instead of gzip
	-1 .. -9   - compression strength or memory usage (default: 9, except for xz)
	-x script  - invoke script with rotated log file in $FILE
	-n         - do not rotate empty files
	-q         - suppress rotation message
	file 	   - log file names
"""


async def main(sys: Process, argv: list[str]) -> int:
    """savelog."""
    try:
        given = OPTIONS.parse(argv)
    except UsageError as error:
        letter = str(error).rpartition("'")[0][-1:]
        await sys.stderr.print(f"Illegal option -{letter}" if "invalid" in str(error) else f"No arg for -{letter} option")
        await sys.stdout.write(USAGE)
        return 1
    if given.has("d", "D", "j", "J", "x"):
        await sys.stderr.print("savelog: -d -D -j -J -x are not simulated")
        return 1
    cycle = given.last("c", "7") or ""
    if not given.operands or not cycle.isdigit():
        await sys.stdout.write(USAGE)
        return 1
    if int(cycle) < 2:
        await sys.stderr.print("Error: count must be at least 2")
        return 3
    status = 0
    for name in given.operands:
        try:
            await _rotate(sys, given, name, int(cycle))
        except SysError as error:
            await sys.stderr.print(f"savelog: {name}: {error}")
            status = 8
    return status


async def _rotate(sys: Process, given: Given, name: str, cycle: int) -> None:
    """One file."""
    if given.has("n") and not (sys.exists(name) and sys.stat(name).size):
        if given.has("t"):
            sys.close(sys.open(name, "a"))
        return
    folder, _, base = name.rpartition("/")
    rolled = f"{given.last('r') or folder or '.'}/{base}"
    old = sys.stat(name) if sys.exists(name) else None
    _age(sys, rolled, cycle, compress=not given.has("l"))
    if old is not None:
        sys.rename(name, f"{rolled}.0")
    else:
        sys.spew(f"{rolled}.0", b"")
    if given.has("t", "m", "u", "g", "p") and (given.has("t") or old is not None):
        sys.close(sys.open(name, "a"))
        _own(sys, given, name, old.mode & 0o7777 if old and given.has("p") else None)
        if old and given.has("p"):
            sys.chown(name, old.uid, old.gid)
    if not given.has("q"):
        await sys.stdout.print(f"Rotated `{name}' at {strftime('%a %b %e %H:%M:%S UTC %Y', sys.clock())}.")


def _own(sys: Process, given: Given, name: str, mode: int | None) -> None:
    text = given.last("m")
    if text is not None or mode is not None:
        sys.chmod(name, int(text, 8) if text is not None else mode or 0)
    user, group = getpwnam(sys, given.last("u") or ""), getgrnam(sys, given.last("g") or "")
    sys.chown(name, user.uid if user else -1, group.gid if group else -1)


def _age(sys: Process, rolled: str, cycle: int, *, compress: bool) -> None:
    """Move every kept one to the next number; compress what was number 0."""
    for number in range(cycle - 2, -1, -1):
        for suffix in ("", ".gz"):
            old = f"{rolled}.{number}{suffix}"
            if not sys.exists(old):
                continue
            new = f"{rolled}.{number + 1}{suffix}"
            sys.rename(old, new)
            if compress and not suffix:
                sys.spew(f"{new}.gz", gzip.compress(sys.slurp(new), 9, mtime=sys.clock() // 1_000_000))
                sys.unlink(new)
