"""join - join lines of two files on a common field

Usage: join [OPTION]... FILE1 FILE2
For each pair of input lines with identical join fields, write a line to
standard output.  The default join field is the first, delimited by blanks.

When FILE1 or FILE2 (not both) is -, read standard input.

  -a FILENUM             also print unpairable lines from file FILENUM, where
                           FILENUM is 1 or 2, corresponding to FILE1 or FILE2
  -e STRING              replace missing (empty) input fields with STRING;
                           I.e., missing fields specified with '-12jo' options
  -i, --ignore-case      ignore differences in case when comparing fields
  -j FIELD               equivalent to '-1 FIELD -2 FIELD'
  -o FORMAT              obey FORMAT while constructing output line
  -t CHAR                use CHAR as input and output field separator
  -v FILENUM             like -a FILENUM, but suppress joined output lines
  -1 FIELD               join on this FIELD of file 1
  -2 FIELD               join on this FIELD of file 2
      --check-order      check that the input is correctly sorted, even
                           if all input lines are pairable
      --nocheck-order    do not check that the input is correctly sorted
      --header           treat the first line in each file as field headers,
                           print them without trying to pair them
  -z, --zero-terminated  line delimiter is NUL, not newline
      --help        display this help and exit
      --version     output version information and exit

Unless -t CHAR is given, leading blanks separate fields and are ignored,
else fields are separated by CHAR.  Any FIELD is a field number counted
from 1.  FORMAT is one or more comma or blank separated specifications,
each being 'FILENUM.FIELD' or '0'.  Default FORMAT outputs the join field,
the remaining fields from FILE1, the remaining fields from FILE2, all
separated by CHAR.  If FORMAT is the keyword 'auto', then the first
line of each file determines the number of fields output for each line.

Important: FILE1 and FILE2 must be sorted on the join fields.
E.g., use "sort -k 1b,1" if 'join' has no options,
or use "join -t ''" if 'sort' has no options.
Note, comparisons honor the rules specified by 'LC_COLLATE'.
If the input is not sorted and some lines cannot be joined, a
warning message will be given.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.options import Given, Options, gnu
from maillab.sim.host.stdio import Input, encode

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/join"}
AUTHORS = "Mike Haertel"
OPTIONS: Options = gnu("-i,--ignore-case --check-order --nocheck-order -z,--zero-terminated --header -a= -e= -1= -2= -j= -o= -t= -v=")


class Side:
    """One file: its current group of lines with equal keys, as lists of fields."""

    def __init__(
        self, command: Command, source: Input, number: int, field: int, split: Callable[[bytes], list[bytes]], fold: bool, end: bytes
    ):
        self.command = command
        self.source = source
        self.number = number
        self.field = field
        self.split = split
        self.fold = fold
        self.end = end
        self.next: list[bytes] | None = None
        self.count = 0
        self.told = False
        self.name = ""

    def key(self, fields: list[bytes]) -> bytes:
        """The join field."""
        value = fields[self.field] if self.field < len(fields) else b""
        return value.lower() if self.fold else value

    async def line(self, check: str) -> list[bytes] | None:
        """Take the current line and read the next; says when it is out of order (`check`: "", warn or strict)."""
        current = self.next
        text = await self.source.readline(separator=self.end)
        self.next = self.split(text.removesuffix(self.end)) if text else None
        self.count += bool(text)
        if check and current is not None and self.next is not None and not self.told and self.key(self.next) < self.key(current):
            self.told = True
            shown = text.removesuffix(self.end).decode("utf-8", "surrogateescape")
            message = f"{self.command.odd(self.name)}:{self.count}: is not sorted: {shown}"
            await self.command.complain(message)
            if check == "strict":
                self.command.sys.exit(1)
        return current


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    await command.need_operand(given.operands, 2, 2)
    if given.operands == ["-", "-"]:
        await command.die("both files cannot be standard input")
    fields = [await _field(command, given, number) for number in ("1", "2")]
    separator = await _separator(command, given)
    end = b"\0" if given.has("zero-terminated") else b"\n"

    def split(line: bytes) -> list[bytes]:
        if separator is None:
            return line.split()
        return [line] if separator == b"" else line.split(separator)

    sides = []
    for number, name in enumerate(given.operands, 1):
        fd = await command.open(name)
        if fd is None:
            return 1
        side = Side(command, Input(sys, fd) if fd else sys.stdin, number, fields[number - 1], split, given.has("ignore-case"), end)
        side.name = name
        sides.append(side)
    layout = await _layout(command, given, sides)
    unpaired = [await _file_number(command, value) for value in given.values("a") + given.values("v")]
    printer = Printer(command, layout, separator if separator else b" ", encode(given.last("e") or ""), sides, end)
    check = "strict" if given.has("check-order") else "" if given.has("nocheck-order") else "warn"
    await _join(command, sides[0], sides[1], printer, unpaired, not given.has("v"), check, given.has("header"))
    if command.status and check == "warn":
        await command.note("input is not in sorted order")
    return command.status


async def _field(command: Command, given: Given, number: str) -> int:
    text = given.last(number) or given.last("j") or "1"
    if not text.isdigit() or int(text) == 0:
        await command.die(f"invalid field number: {command.q(text)}")
    return int(text) - 1


async def _file_number(command: Command, text: str) -> int:
    if text not in ("1", "2"):
        await command.die(f"invalid field number: {command.q(text)}")
    return int(text)


async def _separator(command: Command, given: Given) -> bytes | None:
    text = given.last("t")
    if text is None:
        return None
    data = b"\0" if text == "\\0" else encode(text)
    if len(data) > 1:
        await command.die(f"multi-character tab {command.q(text)}")
    return data


async def _layout(command: Command, given: Given, sides: list[Side]) -> list[tuple[int, int]] | str:
    """The columns of -o as (file, field), (0, 0) the join field; "auto"; or "" for the usual layout."""
    specs = [spec for value in given.values("o") for spec in re.split(r"[, \t]+", value)]
    if specs == ["auto"]:
        return "auto"
    layout = []
    for spec in specs:
        if spec == "0":
            layout.append((0, 0))
            continue
        found = re.fullmatch(r"([12])\.(\d+)", spec)
        if not found or int(found[2]) == 0:
            if not re.match(r"[012]", spec):
                await command.die(f"invalid file number in field spec: {command.q(spec)}")
            await command.die(
                f"invalid field specifier: {command.q(spec)}" if not found else f"invalid field number: {command.q(found[2])}"
            )
        layout.append((int(found[1]), int(found[2]) - 1))
    return layout or ""


class Printer:
    """Writes joined lines."""

    def __init__(self, command: Command, layout: list[tuple[int, int]] | str, joint: bytes, empty: bytes, sides: list[Side], end: bytes):
        self.out = command.sys.stdout
        self.layout = layout
        self.joint = joint
        self.empty = empty
        self.sides = sides
        self.end = end
        self.widths = [0, 0]

    async def write(self, one: list[bytes] | None, two: list[bytes] | None) -> None:
        """One output line of a line of each file, or of only one."""
        lines = (one, two)
        some = 0 if one is not None else 1
        field = self.sides[some].field
        known = lines[some] or []
        key = known[field] if field < len(known) else b""
        if isinstance(self.layout, list):
            values = [self._value(lines, file, at, key) for file, at in self.layout]
        else:
            values = [key or self.empty]
            for number, line in enumerate(lines):
                values += self._rest(number, line)
        await self.out.write(self.joint.join(values) + self.end)

    def _value(self, lines: tuple[list[bytes] | None, list[bytes] | None], file: int, at: int, key: bytes) -> bytes:
        if file == 0:
            return key or self.empty
        line = lines[file - 1]
        return (line[at] if line is not None and at < len(line) else b"") or self.empty

    def _rest(self, number: int, line: list[bytes] | None) -> list[bytes]:
        field = self.sides[number].field
        if self.layout == "auto":
            line = (line or []) + [b""] * self.widths[number]
            line = line[: self.widths[number]]
        return [value or self.empty for at, value in enumerate(line or []) if at != field]


async def _join(
    command: Command, one: Side, two: Side, printer: Printer, unpaired: list[int], pairs: bool, check: str, header: bool
) -> None:
    await one.line("")
    await two.line("")
    printer.widths = [len(side.next or []) for side in (one, two)]
    if header and (one.next is not None or two.next is not None):
        first, second = await one.line(""), await two.line("")
        await printer.write(first, second)
    seen = False
    while one.next is not None and two.next is not None:
        now = check if check == "strict" or seen else ""
        a, b = one.key(one.next), two.key(two.next)
        if a < b:
            line = await one.line(now)
            seen = True
            if 1 in unpaired:
                await printer.write(line, None)
        elif b < a:
            line = await two.line(now)
            seen = True
            if 2 in unpaired:
                await printer.write(None, line)
        else:
            left, right = await _group(one, now), await _group(two, now)
            for x in left if pairs else []:
                for y in right:
                    await printer.write(x, y)
    for side in (one, two):
        while side.next is not None and (side.number in unpaired or check):
            line = await side.line(check)
            if side.number in unpaired:
                await (printer.write(line, None) if side is one else printer.write(None, line))


async def _group(side: Side, check: str) -> list[list[bytes]]:
    """All lines with the key of the current one."""
    assert side.next is not None
    key = side.key(side.next)
    lines: list[list[bytes]] = []
    while side.next is not None and side.key(side.next) == key:
        line = await side.line(check)
        assert line is not None
        lines.append(line)
    return lines
