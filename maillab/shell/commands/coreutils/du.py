"""du - estimate file space usage

Usage: du [OPTION]... [FILE]...
  or:  du [OPTION]... --files0-from=F
Summarize device usage of the set of FILEs, recursively for directories.

Mandatory arguments to long options are mandatory for short options too.
  -0, --null            end each output line with NUL, not newline
  -a, --all             write counts for all files, not just directories
      --apparent-size   print apparent sizes rather than device usage; although
                          the apparent size is usually smaller, it may be
                          larger due to holes in ('sparse') files, internal
                          fragmentation, indirect blocks, and the like
  -B, --block-size=SIZE  scale sizes by SIZE before printing them; e.g.,
                           '-BM' prints sizes in units of 1,048,576 bytes;
                           see SIZE format below
  -b, --bytes           equivalent to '--apparent-size --block-size=1'
  -c, --total           produce a grand total
  -D, --dereference-args  dereference only symlinks that are listed on the
                          command line
  -d, --max-depth=N     print the total for a directory (or file, with --all)
                          only if it is N or fewer levels below the command
                          line argument;  --max-depth=0 is the same as
                          --summarize
      --files0-from=F   summarize device usage of the
                          NUL-terminated file names specified in file F;
                          if F is -, then read names from standard input
  -H                    equivalent to --dereference-args (-D)
  -h, --human-readable  print sizes in human readable format (e.g., 1K 234M 2G)
      --inodes          list inode usage information instead of block usage
  -k                    like --block-size=1K
  -L, --dereference     dereference all symbolic links
  -l, --count-links     count sizes many times if hard linked
  -m                    like --block-size=1M
  -P, --no-dereference  don't follow any symbolic links (this is the default)
  -S, --separate-dirs   for directories do not include size of subdirectories
      --si              like -h, but use powers of 1000 not 1024
  -s, --summarize       display only a total for each argument
  -t, --threshold=SIZE  exclude entries smaller than SIZE if positive,
                          or entries greater than SIZE if negative
      --time            show time of the last modification of any file in the
                          directory, or any of its subdirectories
      --time=WORD       show time as WORD instead of modification time:
                          atime, access, use, ctime or status
      --time-style=STYLE  show times using STYLE, which can be:
                            full-iso, long-iso, iso, or +FORMAT;
                            FORMAT is interpreted like in 'date'
  -X, --exclude-from=FILE  exclude files that match any pattern in FILE
      --exclude=PATTERN    exclude files that match PATTERN
  -x, --one-file-system    skip directories on different file systems
      --help        display this help and exit
      --version     output version information and exit

Display values are in units of the first available SIZE from --block-size,
and the DU_BLOCK_SIZE, BLOCK_SIZE and BLOCKSIZE environment variables.
Otherwise, units default to 1024 bytes (or 512 if POSIXLY_CORRECT is set).

The SIZE argument is an integer and optional unit (example: 10K is 10*1024).
Units are K,M,G,T,P,E,Z,Y (powers of 1024) or KB,MB,... (powers of 1000).
Binary prefixes can be used, too: KiB=K, MiB=M, and so on.
"""

from __future__ import annotations

import fnmatch
from dataclasses import dataclass
from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.commands.coreutils._file_list import files_from
from maillab.shell.commands.coreutils._names import base_name, join
from maillab.shell.options import Given, UsageError, gnu
from maillab.shell.sizes import BlockSize, SizeError, parse_block_size, parse_size
from maillab.sim.host.errno import SysError
from maillab.sim.host.inode import Stat
from maillab.sim.kernel.calendar import strftime

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/du"}
AUTHORS = "Torbjorn Granlund, David MacKenzie, Paul Eggert,\nand Jim Meyering"
OPTIONS = gnu(
    "-a,--all --apparent-size -b,--bytes -B,--block-size= -c,--total -D,--dereference-args -H --exclude= -X,--exclude-from= --files0-from= "
    "-h,--human-readable --inodes --si -k -L,--dereference -l,--count-links -d,--max-depth= -m -0,--null -P,--no-dereference "
    "-x,--one-file-system -S,--separate-dirs -s,--summarize -t,--threshold= --time=? --time-style="
)
TIMES = {"atime": "atime", "access": "atime", "use": "atime", "ctime": "ctime", "status": "ctime"}
STYLES = {"full-iso": "%Y-%m-%d %H:%M:%S.%N %z", "long-iso": "%Y-%m-%d %H:%M", "iso": "%Y-%m-%d"}


