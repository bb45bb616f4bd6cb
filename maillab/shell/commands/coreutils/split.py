r"""split - split a file into pieces

Usage: split [OPTION]... [FILE [PREFIX]]
Output pieces of FILE to PREFIXaa, PREFIXab, ...;
default size is 1000 lines, and default PREFIX is 'x'.

With no FILE, or when FILE is -, read standard input.

Mandatory arguments to long options are mandatory for short options too.
  -a, --suffix-length=N   generate suffixes of length N (default 2)
      --additional-suffix=SUFFIX  append an additional SUFFIX to file names
  -b, --bytes=SIZE        put SIZE bytes per output file
  -C, --line-bytes=SIZE   put at most SIZE bytes of records per output file
  -d                      use numeric suffixes starting at 0, not alphabetic
      --numeric-suffixes[=FROM]  same as -d, but allow setting the start value
  -x                      use hex suffixes starting at 0, not alphabetic
      --hex-suffixes[=FROM]  same as -x, but allow setting the start value
  -e, --elide-empty-files  do not generate empty output files with '-n'
      --filter=COMMAND    write to shell COMMAND; file name is $FILE
  -l, --lines=NUMBER      put NUMBER lines/records per output file
  -n, --number=CHUNKS     generate CHUNKS output files; see explanation below
  -t, --separator=SEP     use SEP instead of newline as the record separator;
                            '\0' (zero) specifies the NUL character
  -u, --unbuffered        immediately copy input to output with '-n r/...'
      --verbose           print a diagnostic just before each
                            output file is opened
      --help        display this help and exit
      --version     output version information and exit

The SIZE argument is an integer and optional unit (example: 10K is 10*1024).
Units are K,M,G,T,P,E,Z,Y (powers of 1024) or KB,MB,... (powers of 1000).
Binary prefixes can be used, too: KiB=K, MiB=M, and so on.

CHUNKS may be:
  N       split into N files based on size of input
  K/N     output Kth of N to stdout
  l/N     split into N files without splitting lines/records
  l/K/N   output Kth of N to stdout without splitting lines/records
  r/N     like 'l' but use round robin distribution
  r/K/N   likewise but only output Kth of N to stdout

BUGS
    --filter is refused; of --number only N and l/N are simulated.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.options import Given, gnu
from maillab.shell.sizes import SizeError, parse_size
from maillab.sim.host.errno import SysError
from maillab.sim.host.stdio import encode

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/split"}
AUTHORS = "Torbjorn Granlund and Richard M. Stallman"
OPTIONS = gnu(
    "-b,--bytes= -l,--lines= -C,--line-bytes= -n,--number= -e,--elide-empty-files -u,--unbuffered -a,--suffix-length= "
    "--additional-suffix= --numeric-suffixes=? -d --hex-suffixes=? -x --filter= --verbose -t,--separator= "
    "-0 -1 -2 -3 -4 -5 -6 -7 -8 -9"
)
ALPHABETS = {"d": "0123456789", "x": "0123456789abcdef", "": "abcdefghijklmnopqrstuvwxyz"}


class Pieces:
    """The output files, named in turn."""

    def __init__(self, command: Command, given: Given, prefix: str):
        self.command = command
        kind = given.latest("numeric-suffixes", "d", "hex-suffixes", "x") or ""
        self.alphabet = ALPHABETS[{"numeric-suffixes": "d", "hex-suffixes": "x"}.get(kind, kind)]
        start = given.last(kind) if kind.endswith("suffixes") else None
        self.number = int(start or "0", len(self.alphabet)) if kind else 0
        length = given.last("suffix-length")
        self.fixed = length is not None and length != "0"
        self.length = int(length) if length and self.fixed else 2
        self.prefix = prefix
        self.tail = given.last("additional-suffix") or ""
        self.verbose = given.has("verbose")
        self.fd: int | None = None

    def _suffix(self) -> str:
        """The next suffix; without -a the names grow longer (`zz` is followed by `zaaa`) when they run out."""
        base, value, length, lead = len(self.alphabet), self.number, self.length, ""
        while not self.fixed and value >= base**length - base ** (length - 1):
            value -= base**length - base ** (length - 1)
            lead += self.alphabet[-1]
            length += 1
        if value >= base**length:
            return ""
        digits = ""
        for _ in range(length):
            value, digit = divmod(value, base)
            digits = self.alphabet[digit] + digits
        return lead + digits

    async def start(self) -> None:
        """Begin the next file."""
        self.stop()
        suffix = self._suffix()
        if not suffix:
            await self.command.die("output file suffixes exhausted")
        self.number += 1
        name = self.prefix + suffix + self.tail
        if self.verbose:
            await self.command.sys.stdout.print(f"creating file {self.command.file(name)}")
        try:
            self.fd = self.command.sys.open(name, "w")
        except SysError as error:
            await self.command.die(self.command.odd(name), error)

    async def write(self, data: bytes) -> None:
        """Add to the current file, beginning one when there is none."""
        if self.fd is None:
            await self.start()
        assert self.fd is not None
        await self.command.sys.write(self.fd, data)

    def stop(self) -> None:
        """End the current file."""
        if self.fd is not None:
            self.command.sys.close(self.fd)
            self.fd = None


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    command.cannot_open = "cannot open {file} for reading"
    given = await command.read(OPTIONS)
    if given.has("filter"):
        await command.die("--filter is not simulated")
    kinds = [name for name in ("bytes", "lines", "line-bytes", "number") if given.has(name)]
    digits = "".join(found.name for found in given.found if found.name.isdigit())
    if len(kinds) + bool(digits) > 1:
        await command.usage("cannot split in more than one way")
    if len(given.operands) > 2:
        await command.usage(f"extra operand {command.q(given.operands[2])}")
    length = given.last("suffix-length")
    if length is not None and not length.isdigit():
        await command.die(f"invalid suffix length: {command.q(length)}")
    kind = kinds[0] if kinds else "lines"
    text = digits or given.last(kind, "1000") or ""
    chunks = re.fullmatch(r"(l/)?(\d+)", text) if kind == "number" else None
    if kind == "number" and (not chunks or int(chunks[2]) == 0):
        await command.die(f"invalid number of chunks: {command.q(text.removeprefix('l/'))}")
    count = int(chunks[2]) if chunks else await _count(command, kind, text)
    name = given.operands[0] if given.operands else "-"
    pieces = Pieces(command, given, given.operands[1] if len(given.operands) > 1 else "x")
    end = {"\\0": b"\0"}.get(given.last("separator", "\n") or "", encode(given.last("separator", "\n") or "\n"))
    fd = await command.open(name)
    if fd is None:
        return 1
    if chunks:
        await _chunks(command, fd, name, pieces, count, bool(chunks[1]), end, given.has("elide-empty-files"))
    elif kind == "bytes":
        await _bytes(command, fd, name, pieces, count)
    else:
        await _lines(command, fd, name, pieces, count, end, kind == "line-bytes")
    pieces.stop()
    return command.status


async def _count(command: Command, kind: str, text: str) -> int:
    try:
        count = parse_size(text, "bEGKkMmPTYZ")
    except SizeError:
        count = -1
    if count == 0:
        await command.die(f"invalid number of {'lines' if kind == 'lines' else 'bytes'}: {command.q(text)}", SysError("ERANGE"))
    if count < 0:
        await command.die(f"invalid number of {'lines' if kind == 'lines' else 'bytes'}: {command.q(text)}")
    return count


async def _bytes(command: Command, fd: int, name: str, pieces: Pieces, count: int) -> None:
    room = count
    async for block in command.blocks(fd, name):
        while block:
            part, block = block[:room], block[room:]
            await pieces.write(part)
            room -= len(part)
            if not room:
                pieces.stop()
                room = count


async def _lines(command: Command, fd: int, name: str, pieces: Pieces, count: int, end: bytes, by_bytes: bool) -> None:
    room = count
    async for line in command.lines(fd, name, end):
        need = len(line) if by_bytes else 1
        if need > room and room < count:
            pieces.stop()
            room = count
        while by_bytes and need > count:
            await pieces.write(line[:count])
            pieces.stop()
            line, need = line[count:], need - count
        await pieces.write(line)
        room -= need
        if room <= 0:
            pieces.stop()
            room = count


async def _chunks(command: Command, fd: int, name: str, pieces: Pieces, count: int, by_lines: bool, end: bytes, elide: bool) -> None:
    """-n: so many files of about the same size, `l/`: without splitting lines."""
    data = b"".join([block async for block in command.blocks(fd, name)])
    at = 0
    for number in range(1, count + 1):
        stop = len(data) if number == count else len(data) // count * number
        if by_lines and number < count:
            found = data.find(end, max(stop - 1, 0)) if stop > at else at - 1
            stop = len(data) if found < 0 and stop > at else max(found + 1, at)
        if stop > at or not elide:
            await pieces.start()
            await pieces.write(data[at:stop])
        at = max(at, stop)
