"""sort - sort lines of text files

Usage: sort [OPTION]... [FILE]...
  or:  sort [OPTION]... --files0-from=F
Write sorted concatenation of all FILE(s) to standard output.

With no FILE, or when FILE is -, read standard input.

Mandatory arguments to long options are mandatory for short options too.
Ordering options:

  -b, --ignore-leading-blanks  ignore leading blanks
  -d, --dictionary-order      consider only blanks and alphanumeric characters
  -f, --ignore-case           fold lower case to upper case characters
  -g, --general-numeric-sort  compare according to general numerical value
  -i, --ignore-nonprinting    consider only printable characters
  -M, --month-sort            compare (unknown) < 'JAN' < ... < 'DEC'
  -h, --human-numeric-sort    compare human readable numbers (e.g., 2K 1G)
  -n, --numeric-sort          compare according to string numerical value
  -R, --random-sort           shuffle, but group identical keys.  See shuf(1)
      --random-source=FILE    get random bytes from FILE
  -r, --reverse               reverse the result of comparisons
      --sort=WORD             sort according to WORD:
                                general-numeric -g, human-numeric -h, month -M,
                                numeric -n, random -R, version -V
  -V, --version-sort          natural sort of (version) numbers within text

Other options:

      --batch-size=NMERGE   merge at most NMERGE inputs at once;
                            for more use temp files
  -c, --check, --check=diagnose-first  check for sorted input; do not sort
  -C, --check=quiet, --check=silent  like -c, but do not report first bad line
      --compress-program=PROG  compress temporaries with PROG;
                              decompress them with PROG -d
      --debug               annotate the part of the line used to sort,
                              and warn about questionable usage to stderr
      --files0-from=F       read input from the files specified by
                            NUL-terminated names in file F;
                            If F is - then read names from standard input
  -k, --key=KEYDEF          sort via a key; KEYDEF gives location and type
  -m, --merge               merge already sorted files; do not sort
  -o, --output=FILE         write result to FILE instead of standard output
  -s, --stable              stabilize sort by disabling last-resort comparison
  -S, --buffer-size=SIZE    use SIZE for main memory buffer
  -t, --field-separator=SEP  use SEP instead of non-blank to blank transition
  -T, --temporary-directory=DIR  use DIR for temporaries, not $TMPDIR or /tmp;
                              multiple options specify multiple directories
      --parallel=N          change the number of sorts run concurrently to N
  -u, --unique              with -c, check for strict ordering;
                              without -c, output only the first of an equal run
  -z, --zero-terminated     line delimiter is NUL, not newline
      --help        display this help and exit
      --version     output version information and exit

KEYDEF is F[.C][OPTS][,F[.C][OPTS]] for start and stop position, where F is a
field number and C a character position in the field; both are origin 1, and
the stop position defaults to the line's end.  If neither -t nor -b is in
effect, characters in a field are counted from the beginning of the preceding
whitespace.  OPTS is one or more single-letter ordering options [bdfgiMhnRrV],
which override global ordering options for that key.  If no key is given, use
the entire line as the key.  Use --debug to diagnose incorrect key usage.

SIZE may be followed by the following multiplicative suffixes:
% 1% of memory, b 1, K 1024 (default), and so on for M, G, T, P, E, Z, Y.

*** WARNING ***
The locale specified by the environment affects sort order.
Set LC_ALL=C to get the traditional sort order that uses
native byte values.
"""

from __future__ import annotations