@dataclass
class Usage:
    """What a file or a tree takes: bytes (or inodes), and its latest time."""

    size: int = 0
    when: int = 0

    def add(self, other: Usage) -> None:
        """Put one into the other."""
        self.size += other.size
        self.when = max(self.when, other.when)


class Meter:
    """One run of du."""

    def __init__(
        self,
        command: Command,
        given: Given,
        blocks: BlockSize,
        depth: int,
        time: tuple[str, str] | None,
        excluded: list[str],
        threshold: int,
    ):
        self.command = command
        self.sys = command.sys
        self.blocks = blocks
        self.depth = depth
        self.time = time
        self.excluded = excluded
        self.threshold = threshold
        self.all = given.has("all")
        self.apparent = given.has("apparent-size", "bytes")
        self.inodes = given.has("inodes")
        self.separate = given.has("separate-dirs")
        self.count_links = given.has("count-links")
        self.one_disk = given.has("one-file-system")
        self.follow = {"dereference": "always", "dereference-args": "operands", "H": "operands"}.get(
            given.latest("dereference", "dereference-args", "H", "no-dereference") or "", "never"
        )
        self.end = "\0" if given.has("null") else "\n"
        self.seen: set[tuple[int, int]] = set()

    async def operand(self, name: str) -> Usage | None:
        """Measure what the command line names."""
        try:
            stat = self.sys.lstat(name) if self.follow == "never" else self.sys.stat(name)
        except SysError as error:
            await self.command.complain(f"cannot access {self.command.file(name)}", error)
            return None
        if self._excluded(name):
            return None
        return await self._measure(name, stat, 0, stat.dev)

    def _excluded(self, path: str) -> bool:
        name = base_name(path)
        return any(fnmatch.fnmatchcase(name, pattern) or fnmatch.fnmatchcase(path, pattern) for pattern in self.excluded)

    def _own(self, stat: Stat) -> Usage:
        when = getattr(stat, self.time[0]) if self.time else 0
        if self.inodes:
            return Usage(1, when)
        return Usage(stat.size if self.apparent else stat.blocks * 512, when)

    async def _measure(self, path: str, stat: Stat, level: int, disk: int) -> Usage | None:
        identity = (stat.dev, stat.ino)
        if not self.count_links and (stat.nlink > 1 or stat.kind == "d" or level == 0):
            if identity in self.seen:
                return None
            self.seen.add(identity)
        usage = self._own(stat)
        below = Usage()
        if stat.kind == "d":
            await self._directory(path, level, disk, usage, below)
        total = Usage(usage.size, usage.when)
        total.add(below)
        shown = usage if self.separate else total
        if (stat.kind == "d" or self.all or level == 0) and level <= self.depth:
            await self.show(shown, path)
        return total

    async def _directory(self, path: str, level: int, disk: int, own: Usage, below: Usage) -> None:
        try:
            names = self.sys.listdir(path)
        except SysError as error:
            await self.command.complain(f"cannot read directory {self.command.file(path)}", error)
            return
        for name in names:
            inner = join(path, name)
            if self._excluded(inner):
                continue
            try:
                stat = self.sys.stat(inner) if self.follow == "always" else self.sys.lstat(inner)
            except SysError as error:
                await self.command.complain(f"cannot access {self.command.file(inner)}", error)
                continue
            if self.one_disk and stat.dev != disk:
                continue
            usage = await self._measure(inner, stat, level + 1, disk)
            if usage:
                (below if stat.kind == "d" else own).add(usage)

    async def show(self, usage: Usage, path: str) -> None:
        """One line."""
        if self.threshold and (usage.size < self.threshold if self.threshold > 0 else usage.size > -self.threshold):
            return
        number = str(usage.size) if self.inodes and not self.blocks.base else self.blocks.show(usage.size)
        stamp = f"{strftime(self.time[1], usage.when)}\t" if self.time else ""
        await self.sys.stdout.write(f"{number}\t{stamp}{path}{self.end}")


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    depth = await _depth(command, given)
    names = await files_from(command, given) or ["."]
    meter = Meter(
        command, given, await _blocks(command, given), depth, await _time(command, given), await _patterns(command, given),
        await _threshold(command, given),
    )  # fmt: skip
    total = Usage()
    for name in names:
        usage = await meter.operand(name)
        if usage:
            total.add(usage)
    if given.has("total"):
        await meter.show(total, "total")
    return command.status


