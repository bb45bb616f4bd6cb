r"""tr - translate or delete characters

Usage: tr [OPTION]... STRING1 [STRING2]
Translate, squeeze, and/or delete characters from standard input,
writing to standard output.  STRING1 and STRING2 specify arrays of
characters ARRAY1 and ARRAY2 that control the action.

  -c, -C, --complement    use the complement of ARRAY1
  -d, --delete            delete characters in ARRAY1, do not translate
  -s, --squeeze-repeats   replace each sequence of a repeated character
                            that is listed in the last specified ARRAY,
                            with a single occurrence of that character
  -t, --truncate-set1     first truncate ARRAY1 to length of ARRAY2
      --help        display this help and exit
      --version     output version information and exit

ARRAYs are specified as strings of characters.  Most represent themselves.
Interpreted sequences are:

  \NNN            character with octal value NNN (1 to 3 octal digits)
  \\              backslash
  \a              audible BEL
  \b              backspace
  \f              form feed
  \n              new line
  \r              return
  \t              horizontal tab
  \v              vertical tab
  CHAR1-CHAR2     all characters from CHAR1 to CHAR2 in ascending order
  [CHAR*]         in ARRAY2, copies of CHAR until length of ARRAY1
  [CHAR*REPEAT]   REPEAT copies of CHAR, REPEAT octal if starting with 0
  [:alnum:]       all letters and digits
  [:alpha:]       all letters
  [:blank:]       all horizontal whitespace
  [:cntrl:]       all control characters
  [:digit:]       all digits
  [:graph:]       all printable characters, not including space
  [:lower:]       all lower case letters
  [:print:]       all printable characters, including space
  [:punct:]       all punctuation characters
  [:space:]       all horizontal or vertical whitespace
  [:upper:]       all upper case letters
  [:xdigit:]      all hexadecimal digits
  [=CHAR=]        all characters which are equivalent to CHAR

Translation occurs if -d is not given and both STRING1 and STRING2 appear.
-t may be used only when translating.  ARRAY2 is extended to length of
ARRAY1 by repeating its last character as necessary.  Excess characters
of ARRAY2 are ignored.  Character classes expand in unspecified order;
while translating, [:lower:] and [:upper:] may be used in pairs to
specify case conversion.  Squeezing occurs after translation or deletion.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.commands.coreutils._tr_sets import SetError, complement, first_set, second_set
from maillab.shell.options import gnu

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/tr"}
AUTHORS = "Jim Meyering"
OPTIONS = gnu("-c,-C,--complement -d,--delete -s,--squeeze-repeats -t,--truncate-set1", permute=False)


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    delete, squeeze = given.has("delete"), given.has("squeeze-repeats")
    sets = given.operands
    await _check_operands(command, sets, delete, squeeze)
    translating = len(sets) == 2 and not delete
    try:
        one = first_set(sets[0], command.q)
        if given.has("complement"):
            one = complement(one)
        two = b""
        if len(sets) == 2:
            two = second_set(sets[1], sets[0], one, translating, given.has("complement"), given.has("truncate-set1"), command.q)
    except SetError as error:
        await command.die(str(error))
    table = bytes(range(256))
    if translating:
        pairs = list(zip(one, two, strict=False))
        mapped = bytearray(table)
        for source, target in pairs:
            mapped[source] = target
        table = bytes(mapped)
    squeezed = frozenset((two if len(sets) == 2 else one) if squeeze else b"")
    last = -1
    async for block in command.blocks(0):
        block = block.translate(None, one) if delete else block.translate(table)
        if squeezed:
            block, last = _squeeze(block, squeezed, last)
        await sys.stdout.write(block)
    return command.status


async def _check_operands(command: Command, sets: list[str], delete: bool, squeeze: bool) -> None:
    least = 1 if delete != squeeze else 2
    most = 1 if delete and not squeeze else 2
    if not sets:
        await command.usage("missing operand")
    if len(sets) < least:
        what = "Two strings must be given when " + ("both deleting and squeezing repeats." if delete else "translating.")
        await command.usage(f"missing operand after {command.q(sets[-1])}\n{what}")
    if len(sets) > most:
        only = "\nOnly one string may be given when deleting without squeezing repeats." if most == 1 and len(sets) == 2 else ""
        await command.usage(f"extra operand {command.q(sets[most])}{only}")


def _squeeze(block: bytes, which: frozenset[int], last: int) -> tuple[bytes, int]:
    """Drop repeats of these bytes; `last` is the byte before the block."""
    out = bytearray()
    for byte in block:
        if byte != last or byte not in which:
            out.append(byte)
        last = byte
    return bytes(out), last
