"""comm - compare two sorted files line by line

Usage: comm [OPTION]... FILE1 FILE2
Compare sorted files FILE1 and FILE2 line by line.

When FILE1 or FILE2 (not both) is -, read standard input.

With no options, produce three-column output.  Column one contains
lines unique to FILE1, column two contains lines unique to FILE2,
and column three contains lines common to both files.

  -1                      suppress column 1 (lines unique to FILE1)
  -2                      suppress column 2 (lines unique to FILE2)
  -3                      suppress column 3 (lines that appear in both files)

      --check-order       check that the input is correctly sorted, even
                            if all input lines are pairable
      --nocheck-order     do not check that the input is correctly sorted
      --output-delimiter=STR  separate columns with STR
      --total             output a summary
  -z, --zero-terminated   line delimiter is NUL, not newline
      --help        display this help and exit
      --version     output version information and exit

Note, comparisons honor the rules specified by 'LC_COLLATE'.

Examples:
  comm -12 file1 file2  Print only lines present in both file1 and file2.
  comm -3 file1 file2  Print lines in file1 not in file2, and vice versa.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.options import gnu
from maillab.sim.host.stdio import Input, encode

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/comm"}
AUTHORS = "Richard M. Stallman and David MacKenzie"
OPTIONS = gnu("-1 -2 -3 --check-order --nocheck-order --output-delimiter= --total -z,--zero-terminated")


class Side:
    """One of the two files: its lines in turn, and whether they are in order."""

    def __init__(self, command: Command, source: Input, number: int, end: bytes):
        self.command = command
        self.source = source
        self.number = number
        self.end = end
        self.line: bytes | None = None
        self.told = False

    async def advance(self, check: str) -> None:
        """The next line; says once when it sorts before the last (`check` strict: and ends the program)."""
        line = await self.source.readline(separator=self.end)
        before, self.line = self.line, line.removesuffix(self.end) if line else None
        if check and not self.told and before is not None and self.line is not None and self.line < before:
            self.told = True
            await self.command.complain(f"file {self.number} is not in sorted order")
            if check == "strict":
                self.command.sys.exit(1)


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    await command.need_operand(given.operands, 2, 2)
    end = b"\0" if given.has("zero-terminated") else b"\n"
    delimiter = encode(given.last("output-delimiter", "\t") or "\0")
    sides = []
    for number, name in enumerate(given.operands, 1):
        fd = await command.open(name)
        if fd is None:
            return 1
        sides.append(Side(command, Input(sys, fd) if fd else sys.stdin, number, end))
    strict = "strict" if given.has("check-order") else ""
    prefixes = [b"", b"" if given.has("1") else delimiter]
    prefixes.append((b"" if given.has("1") else delimiter) + (b"" if given.has("2") else delimiter))
    totals = [0, 0, 0]
    await _merge(command, sides[0], sides[1], strict, "" if given.has("nocheck-order") else strict or "warn", totals, [
        None if given.has(str(column)) else prefixes[column - 1] for column in (1, 2, 3)
    ])  # fmt: skip
    if given.has("total"):
        await sys.stdout.write(b"%d%b%d%b%d%btotal%b" % (totals[0], delimiter, totals[1], delimiter, totals[2], delimiter, end))
    if command.status and not strict:
        await command.note("input is not in sorted order")
    return command.status


async def _merge(command: Command, one: Side, two: Side, strict: str, check: str, totals: list[int], prefixes: list[bytes | None]) -> None:
    """Print the lines in their columns; order is checked (unless strict) only once something is unpairable."""
    await one.advance(strict)
    await two.advance(strict)
    unpaired = False
    while one.line is not None or two.line is not None:
        if two.line is None or (one.line is not None and one.line < two.line):
            column, line = 0, one.line
        elif one.line is None or two.line < one.line:
            column, line = 1, two.line
        else:
            column, line = 2, one.line
        unpaired = unpaired or column < 2
        totals[column] += 1
        prefix = prefixes[column]
        if prefix is not None:
            await command.sys.stdout.write(prefix + (line or b"") + one.end)
        now = check if unpaired else strict
        if column != 1:
            await one.advance(now)
        if column != 0:
            await two.advance(now)
