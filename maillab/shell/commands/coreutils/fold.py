"""fold - wrap each input line to fit in specified width

Usage: fold [OPTION]... [FILE]...
Wrap input lines in each FILE, writing to standard output.

With no FILE, or when FILE is -, read standard input.

Mandatory arguments to long options are mandatory for short options too.
  -b, --bytes         count bytes rather than columns
  -s, --spaces        break at spaces
  -w, --width=WIDTH   use WIDTH columns instead of 80
      --help        display this help and exit
      --version     output version information and exit
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.options import gnu
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/fold"}
AUTHORS = "David MacKenzie"
OPTIONS = gnu("-b,--bytes -s,--spaces -w,--width= -0=? -1=? -2=? -3=? -4=? -5=? -6=? -7=? -8=? -9=?")


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    text = "80"
    for found in given.found:
        if found.name == "width":
            text = found.value or ""
        elif found.name.isdigit():
            text = found.name + (found.value or "")
    if re.fullmatch("0+", text):
        await command.die(f"invalid number of columns: {command.q(text)}", SysError("ERANGE"))
    if not re.fullmatch(r"\d+", text):
        await command.die(f"invalid number of columns: {command.q(text)}")
    width = int(text)
    for name in given.operands or ["-"]:
        fd = await command.open(name)
        if fd is None:
            continue
        async for line in command.lines(fd, name):
            body = line.removesuffix(b"\n")
            pieces = fold(body, width, given.has("spaces"), given.has("bytes"))
            await sys.stdout.write(b"\n".join(pieces) + line[len(body) :])
        command.done(fd)
    return command.status


def _advance(column: int, byte: int, count_bytes: bool) -> int:
    if count_bytes:
        return column + 1
    if byte == 8:
        return max(0, column - 1)
    if byte == 13:
        return 0
    return column + 8 - column % 8 if byte == 9 else column + 1


def fold(body: bytes, width: int, spaces: bool, count_bytes: bool) -> list[bytes]:
    """A line cut into pieces of at most `width` columns, after blanks when `spaces`."""
    pieces: list[bytes] = []
    piece = bytearray()
    column = 0
    for byte in body:
        column = _advance(column, byte, count_bytes)
        if column > width and piece:
            cut = len(piece)
            if spaces:
                blank = max(piece.rfind(b" "), piece.rfind(b"\t"))
                cut = blank + 1 if blank >= 0 else cut
            pieces.append(bytes(piece[:cut]))
            piece = piece[cut:]
            column = 0
            for kept in [*piece, byte]:
                column = _advance(column, kept, count_bytes)
        piece.append(byte)
    pieces.append(bytes(piece))
    return pieces
