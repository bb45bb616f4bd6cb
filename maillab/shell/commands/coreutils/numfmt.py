"""numfmt - Convert numbers from/to human-readable strings

Usage: numfmt [OPTION]... [NUMBER]...
Reformat NUMBER(s), or the numbers from standard input if none are specified.

Mandatory arguments to long options are mandatory for short options too.
      --debug          print warnings about invalid input
  -d, --delimiter=X    use X instead of whitespace for field delimiter
      --field=FIELDS   replace the numbers in these input fields (default=1);
                         see FIELDS below
      --format=FORMAT  use printf style floating-point FORMAT;
                         see FORMAT below for details
      --from=UNIT      auto-scale input numbers to UNITs; default is 'none';
                         see UNIT below
      --from-unit=N    specify the input unit size (instead of the default 1)
      --grouping       use locale-defined grouping of digits, e.g. 1,000,000
                         (which means it has no effect in the C/POSIX locale)
      --header[=N]     print (without converting) the first N header lines;
                         N defaults to 1 if not specified
      --invalid=MODE   failure mode for invalid numbers: MODE can be:
                         abort (default), fail, warn, ignore
      --padding=N      pad the output to N characters; positive N will
                         right-align; negative N will left-align;
                         padding is ignored if the output is wider than N;
                         the default is to automatically pad if a whitespace
                         is found
      --round=METHOD   use METHOD for rounding when scaling; METHOD can be:
                         up, down, from-zero (default), towards-zero, nearest
      --suffix=SUFFIX  add SUFFIX to output numbers, and accept optional
                         SUFFIX in input numbers
      --to=UNIT        auto-scale output numbers to UNITs; see UNIT below
      --to-unit=N      the output unit size (instead of the default 1)
  -z, --zero-terminated    line delimiter is NUL, not newline
      --help        display this help and exit
      --version     output version information and exit

UNIT options:
  none       no auto-scaling is done; suffixes will trigger an error
  auto       accept optional single/two letter suffix:
               1K = 1000,
               1Ki = 1024,
               1M = 1000000,
               1Mi = 1048576,
  si         accept optional single letter suffix:
               1K = 1000,
               1M = 1000000,
               ...
  iec        accept optional single letter suffix:
               1K = 1024,
               1M = 1048576,
               ...
  iec-i      accept optional two-letter suffix:
               1Ki = 1024,
               1Mi = 1048576,
               ...

FIELDS supports cut(1) style field ranges:
  N    N'th field, counted from 1
  N-   from N'th field, to end of line
  N-M  from N'th to M'th field (inclusive)
  -M   from first to M'th field (inclusive)
  -    all fields
Multiple fields/ranges can be separated with commas

FORMAT must be suitable for printing one floating-point argument '%f'.
Optional quote (%'f) will enable --grouping (if supported by current locale).
Optional width value (%10f) will pad output. Optional zero (%010f) width
will zero pad the number. Optional negative values (%-10f) will left align.
Optional precision (%.1f) will override the input determined precision.

Exit status is 0 if all input numbers were successfully converted.
By default, numfmt will stop at the first conversion error with exit status 2.
With --invalid='fail' a warning is printed for each conversion error
and the exit status is 2.  With --invalid='warn' each conversion error is
diagnosed, but the exit status is 0.  With --invalid='ignore' conversion
errors are not diagnosed and the exit status is 0.

Examples:
  $ numfmt --to=si 1000
            -> "1.0K"
  $ numfmt --to=iec 2048
           -> "2.0K"
  $ numfmt --to=iec-i 4096
           -> "4.0Ki"
  $ echo 1K | numfmt --from=si
           -> "1000"
  $ echo 1K | numfmt --from=iec
           -> "1024"
  $ df -B1 | numfmt --header --field 2-4 --to=si
  $ ls -l  | numfmt --header --field 5 --to=iec
  $ ls -lh | numfmt --header --field 5 --from=iec --padding=10
  $ ls -lh | numfmt --header --field 5 --from=iec --format %10f

BUGS
    --grouping has no effect, as in the C locale; --debug says nothing.
"""

from __future__ import annotations