async def _depth(command: Command, given: Given) -> int:
    text = given.last("max-depth")
    if text is not None and not text.isdigit():
        await command.complain(f"invalid maximum depth {command.q(text)}")
        await command.sys.stderr.write(f"Try '{command.program} --help' for more information.\n")
        command.sys.exit(1)
    if given.has("summarize"):
        if given.has("all"):
            await command.usage("cannot both summarize and show all entries")
        if text is not None and int(text) == 0:
            await command.note("warning: summarizing is the same as using --max-depth=0")
        elif text is not None:
            await command.usage(f"warning: summarizing conflicts with --max-depth={text}")
        return 0
    return int(text) if text is not None else 1 << 30


async def _blocks(command: Command, given: Given) -> BlockSize:
    blocks = BlockSize(1024)
    env = command.sys.env
    for text in (env.get("BLOCK_SIZE"), env.get("DU_BLOCK_SIZE")):
        if text:
            try:
                blocks = parse_block_size(text)
            except SizeError:
                continue
    for found in given.found:
        match found.name:
            case "bytes":
                blocks = BlockSize(1)
            case "k":
                blocks = BlockSize(1024)
            case "m":
                blocks = BlockSize(1 << 20)
            case "human-readable":
                blocks = BlockSize(1, 1024)
            case "si":
                blocks = BlockSize(1, 1000)
            case "block-size":
                try:
                    blocks = parse_block_size(found.value or "")
                except SizeError as error:
                    option = found.spelled if found.spelled.startswith("--") else "-B"
                    what = "invalid suffix in " if error.kind == "suffix" else "invalid "
                    await command.die(f"{what}{option} argument {command.q(found.value or '')}")
    return blocks


async def _time(command: Command, given: Given) -> tuple[str, str] | None:
    """(which time, format), None when times are not wanted."""
    if not given.has("time"):
        return None
    style = given.last("time-style") or command.sys.env.get("TIME_STYLE") or "long-iso"
    try:
        word = given.last("time")
        which = command.choice(word, "--time", TIMES) if word else "mtime"
        form = style[1:] if style.startswith("+") else command.choice(style, "time style", STYLES)
    except UsageError as error:
        await command.usage(error)
    return which, form


async def _patterns(command: Command, given: Given) -> list[str]:
    patterns = given.values("exclude")
    for name in given.values("exclude-from"):
        try:
            patterns += command.sys.slurp(name).decode("utf-8", "surrogateescape").split("\n")
        except SysError as error:
            await command.die(command.odd(name), error)
    return [pattern.removesuffix("/") for pattern in patterns if pattern]


async def _threshold(command: Command, given: Given) -> int:
    text = given.last("threshold")
    if text is None:
        return 0
    try:
        size = parse_size(text.removeprefix("-"))
    except SizeError:
        await command.die(f"invalid --threshold argument {command.q(text)}")
    if text.startswith("-") and size == 0:
        await command.die("invalid --threshold argument '-0'")
    return -size if text.startswith("-") else size