from functools import cmp_to_key
from heapq import merge
from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.commands.coreutils._file_list import files_from
from maillab.shell.commands.coreutils._sort_keys import Comparison, KeyError_, comparison
from maillab.shell.options import Given, UsageError, gnu
from maillab.sim.host.errno import SysError
from maillab.sim.host.stdio import encode

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/sort"}
AUTHORS = "Mike Haertel and Paul Eggert"
OPTIONS = gnu(
    "-b,--ignore-leading-blanks --check=? -c -C --compress-program= --debug -d,--dictionary-order -f,--ignore-case --files0-from= "
    "-g,--general-numeric-sort -i,--ignore-nonprinting -k,--key= -m,--merge -M,--month-sort -n,--numeric-sort -h,--human-numeric-sort "
    "-V,--version-sort --random-source= -R,--random-sort --sort= -o,--output= -r,--reverse -s,--stable --batch-size= -S,--buffer-size= "
    "-t,--field-separator= -T,--temporary-directory= -u,--unique -z,--zero-terminated --parallel= -y="
)
LETTERS = {
    "ignore-leading-blanks": "b", "dictionary-order": "d", "ignore-case": "f", "general-numeric-sort": "g", "ignore-nonprinting": "i",
    "month-sort": "M", "numeric-sort": "n", "human-numeric-sort": "h", "version-sort": "V", "random-sort": "R", "reverse": "r",
}  # fmt: skip
SORT_WORDS = {"general-numeric": "g", "human-numeric": "h", "month": "M", "numeric": "n", "random": "R", "version": "V"}
CHECK_WORDS = {"quiet": "C", "silent": "C", "diagnose-first": "c"}


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS, trouble=2)
    command.cannot_open = "cannot read: {odd}"
    command.cannot_read = "read failed: {odd}"
    given = await command.read(OPTIONS)
    ordering = await _global_letters(command, given)
    check = await _check(command, given)
    separator = await _separator(command, given)
    names = await files_from(command, given) or ["-"]
    if check and len(names) > 1:
        await command.die(f"extra operand {command.q(names[1])} not allowed with -{check}")
    if check and given.has("output"):
        await command.die(f"options '-{check}o' are incompatible")
    try:
        compare = comparison(
            ordering, given.values("key"), separator, given.has("stable"), given.has("unique"), command.q,
            lambda: sys.random.randrange(1 << 30),
        )  # fmt: skip
    except KeyError_ as error:
        await command.die(str(error))
    end = b"\0" if given.has("zero-terminated") else b"\n"
    if check:
        return await _in_order(command, names[0], compare, end, check == "c", given.has("unique"))
    if given.has("merge"):
        files = [await _read(command, [name], end) for name in names]
        lines = _unique(list(merge(*files, key=cmp_to_key(compare))), compare, given.has("unique"))
    else:
        lines = arrange(await _read(command, names, end), compare, given.has("unique"))
    await _write(command, given.last("output"), lines, end)
    return command.status


async def _global_letters(command: Command, given: Given) -> str:
    letters = ""
    for found in given.found:
        if found.name == "sort":
            try:
                letters += command.choice(found.value or "", "--sort", SORT_WORDS)
            except UsageError as error:
                await command.usage(error, 1)
        letters += LETTERS.get(found.name, "")
    return letters


async def _check(command: Command, given: Given) -> str:
    """`c` to report the first line out of order, `C` to be quiet about it, "" to sort."""
    kinds = [f for f in given.found if f.name in ("c", "C", "check")]
    letters = []
    for found in kinds:
        try:
            letters.append(
                command.choice(found.value, "--check", CHECK_WORDS) if found.value else "c" if found.name == "check" else found.name
            )
        except UsageError as error:
            await command.usage(error, 1)
    if len(set(letters)) > 1:
        await command.die("options '-cC' are incompatible")
    return letters[-1] if letters else ""


async def _separator(command: Command, given: Given) -> bytes:
    """The byte of -t; b"" when fields are separated by the change from non-blank to blank."""
    separator = b""
    for text in given.values("field-separator"):
        new = b"\0" if text == "\\0" else encode(text)
        if not new:
            await command.die("empty tab")
        if len(new) > 1:
            await command.die(f"multi-character tab {command.q(text)}")
        if separator and separator != new:
            await command.die("incompatible tabs")
        separator = new
    return separator


async def _read(command: Command, names: list[str], end: bytes) -> list[bytes]:
    """All lines without their ends; ends the program when a file cannot be read."""
    lines: list[bytes] = []
    for name in names:
        fd = await command.open(name)
        if fd is None:
            command.sys.exit(2)
        lines += [line.removesuffix(end) async for line in command.lines(fd, name, end)]
        if command.status:
            command.sys.exit(2)
        command.done(fd)
    return lines


def arrange(lines: list[bytes], compare: Comparison, unique: bool) -> list[bytes]:
    """Sorted; `unique` keeps the first of those that compare equal."""
    if compare.plain:
        return sorted({*lines} if unique else lines, reverse=compare.plain_reverse)
    return _unique(sorted(lines, key=cmp_to_key(compare)), compare, unique)


def _unique(ordered: list[bytes], compare: Comparison, unique: bool) -> list[bytes]:
    if not unique:
        return ordered
    return [line for i, line in enumerate(ordered) if i == 0 or compare(ordered[i - 1], line) != 0]


async def _write(command: Command, output: str | None, lines: list[bytes], end: bytes) -> None:
    sys = command.sys
    if output is not None:
        try:
            fd = sys.open(output, "w")
        except SysError as error:
            await command.die(f"open failed: {command.odd(output)}", error)
        sys.dup2(fd, 1)
        sys.close(fd)
    for line in lines:
        await sys.stdout.write(line + end)


async def _in_order(command: Command, name: str, compare: Comparison, end: bytes, diagnose: bool, unique: bool) -> int:
    fd = await command.open(name)
    if fd is None:
        return 2
    before: bytes | None = None
    number = 0
    async for line in command.lines(fd, name, end):
        line = line.removesuffix(end)
        number += 1
        if before is not None and (compare(before, line) >= (0 if unique else 1)):
            if diagnose:
                await command.sys.stderr.write(f"{command.program}: {name}:{number}: disorder: ".encode() + line + b"\n")
            return 1
        before = line
    return 0
