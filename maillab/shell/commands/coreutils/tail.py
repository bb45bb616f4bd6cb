"""tail - output the last part of files

Usage: tail [OPTION]... [FILE]...
Print the last 10 lines of each FILE to standard output.
With more than one FILE, precede each with a header giving the file name.

With no FILE, or when FILE is -, read standard input.

Mandatory arguments to long options are mandatory for short options too.
  -c, --bytes=[+]NUM       output the last NUM bytes; or use -c +NUM to
                             output starting with byte NUM of each file
  -f, --follow[={name|descriptor}]
                           output appended data as the file grows;
                             an absent option argument means 'descriptor'
  -F                       same as --follow=name --retry
  -n, --lines=[+]NUM       output the last NUM lines, instead of the last 10;
                             or use -n +NUM to output starting with line NUM
      --max-unchanged-stats=N
                           with --follow=name, reopen a FILE which has not
                             changed size after N (default 5) iterations
                             to see if it has been unlinked or renamed
                             (this is the usual case of rotated log files);
                             with inotify, this option is rarely useful
      --pid=PID            with -f, terminate after process ID, PID dies
  -q, --quiet, --silent    never output headers giving file names
      --retry              keep trying to open a file if it is inaccessible
  -s, --sleep-interval=N   with -f, sleep for approximately N seconds
                             (default 1.0) between iterations;
                             with inotify and --pid=P, check process P at
                             least once every N seconds
  -v, --verbose            always output headers giving file names
  -z, --zero-terminated    line delimiter is NUL, not newline
      --help        display this help and exit
      --version     output version information and exit

NUM may have a multiplier suffix:
b 512, kB 1000, K 1024, MB 1000*1000, M 1024*1024,
GB 1000*1000*1000, G 1024*1024*1024, and so on for T, P, E, Z, Y.
Binary prefixes can be used, too: KiB=K, MiB=M, and so on.

With --follow (-f), tail defaults to following the file descriptor, which
means that even if a tail'ed file is renamed, tail will continue to track
its end.  This default behavior is not desirable when you really want to
track the actual name of the file, not the file descriptor (e.g., log
rotation).  Use --follow=name in that case.  That causes tail to track the
named file in a way that accommodates renaming, removal and creation.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.commands.coreutils._durations import parse_duration
from maillab.shell.commands.coreutils._follow import Follower
from maillab.shell.options import Given, UsageError, gnu
from maillab.shell.sizes import SizeError, parse_size

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/tail"}
AUTHORS = "Paul Rubin, David MacKenzie, Ian Lance Taylor,\nand Jim Meyering"
OPTIONS = gnu(
    "-c,--bytes= -f,--follow=? -n,--lines= --max-unchanged-stats= --pid= -q,--quiet,--silent --retry -s,--sleep-interval= -v,--verbose "
    "-z,--zero-terminated -F -0 -1 -2 -3 -4 -5 -6 -7 -8 -9"
)
_OBSOLETE = re.compile(r"([-+])(\d*)([bcl]?)(f?)")
FOLLOW = {"descriptor": "descriptor", "name": "name"}


@dataclass
class Wanted:
    """Which end of a file: `count` lines or bytes from its end, or (`from_start`) all from the count-th on."""

    unit: str
    count: int
    from_start: bool
    end: bytes


def modern(argv: list[str]) -> list[str]:
    """The obsolete first word `-5`, `-5f`, `+5`, `-5c` in today's spelling (with at most one file after it)."""
    if len(argv) < 2 or len(argv) > 3 + (argv[2:3] == ["--"]):
        return argv
    found = _OBSOLETE.fullmatch(argv[1])
    if not found or argv[1] in ("-", "+", "-f", "-c", "-b", "-l"):
        return argv
    if found[1] == "-" and not found[2]:
        return argv
    count = int(found[2] or "10") * (512 if found[3] == "b" else 1)
    words = [f"-{'n' if found[3] in ('', 'l') else 'c'}{found[1]}{count}"]
    return [argv[0], *words, *(["-f"] if found[4] else []), *argv[2:]]


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, modern(argv), __doc__, AUTHORS)
    command.cannot_open = "cannot open {file} for reading"
    command.cannot_read = "error reading {file}"
    given = await command.read(OPTIONS)
    wanted = await _wanted(command, given)
    follow = await _follow(command, given)
    retry = given.has("retry", "F")
    pid = await _pid(command, given)
    names = given.operands or ["-"]
    verbosity = given.latest("quiet", "verbose")
    headers = verbosity == "verbose" or (len(names) > 1 and verbosity is None)
    if follow == "name" and "-" in names:
        await command.die(f"cannot follow {command.file('-')} by name")
    if retry and not follow:
        await command.note("warning: --retry ignored; --retry is useful only when following")
    elif retry and follow == "descriptor":
        await command.note("warning: --retry only effective for the initial open")
    follower = Follower(command, headers, follow == "name", retry)
    for name in names:
        fd = await command.open(name)
        if fd is not None:
            await follower.title(name)
            if not await _show(command, fd, name, wanted):
                continue
        if follow and not (name == "-" and sys.fstat(0).kind in "ps"):
            await follower.add(name, fd)
        elif fd is not None:
            command.done(fd)
    if follow and follower.files:
        interval = parse_duration(given.last("sleep-interval", "1") or "")
        if interval is None:
            await command.die(f"invalid number of seconds: {command.q(given.last('sleep-interval') or '')}")
        await follower.follow(interval or 0.1, pid)
    return command.status