import re
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.commands.coreutils._ranges import RangeError, Ranges, parse_ranges
from maillab.shell.options import Given, UsageError, gnu
from maillab.sim.host.stdio import decode

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/numfmt"}
AUTHORS = "Assaf Gordon"
SINCE = {"coreutils": (8, 21)}
OPTIONS = gnu(
    "--from= --from-unit= --to= --to-unit= --round= --padding= --suffix= --grouping -d,--delimiter= --field= --debug --header=? --format= "
    "--invalid= -z,--zero-terminated"
)
FROM = {"none": "none", "auto": "auto", "si": "si", "iec": "iec", "iec-i": "iec-i"}
TO = {"none": "none", "si": "si", "iec": "iec", "iec-i": "iec-i"}
ROUND = {"up": ROUND_UP, "down": ROUND_DOWN, "ceiling": ROUND_CEILING, "floor": ROUND_FLOOR, "from-zero": ROUND_UP,
         "towards-zero": ROUND_DOWN, "nearest": ROUND_HALF_UP}  # fmt: skip
INVALID = {"abort": "abort", "fail": "fail", "warn": "warn", "ignore": "ignore"}
UNITS = "KMGTPEZY"
_NUMBER = re.compile(r"(\s*)(-?\d+(?:\.\d+)?)(.*)", re.S)
_FORMAT = re.compile(r"((?:[^%]|%%)*)%(['0]*)(-?\d*)(?:\.(\d+))?f((?:[^%]|%%)*)", re.S)


class BadNumber(ValueError):
    """A number that is refused; the text is the sentence."""


class Converter:
    """How numbers are read and shown."""

    def __init__(self, command: Command, given: Given):
        self.quote = command.q
        self.source = command.choice(given.last("from", "none") or "", "--from", FROM)
        self.target = command.choice(given.last("to", "none") or "", "--to", TO)
        self.rounding = ROUND[command.choice(given.last("round", "from-zero") or "", "--round", {word: word for word in ROUND})]
        self.suffix = given.last("suffix") or ""
        self.padding = int(given.last("padding") or 0)
        self.from_unit = int(given.last("from-unit") or 1)
        self.to_unit = int(given.last("to-unit") or 1)
        self.form = _FORMAT.fullmatch(given.last("format") or "%f")

    def convert(self, text: str) -> str:
        """A number in its new clothes. Raises BadNumber."""
        value = self.read(text) * self.from_unit / self.to_unit
        assert self.form
        precision = int(self.form[4]) if self.form[4] else None
        body = self.show(value, precision) + self.suffix
        width = int(self.form[3] or 0) or self.padding
        if "0" in self.form[2] and width > 0:
            body = body.zfill(width)
        body = body.ljust(-width) if width < 0 else body.rjust(width)
        return self.form[1].replace("%%", "%") + body + self.form[5].replace("%%", "%")

    def read(self, text: str) -> Decimal:
        """The value of a number with its unit."""
        stem = text.removesuffix(self.suffix) if self.suffix else text
        found = _NUMBER.fullmatch(stem)
        if not found:
            raise BadNumber(f"invalid number: {self.quote(text)}")
        value, unit = Decimal(found[2]), found[3]
        if not unit:
            return value
        if self.source == "none":
            known = unit[0] in UNITS
            reason = "rejecting suffix in input" if known else "invalid suffix in input"
            raise BadNumber(f"{reason}: {self.quote(text)}" + (" (consider using --from)" if known else ""))
        letter, rest = unit[0], unit[1:]
        if letter not in UNITS or (rest and not (rest == "i" and self.source in ("auto", "iec-i"))):
            what = f"invalid suffix in input {self.quote(text)}"
            raise BadNumber(f"{what}: {self.quote(rest)}" if letter in UNITS else f"invalid suffix in input: {self.quote(text)}")
        if self.source == "iec-i" and rest != "i":
            raise BadNumber(f"missing 'i' suffix in input: {self.quote(text)} (e.g Ki/Mi/Gi)")
        base = 1000 if self.source == "si" or (self.source == "auto" and not rest) else 1024
        return value * Decimal(base) ** (UNITS.index(letter) + 1)

    def show(self, value: Decimal, precision: int | None) -> str:
        """A value as text, scaled when --to asks for it."""
        if self.target == "none":
            places = precision if precision is not None else max(0, -int(value.as_tuple().exponent))
            return f"{value.quantize(Decimal(1).scaleb(-places), self.rounding):f}"
        base = 1000 if self.target == "si" else 1024
        power = 0
        while abs(value) >= base and power < len(UNITS):
            value, power = value / base, power + 1
        places = precision if precision is not None else 1 if power and abs(value) < 10 else 0
        value = value.quantize(Decimal(1).scaleb(-places), self.rounding)
        if abs(value) >= base and power < len(UNITS):
            value, power = value / base, power + 1
            places = precision if precision is not None else 1
        elif precision is None and power and places and abs(value) >= 10:
            places = 0
        letter = UNITS[power - 1] if power else ""
        return f"{value:.{places}f}{letter}" + ("i" if self.target == "iec-i" and power else "")


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    invalid, fields = await _check(command, given)
    try:
        converter = Converter(command, given)
    except UsageError as error:
        await command.usage(error)
    end = "\0" if given.has("zero-terminated") else "\n"
    header = int(given.last("header") or 1) if given.has("header") else 0
    delimiter = given.last("delimiter")
    if given.operands:
        for word in given.operands:
            await sys.stdout.write(await _line(command, converter, word, fields, delimiter, invalid) + end)
        return command.status
    number = 0
    async for raw in command.lines(0, "-", end.encode()):
        number += 1
        line = decode(raw).removesuffix(end)
        shown = line if number <= header else await _line(command, converter, line, fields, delimiter, invalid)
        await sys.stdout.write(shown + end)
    return command.status


