r"""seq - print a sequence of numbers

Usage: seq [OPTION]... LAST
  or:  seq [OPTION]... FIRST LAST
  or:  seq [OPTION]... FIRST INCREMENT LAST
Print numbers from FIRST to LAST, in steps of INCREMENT.

Mandatory arguments to long options are mandatory for short options too.
  -f, --format=FORMAT      use printf style floating-point FORMAT
  -s, --separator=STRING   use STRING to separate numbers (default: \n)
  -w, --equal-width        equalize width by padding with leading zeroes
      --help        display this help and exit
      --version     output version information and exit

If FIRST or INCREMENT is omitted, it defaults to 1.  That is, an
omitted INCREMENT defaults to 1 even when LAST is smaller than FIRST.
The sequence of numbers ends when the sum of the current number and
INCREMENT would become greater than LAST.
FIRST, INCREMENT, and LAST are interpreted as floating point values.
INCREMENT is usually positive if FIRST is smaller than LAST, and
INCREMENT is usually negative if FIRST is greater than LAST.
INCREMENT must not be 0; none of FIRST, INCREMENT and LAST may be NaN.
FORMAT must be suitable for printing one argument of type 'double';
it defaults to %.PRECf if FIRST, INCREMENT, and LAST are all fixed point
decimal numbers with maximum precision PREC, and to %g otherwise.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.options import gnu

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/seq"}
AUTHORS = "Ulrich Drepper"
OPTIONS = gnu("-w,--equal-width -f,--format= -s,--separator=", permute=False)
_FORMAT = re.compile(r"((?:[^%]|%%)*)%([-+#0 ']*)(\d*)(?:\.(\d*))?L?([efgaEFGA])((?:[^%]|%%)*)", re.S)


async def main(sys: Process, argv: list[str]) -> int:
    cut = next((i for i, word in enumerate(argv[1:], 1) if re.fullmatch(r"-[\d.].*", word)), len(argv))
    cut = cut if _operand_at(argv, cut) else len(argv)
    command = Command(sys, argv[:cut], __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    words = given.operands + argv[cut:]
    await command.need_operand(words, 1, 3)
    form = given.last("format")
    if form is not None:
        await _check_format(command, form)
    if form is not None and given.has("equal-width"):
        await command.usage("format string may not be specified when printing equal width strings")
    numbers = []
    for word in words:
        number = parse_number(word)
        if number is None:
            if word.lower().lstrip("+-") == "nan":
                await command.usage(f"invalid 'not-a-number' argument: {command.q(word)}")
            await command.usage(f"invalid floating point argument: {command.q(word)}")
        numbers.append(number)
    first, step = Decimal(1), Decimal(1)
    if len(numbers) == 2:
        first = numbers[0]
    elif len(numbers) == 3:
        first, step = numbers[:2]
        if step == 0:
            await command.usage(f"invalid Zero increment value: {command.q(words[1])}")
    await _print(command, first, step, numbers[-1], form, given.last("separator", "\n") or "", given.has("equal-width"))
    return 0


def _operand_at(argv: list[str], at: int) -> bool:
    """Is the negative number at this place an operand (and not the argument of an option before it)?"""
    return not (at > 1 and argv[at - 1] in ("-s", "-f", "--separator", "--format"))


def parse_number(word: str) -> Decimal | None:
    """A number as strtold(3) reads it."""
    text = word.strip()
    try:
        if re.fullmatch(r"[-+]?0[xX][0-9a-fA-F]+", text):
            return Decimal(int(text, 16))
        value = Decimal(text)
    except (InvalidOperation, ValueError):
        return None
    return None if value.is_nan() or "_" in text else value


async def _check_format(command: Command, form: str) -> None:
    quoted = command.q(form)
    if "%" not in form.replace("%%", ""):
        await command.die(f"format {quoted} has no % directive")
    if not _FORMAT.fullmatch(form):
        rest = re.match(r"(?:[^%]|%%)*%[-+#0 ']*\d*(?:\.\d*)?L?(.?)(.*)", form, re.S)
        if rest and not rest[1]:
            await command.die(f"format {quoted} ends in %")
        if rest and rest[1] not in "efgaEFGA":
            await command.die(f"format {quoted} has unknown %{rest[1]} directive")
        await command.die(f"format {quoted} has too many % directives")


def _places(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


async def _print(command: Command, first: Decimal, step: Decimal, last: Decimal, form: str | None, between: str, equal: bool) -> None:
    places = max(_places(first), _places(step))
    width = 0
    if equal:
        places = max(places, _places(last)) if form is None else places
        final = first + (last - first) // step * step if last.is_finite() else last
        width = max(len(f"{value:.{places}f}") for value in (first, final if final.is_finite() else first, last))
    value, count = first, 0
    found = _FORMAT.fullmatch(form) if form is not None else None
    template = ""
    if found:
        precision = f".{found[4] or 0}" if found[4] is not None else ""
        template = f"{found[1]}%{found[2]}{found[3]}{precision}{found[5]}{found[6]}"
    while value <= last if step > 0 else value >= last:
        text = template % float(value) if found else f"{value:.{places}f}".zfill(width)
        await command.sys.stdout.write((between if count else "") + text)
        count += 1
        value = first + step * count
    if count:
        await command.sys.stdout.write("\n")