async def _wanted(command: Command, given: Given) -> Wanted:
    unit = given.latest("bytes", "lines") or "lines"
    text = given.last(unit, "10") or ""
    if digit := next((found.name for found in given.found if found.name.isdigit()), None):
        await command.usage(f"option used in invalid context -- {digit}")
    try:
        count = parse_size(text.removeprefix("-") if text.startswith("-") else text.removeprefix("+"), "bkKmMGTPEZY")
    except SizeError:
        await command.die(f"invalid number of {unit}: {command.q(text.removeprefix('-'))}")
    return Wanted(unit, count, text.startswith("+"), b"\0" if given.has("zero-terminated") else b"\n")


async def _follow(command: Command, given: Given) -> str:
    """Whether to follow, and what: the descriptor or the name."""
    follow = ""
    for found in given.found:
        if found.name == "F":
            follow = "name"
        elif found.name == "follow":
            try:
                follow = command.choice(found.value, "--follow", FOLLOW) if found.value is not None else "descriptor"
            except UsageError as error:
                await command.usage(error)
    return follow


async def _pid(command: Command, given: Given) -> int | None:
    text = given.last("pid")
    if text is None:
        return None
    if not text.isdigit():
        await command.die(f"invalid PID: {command.q(text)}")
    return int(text)


async def _show(command: Command, fd: int, name: str, wanted: Wanted) -> bool:
    """Print the end of one file; False when it cannot be read."""
    before = command.status
    if command.sys.fstat(fd).kind == "d":
        command.sys.close(fd)
        await command.complain(command.about(command.cannot_read, name) + ": Is a directory")
        return False
    if wanted.unit == "bytes":
        await _bytes(command, fd, name, wanted)
    elif wanted.from_start:
        skip = wanted.count - 1
        async for line in command.lines(fd, name, wanted.end):
            if skip > 0:
                skip -= 1
            else:
                await command.sys.stdout.write(line)
    else:
        held = deque([line async for line in command.lines(fd, name, wanted.end)], wanted.count)
        await command.sys.stdout.write(b"".join(held))
    return command.status == before


async def _bytes(command: Command, fd: int, name: str, wanted: Wanted) -> None:
    if command.sys.fstat(fd).kind == "-":
        size = command.sys.fstat(fd).size
        at = command.sys.lseek(fd, 0, 1)
        start = at + wanted.count - 1 if wanted.from_start else max(at, size - wanted.count)
        command.sys.lseek(fd, max(start, at))
        async for block in command.blocks(fd, name):
            await command.sys.stdout.write(block)
        return
    data = b"".join([block async for block in command.blocks(fd, name)])
    start = max(0, wanted.count - 1) if wanted.from_start else max(0, len(data) - wanted.count)
    await command.sys.stdout.write(data[start:])
