"""wc - print newline, word, and byte counts for each file

Usage: wc [OPTION]... [FILE]...
  or:  wc [OPTION]... --files0-from=F
Print newline, word, and byte counts for each FILE, and a total line if
more than one FILE is specified.  A word is a non-zero-length sequence of
printable characters delimited by white space.

With no FILE, or when FILE is -, read standard input.

The options below may be used to select which counts are printed, always in
the following order: newline, word, character, byte, maximum line length.
  -c, --bytes            print the byte counts
  -m, --chars            print the character counts
  -l, --lines            print the newline counts
      --files0-from=F    read input from the files specified by
                           NUL-terminated names in file F;
                           If F is - then read names from standard input
  -L, --max-line-length  print the maximum display width
  -w, --words            print the word counts
      --help        display this help and exit
      --version     output version information and exit
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.commands.coreutils._file_list import files_from
from maillab.shell.options import gnu
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/wc"}
AUTHORS = "Paul Rubin and David MacKenzie"
OPTIONS = gnu("-c,--bytes -m,--chars -l,--lines -w,--words --debug --files0-from= -L,--max-line-length")
ORDER = ("lines", "words", "chars", "bytes", "max-line-length")


@dataclass
class Counts:
    """What wc counts, in the order it prints."""

    lines: int = 0
    words: int = 0
    chars: int = 0
    bytes: int = 0
    longest: int = 0

    def add(self, other: Counts) -> None:
        """Into a total: sums, but the longest line."""
        self.lines += other.lines
        self.words += other.words
        self.chars += other.chars
        self.bytes += other.bytes
        self.longest = max(self.longest, other.longest)


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    shown = [given.has(name) for name in ORDER]
    if not any(shown):
        shown = [True, True, False, True, False]
    names: list[str | None] = [*await files_from(command, given)] or [None]
    width = _width(sys, names, sum(shown))
    total = Counts()
    for name in names:
        fd = await command.open(name or "-")
        if fd is None:
            continue
        counts = await _count(command, fd, name or "-", shown)
        command.done(fd)
        total.add(counts)
        await sys.stdout.write(_line(counts, shown, width, name))
    if len(names) > 1:
        await sys.stdout.write(_line(total, shown, width, "total"))
    return command.status


def _line(counts: Counts, shown: list[bool], width: int, name: str | None) -> str:
    numbers = [f"{number:{width}d}" for number, wanted in zip(astuple(counts), shown, strict=True) if wanted]
    return " ".join(numbers) + (f" {name}" if name is not None else "") + "\n"


def _width(sys: Process, names: list[str | None], columns: int) -> int:
    """The digits of the summed sizes; 7 as soon as one file is no plain file."""
    if len(names) == 1 and columns == 1:
        return 1
    least, total = 1, 0
    for name in names:
        try:
            stat = sys.fstat(0) if name in (None, "-") else sys.stat(str(name))
        except SysError:
            continue
        if stat.kind == "-":
            total += stat.size
        else:
            least = 7
    return max(least, len(str(total)))


async def _count(command: Command, fd: int, name: str, shown: list[bool]) -> Counts:
    counts = Counts()
    if shown == [False, False, False, True, False]:
        async for block in command.blocks(fd, name):
            counts.bytes += len(block)
        return counts
    in_word = False
    column = 0
    async for block in command.blocks(fd, name):
        counts.bytes += len(block)
        counts.lines += block.count(b"\n")
        counts.chars += sum(byte & 0xC0 != 0x80 for byte in block) if command.utf8 and shown[2] else len(block)
        if shown[1]:
            words = block.split()
            counts.words += len(words) - (in_word and not block[:1].isspace())
            in_word = not block[-1:].isspace()
        if shown[4]:
            column = _longest(counts, block, column, command.utf8)
    return counts


def _longest(counts: Counts, block: bytes, column: int, utf8: bool) -> int:
    """Follow the display column through a block; returns where it stands."""
    for byte in block:
        if byte in b"\n\r\f":
            column = 0
        elif byte == 9:
            column += 8 - column % 8
        elif 32 <= byte < 127 or (utf8 and byte >= 0xC0):
            column += 1
        counts.longest = max(counts.longest, column)
    return column
