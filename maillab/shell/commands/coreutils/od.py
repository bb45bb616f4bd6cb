"""od - dump files in octal and other formats

Usage: od [OPTION]... [FILE]...
  or:  od [-abcdfilosx]... [FILE] [[+]OFFSET[.][b]]
  or:  od --traditional [OPTION]... [FILE] [[+]OFFSET[.][b] [+][LABEL][.][b]]

Write an unambiguous representation, octal bytes by default,
of FILE to standard output.  With more than one FILE argument,
concatenate them in the listed order to form the input.

With no FILE, or when FILE is -, read standard input.

If first and second call formats both apply, the second format is assumed
if the last operand begins with + or (if there are 2 operands) a digit.
An OFFSET operand means -j OFFSET.  LABEL is the pseudo-address
at first byte printed, incremented when dump is progressing.
For OFFSET and LABEL, a 0x or 0X prefix indicates hexadecimal;
suffixes may be . for octal and b for multiply by 512.

Mandatory arguments to long options are mandatory for short options too.
  -A, --address-radix=RADIX   output format for file offsets; RADIX is one
                                of [doxn], for Decimal, Octal, Hex or None
      --endian={big|little}   swap input bytes according the specified order
  -j, --skip-bytes=BYTES      skip BYTES input bytes first
  -N, --read-bytes=BYTES      limit dump to BYTES input bytes
  -S BYTES, --strings[=BYTES]  output strings of at least BYTES graphic chars;
                                3 is implied when BYTES is not specified
  -t, --format=TYPE           select output format or formats
  -v, --output-duplicates     do not use * to mark line suppression
  -w[BYTES], --width[=BYTES]  output BYTES bytes per output line;
                                32 is implied when BYTES is not specified
      --traditional           accept arguments in third form above
      --help        display this help and exit
      --version     output version information and exit


Traditional format specifications may be intermixed; they accumulate:
  -a   same as -t a,  select named characters, ignoring high-order bit
  -b   same as -t o1, select octal bytes
  -c   same as -t c,  select printable characters or backslash escapes
  -d   same as -t u2, select unsigned decimal 2-byte units
  -f   same as -t fF, select floats
  -i   same as -t dI, select decimal ints
  -l   same as -t dL, select decimal longs
  -o   same as -t o2, select octal 2-byte units
  -s   same as -t d2, select decimal 2-byte units
  -x   same as -t x2, select hexadecimal 2-byte units


TYPE is made up of one or more of these specifications:
  a          named character, ignoring high-order bit
  c          printable character or backslash escape
  d[SIZE]    signed decimal, SIZE bytes per integer
  f[SIZE]    floating point, SIZE bytes per float
  o[SIZE]    octal, SIZE bytes per integer
  u[SIZE]    unsigned decimal, SIZE bytes per integer
  x[SIZE]    hexadecimal, SIZE bytes per integer

SIZE is a number.  For TYPE in [doux], SIZE may also be C for
sizeof(char), S for sizeof(short), I for sizeof(int) or L for
sizeof(long).  If TYPE is f, SIZE may also be F for sizeof(float), D
for sizeof(double) or L for sizeof(long double).

Adding a z suffix to any type displays printable characters at the end of
each output line.


BYTES is hex with 0x or 0X prefix, and may have a multiplier suffix:
  b    512
  KB   1000
  K    1024
  MB   1000*1000
  M    1024*1024
and so on for G, T, P, E, Z, Y.
Binary prefixes can be used, too: KiB=K, MiB=M, and so on.

BUGS
    Floating point types (-t f) and -S are refused.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.options import Given, gnu
from maillab.shell.sizes import SizeError, parse_size

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/od"}
AUTHORS = "Jim Meyering"
OPTIONS = gnu(
    "-j,--skip-bytes= -A,--address-radix= -N,--read-bytes= -t,--format= -v,--output-duplicates -S,--strings=? --traditional -w,--width=? "
    "--endian= -a -b -c -d -D -e -f -F -h -H -i -I -l -L -o -O -s -x -X -B"
)
LETTERS = {
    "a": "a", "b": "o1", "c": "c", "d": "u2", "D": "u4", "h": "x2", "H": "x4", "i": "d4", "I": "d8", "l": "d8", "L": "d8", "o": "o2",
    "O": "o4", "s": "d2", "x": "x2", "X": "x4", "B": "o2", "e": "f8", "f": "f4", "F": "f8",
}  # fmt: skip
SIZES = {"C": 1, "S": 2, "I": 4, "L": 8}
NAMES = (
    "nul", "soh", "stx", "etx", "eot", "enq", "ack", "bel", "bs", "ht", "nl", "vt", "ff", "cr", "so", "si", "dle", "dc1", "dc2", "dc3",
    "dc4", "nak", "syn", "etb", "can", "em", "sub", "esc", "fs", "gs", "rs", "us", "sp",
)  # fmt: skip
ESCAPES = {0: "\\0", 7: "\\a", 8: "\\b", 9: "\\t", 10: "\\n", 11: "\\v", 12: "\\f", 13: "\\r"}
CELLS = {
    ("o", 1): 3, ("o", 2): 6, ("o", 4): 11, ("o", 8): 22, ("d", 1): 4, ("d", 2): 6, ("d", 4): 11, ("d", 8): 20, ("u", 1): 3, ("u", 2): 5,
    ("u", 4): 10, ("u", 8): 20, ("x", 1): 2, ("x", 2): 4, ("x", 4): 8, ("x", 8): 16, ("a", 1): 3, ("c", 1): 3,
}  # fmt: skip
_TYPE = re.compile(r"([acdoux])(\d+|[CSIL])?(z)?")


class Column:
    """One output type: how units of `size` bytes are shown."""

    def __init__(self, kind: str, size: int, trailer: bool):
        self.kind = kind
        self.size = size
        self.trailer = trailer
        self.width = CELLS[kind, size]

    def cells(self, block: bytes, big: bool) -> list[str]:
        """The units of a block as text."""
        block += bytes(-len(block) % self.size)
        return [self._cell(block[at : at + self.size], big) for at in range(0, len(block), self.size)]

    def _cell(self, unit: bytes, big: bool) -> str:
        byte = unit[0]
        if self.kind == "a":
            low = byte & 127
            return "del" if low == 127 else NAMES[low] if low < len(NAMES) else chr(low)
        if self.kind == "c":
            return ESCAPES.get(byte) or (chr(byte) if 32 <= byte < 127 else f"{byte:03o}")
        value = int.from_bytes(unit, "big" if big else "little", signed=self.kind == "d")
        if self.kind in "ox":
            return f"{value:0{self.width}{self.kind}}"
        return str(value)


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    columns = await _columns(command, given)
    radix = given.last("address-radix", "o") or ""
    if radix not in ("o", "d", "x", "n"):
        await command.die(f"invalid output address radix '{radix[:1]}'; it must be one character from [doxn]")
    skip = await _size(command, given, "skip-bytes", "-j")
    limit = await _size(command, given, "read-bytes", "-N")
    width = await _width(command, given, columns)
    data = await _data(command, given.operands or ["-"], skip, limit)
    await _dump(command, data, skip or 0, width, columns, radix, given.has("output-duplicates"), given.last("endian") == "big")
    return command.status


async def _columns(command: Command, given: Given) -> list[Column]:
    columns: list[Column] = []
    for found in given.found:
        text = found.value or "" if found.name == "format" else LETTERS.get(found.name, "")
        if found.name == "strings":
            await command.die("--strings is not simulated")
        at = 0
        while at < len(text):
            if text[at] == "f":
                await command.die("floating point types are not simulated")
            piece = _TYPE.match(text, at)
            if not piece:
                await command.die(f"invalid character '{text[at]}' in type string {command.q(text)}")
            kind, size = piece[1], piece[2]
            number = 1 if kind in "ac" else 4 if size is None else SIZES.get(size) or int(size)
            if (kind, number) not in CELLS:
                await command.die(f"invalid type string {command.q(text)};\nthis system doesn't provide a {number}-byte integral type")
            columns.append(Column(kind, number, bool(piece[3])))
            at = piece.end()
    return columns or [Column("o", 2, False)]


async def _size(command: Command, given: Given, name: str, option: str) -> int | None:
    text = given.last(name)
    if text is None:
        return None
    try:
        return int(text, 16) if text[:2].lower() == "0x" else parse_size(text, "bEGKkMmPTYZ")
    except (SizeError, ValueError):
        shown = option if next(f for f in given.found if f.name == name).spelled == option else f"--{name}"
        await command.die(f"invalid {shown} argument {command.q(text)}")


async def _width(command: Command, given: Given, columns: list[Column]) -> int:
    unit = max(column.size for column in columns)
    if not given.has("width"):
        return 16
    text = given.last("width") or "32"
    if not text.isdigit():
        await command.die(f"invalid -w argument {command.q(text)}")
    if not int(text) or int(text) % unit:
        await command.note(f"warning: invalid width {text}; using {unit} instead")
        return unit
    return int(text)


async def _data(command: Command, names: list[str], skip: int | None, limit: int | None) -> bytes:
    """The files one after the other, without what is skipped, no more than asked for."""
    data = bytearray()
    left = skip or 0
    opened = False
    for name in names:
        fd = await command.open(name)
        if fd is None:
            continue
        opened = True
        async for block in command.blocks(fd, name):
            data += block[left:]
            left = max(0, left - len(block))
            if limit is not None and len(data) >= limit:
                break
        command.done(fd)
    if not opened:
        command.sys.exit(command.status)
    if left:
        await command.die("cannot skip past end of combined input")
    return bytes(data if limit is None else data[:limit])


def _address(at: int, radix: str) -> str:
    return {"o": f"{at:07o}", "d": f"{at:07d}", "x": f"{at:06x}", "n": ""}[radix]


async def _dump(
    command: Command, data: bytes, base: int, width: int, columns: list[Column], radix: str, duplicates: bool, big: bool
) -> None:
    out = command.sys.stdout
    unit = max(column.size for column in columns)
    cell = max((column.width + 1) * (unit // column.size) for column in columns)
    before: bytes | None = None
    starred = False
    for at in range(0, len(data), width):
        block = data[at : at + width]
        if block == before and len(block) == width and not duplicates:
            if not starred:
                await out.write("*\n")
            starred = True
            continue
        before, starred = block, False
        for number, column in enumerate(columns):
            head = _address(base + at, radix) if number == 0 else " " * len(_address(0, radix))
            room = cell * column.size // unit
            line = head + "".join(text.rjust(room) for text in column.cells(block, big))
            if column.trailer:
                missing = width // column.size - -(-len(block) // column.size)
                line += " " * (missing * room) + "  >" + "".join(chr(b) if 32 <= b < 127 else "." for b in block) + "<"
            await out.write(line + "\n")
    if radix != "n":
        await out.write(_address(base + len(data), radix) + "\n")
