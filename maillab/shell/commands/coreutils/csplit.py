"""csplit - split a file into sections determined by context lines

Usage: csplit [OPTION]... FILE PATTERN...
Output pieces of FILE separated by PATTERN(s) to files 'xx00', 'xx01', ...,
and output byte counts of each piece to standard output.

Read standard input if FILE is -

Mandatory arguments to long options are mandatory for short options too.
  -b, --suffix-format=FORMAT  use sprintf FORMAT instead of %02d
  -f, --prefix=PREFIX        use PREFIX instead of 'xx'
  -k, --keep-files           do not remove output files on errors
      --suppress-matched     suppress the lines matching PATTERN
  -n, --digits=DIGITS        use specified number of digits instead of 2
  -s, --quiet, --silent      do not print counts of output file sizes
  -z, --elide-empty-files    remove empty output files
      --help        display this help and exit
      --version     output version information and exit

Each PATTERN may be:
  INTEGER            copy up to but not including specified line number
  /REGEXP/[OFFSET]   copy up to but not including a matching line
  %REGEXP%[OFFSET]   skip to, but not including a matching line
  {INTEGER}          repeat the previous pattern specified number of times
  {*}                repeat the previous pattern as many times as possible

A line OFFSET is an integer optionally preceded by '+' or '-'
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.options import Given, gnu
from maillab.sim.host import posix_regex
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/csplit"}
AUTHORS = "Stuart Kemp and David MacKenzie"
OPTIONS = gnu("-b,--suffix-format= -f,--prefix= -k,--keep-files --suppress-matched -n,--digits= -s,--quiet,--silent -z,--elide-empty-files")
_PATTERN = re.compile(r"([/%])(.*)\1([-+]?\d+)?", re.S)
_REPEAT = re.compile(r"\{(\d+|\*)\}")


class Splitter:
    """One run of csplit over the lines of a file."""

    def __init__(self, command: Command, given: Given, lines: list[bytes]):
        self.command = command
        self.sys = command.sys
        self.lines = lines
        self.at = 0
        self.searched = 0
        self.made: list[str] = []
        self.prefix = given.last("prefix") or "xx"
        self.suffix = given.last("suffix-format") or f"%0{given.last('digits') or 2}d"
        self.quiet = given.has("quiet")
        self.elide = given.has("elide-empty-files")
        self.keep = given.has("keep-files")
        self.suppress = given.has("suppress-matched")

    async def give_up(self, message: str) -> None:
        """Complain, remove what was made (unless -k), and end."""
        await self.command.note(message)
        for name in [] if self.keep else self.made:
            self.sys.unlink(name)
        self.sys.exit(1)

    async def put(self, stop: int) -> None:
        """The lines up to here into the next file."""
        data = b"".join(self.lines[self.at : stop])
        self.at = max(self.at, stop)
        if not data and self.elide:
            return
        name = self.prefix + self.suffix % len(self.made)
        try:
            self.sys.spew(name, data)
        except SysError as error:
            await self.command.die(self.command.odd(name), error)
        self.made.append(name)
        if not self.quiet:
            await self.sys.stdout.print(len(data))

    async def to_line(self, number: int, word: str, again: int | None) -> None:
        """Everything before a line."""
        if number - 1 > len(self.lines) or (number > len(self.lines) and self.at >= len(self.lines)):
            await self.put(len(self.lines))
            tail = f" on repetition {again}" if again else ""
            await self.give_up(f"{self.command.q(word)}: line number out of range{tail}")
        await self.put(number - 1)
        if self.suppress:
            self.at += 1

    async def to_match(self, found: re.Match[str], word: str, again: int | None, endless: bool, begin: int) -> bool:
        """Everything before a matching line (`%`: skipped); False when an endless repetition is over."""
        offset = int(found[3] or 0)
        try:
            regex = posix_regex.compile(found[2])
        except posix_regex.RegexError as error:
            await self.give_up(f"{self.command.q(word)}: invalid regular expression: {error}")
        hit = next((i for i in range(begin, len(self.lines)) if regex.search(_text(self.lines[i])) is not None), None)
        if hit is None:
            if endless:
                return False
            if found[1] == "/":
                await self.put(len(self.lines))
            tail = f" on repetition {again}" if again else ""
            await self.give_up(f"{self.command.q(word)}: match not found{tail}")
            return False
        self.searched = hit + 1
        stop = hit + offset
        if not self.at <= stop <= len(self.lines):
            await self.give_up(f"{self.command.q(word)}: line number out of range")
        if found[1] == "%":
            self.at = stop
        else:
            await self.put(stop)
        if self.suppress:
            self.at += 1
        return True


def _text(line: bytes) -> str:
    return line.removesuffix(b"\n").decode("latin-1")


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    command.cannot_open = "cannot open {file} for reading"
    given = await command.read(OPTIONS)
    digits = given.last("digits", "2") or ""
    if not digits.isdigit():
        await command.die(f"invalid number: {command.q(digits)}")
    if len(given.operands) < 2:
        await command.need_operand(given.operands, 2)
    controls = await _controls(command, given.operands[1:])
    fd = await command.open(given.operands[0])
    if fd is None:
        return 1
    lines = [line async for line in command.lines(fd, given.operands[0])]
    splitter = Splitter(command, given, lines)
    for word, pattern, repeat in controls:
        await _control(splitter, word, pattern, repeat)
    await splitter.put(len(lines))
    return command.status


async def _controls(command: Command, words: list[str]) -> list[tuple[str, re.Match[str] | int, int | None]]:
    """(as written, pattern or line number, repetitions: None for as often as possible)."""
    controls: list[tuple[str, re.Match[str] | int, int | None]] = []
    last = 0
    for word in words:
        if again := _REPEAT.fullmatch(word):
            if not controls:
                await command.die(f"{command.q(word)}: invalid pattern")
            before = controls[-1]
            controls[-1] = (before[0], before[1], None if again[1] == "*" else int(again[1]))
        elif found := _PATTERN.fullmatch(word):
            controls.append((word, found, 0))
        elif word.isdigit():
            if not int(word):
                await command.die(f"{word}: line number must be greater than zero")
            if int(word) < last:
                await command.die(f"line number {command.q(word)} is smaller than preceding line number, {last}")
            last = int(word)
            controls.append((word, last, 0))
        elif word[:1] in ("/", "%"):
            await command.die(f"{word}: closing delimiter '{word[0]}' missing")
        else:
            await command.die(f"{command.q(word)}: invalid pattern")
    return controls


async def _control(splitter: Splitter, word: str, pattern: re.Match[str] | int, repeat: int | None) -> None:
    again = 0
    while repeat is None or again <= repeat:
        if isinstance(pattern, int):
            number = pattern * (again + 1)
            if repeat is None and number > len(splitter.lines):
                return
            await splitter.to_line(number, word, again)
        else:
            begin = max(splitter.at + (1 if splitter.at and not splitter.suppress else 0), splitter.searched)
            if not await splitter.to_match(pattern, word, again, repeat is None, begin):
                return
        again += 1