async def _check(command: Command, given: Given) -> tuple[str, Ranges]:
    """(what to do about bad numbers, which fields)."""
    command.trouble = 1
    for name in ("from-unit", "to-unit"):
        text = given.last(name)
        if text is not None and (not text.isdigit() or not int(text)):
            await command.die(f"invalid unit size: {command.q(text)}")
    padding = given.last("padding")
    if padding is not None and (not padding.removeprefix("-").isdigit() or not int(padding)):
        await command.die(f"invalid padding value {command.q(padding)}")
    form = given.last("format")
    if form is not None and not _FORMAT.fullmatch(form):
        what = "has no % directive" if "%" not in form.replace("%%", "") else "directive must be %[0]['][-][N][.][N]f"
        await command.die(f"format {command.q(form)} {what}" if "no %" in what else f"invalid format {command.q(form)}, {what}")
    if len(given.last("delimiter") or "x") > 1:
        await command.die("the delimiter must be a single character")
    header = given.last("header")
    if header is not None and (not header.isdigit() or not int(header)):
        await command.die(f"invalid header value {command.q(header)}")
    try:
        invalid = command.choice(given.last("invalid", "abort") or "", "--invalid", INVALID)
        return invalid, parse_ranges(given.last("field", "1") or "", "field", command.q)
    except UsageError as error:
        await command.usage(error)
    except RangeError as error:
        await command.usage(str(error))


async def _line(command: Command, converter: Converter, line: str, fields: Ranges, delimiter: str | None, invalid: str) -> str:
    """A line with the numbers in its fields converted."""
    parts = line.split(delimiter) if delimiter else re.findall(r"\s*\S+", line) or [line]
    out = []
    for number, part in enumerate(parts, 1):
        if number not in fields:
            out.append(part)
            continue
        word = part if delimiter else part.lstrip()
        blanks = part[: len(part) - len(word)]
        try:
            shown = converter.convert(word)
        except BadNumber as error:
            if invalid != "ignore":
                await command.note(str(error))
            if invalid == "abort":
                command.sys.exit(2)
            if invalid == "fail":
                command.status = 2
            shown = word
        if blanks and number > 1:
            blanks, shown = (blanks[:1], shown.rjust(len(part) - 1)) if len(blanks) > 1 else (blanks, shown)
        elif blanks:
            blanks, shown = "", shown.rjust(len(part))
        out.append(blanks + shown)
    return (delimiter or "").join(out)
