"""head - output the first part of files

Usage: head [OPTION]... [FILE]...
Print the first 10 lines of each FILE to standard output.
With more than one FILE, precede each with a header giving the file name.

With no FILE, or when FILE is -, read standard input.

Mandatory arguments to long options are mandatory for short options too.
  -c, --bytes=[-]NUM       print the first NUM bytes of each file;
                             with the leading '-', print all but the last
                             NUM bytes of each file
  -n, --lines=[-]NUM       print the first NUM lines instead of the first 10;
                             with the leading '-', print all but the last
                             NUM lines of each file
  -q, --quiet, --silent    never print headers giving file names
  -v, --verbose            always print headers giving file names
  -z, --zero-terminated    line delimiter is NUL, not newline
      --help        display this help and exit
      --version     output version information and exit

NUM may have a multiplier suffix:
b 512, kB 1000, K 1024, MB 1000*1000, M 1024*1024,
GB 1000*1000*1000, G 1024*1024*1024, and so on for T, P, E, Z, Y.
Binary prefixes can be used, too: KiB=K, MiB=M, and so on.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.options import gnu
from maillab.shell.sizes import SizeError, parse_size

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/head"}
AUTHORS = "David MacKenzie and Jim Meyering"
OPTIONS = gnu("-c,--bytes= -n,--lines= -q,--quiet,--silent -v,--verbose -z,--zero-terminated -0 -1 -2 -3 -4 -5 -6 -7 -8 -9")


def modern(argv: list[str]) -> list[str]:
    """The obsolete first option `-5`, `-5c`, `-5qv` in today's spelling."""
    if len(argv) < 2 or len(argv[1]) < 2 or argv[1][0] != "-" or not argv[1][1].isdigit():
        return argv
    digits = argv[1][1:].rstrip("bkmclqvz")
    letters = argv[1][1 + len(digits) :]
    if not digits.isdigit():
        return argv
    unit, words = "n", []
    for letter in letters:
        if letter in "cbkml":
            unit = "n" if letter == "l" else "c"
            digits += letter if letter in "bkm" else ""
        else:
            words.append(f"-{letter}")
    return [argv[0], f"-{unit}{digits}", *words, *argv[2:]]


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, modern(argv), __doc__, AUTHORS)
    command.cannot_open = "cannot open {file} for reading"
    command.cannot_read = "error reading {file}"
    given = await command.read(OPTIONS)
    unit = given.latest("bytes", "lines") or "lines"
    text = given.last(unit, "10") or ""
    if digit := next((found.name for found in given.found if found.name.isdigit()), None):
        await command.usage(f"invalid trailing option -- {digit}")
    all_but = text.startswith("-")
    try:
        count = parse_size(text.removeprefix("-" if all_but else "+"), "bkKmMGTPEZY")
    except SizeError:
        await command.die(f"invalid number of {unit}: {command.q(text[all_but:])}")
    names = given.operands or ["-"]
    wanted = given.latest("quiet", "verbose")
    headers = wanted == "verbose" or (len(names) > 1 and wanted is None)
    end = b"\0" if given.has("zero-terminated") else b"\n"
    before = ""
    for name in names:
        fd = await command.open(name)
        if fd is None:
            continue
        if headers:
            await sys.stdout.write(f"{before}==> {'standard input' if name == '-' else name} <==\n")
            before = "\n"
        if all_but:
            await (_all_but_bytes(command, fd, name, count) if unit == "bytes" else _all_but_lines(command, fd, name, count, end))
        else:
            await (_bytes(command, fd, name, count) if unit == "bytes" else _lines(command, fd, name, count, end))
        command.done(fd)
    return command.status


async def _lines(command: Command, fd: int, name: str, count: int, end: bytes) -> None:
    """The first lines; the offset of a plain file is left after them, for whoever reads on."""
    if not count:
        return
    async for block in command.blocks(fd, name):
        at = 0
        while count and (found := block.find(end, at)) >= 0:
            at, count = found + 1, count - 1
        if not count:
            await command.sys.stdout.write(block[:at])
            if at < len(block) and command.sys.fstat(fd).kind == "-":
                command.sys.lseek(fd, at - len(block), 1)
            return
        await command.sys.stdout.write(block)


async def _bytes(command: Command, fd: int, name: str, count: int) -> None:
    async for block in command.blocks(fd, name):
        await command.sys.stdout.write(block[:count])
        if count <= len(block):
            if count < len(block) and command.sys.fstat(fd).kind == "-":
                command.sys.lseek(fd, count - len(block), 1)
            return
        count -= len(block)


async def _all_but_lines(command: Command, fd: int, name: str, count: int, end: bytes) -> None:
    held: deque[bytes] = deque()
    async for line in command.lines(fd, name, end):
        held.append(line)
        if len(held) > count:
            await command.sys.stdout.write(held.popleft())


async def _all_but_bytes(command: Command, fd: int, name: str, count: int) -> None:
    held = b""
    async for block in command.blocks(fd, name):
        held += block
        if len(held) > count:
            await command.sys.stdout.write(held[: len(held) - count])
            held = held[len(held) - count :]
