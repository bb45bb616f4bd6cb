"""shuf - generate random permutations

Usage: shuf [OPTION]... [FILE]
  or:  shuf -e [OPTION]... [ARG]...
  or:  shuf -i LO-HI [OPTION]...
Write a random permutation of the input lines to standard output.

With no FILE, or when FILE is -, read standard input.

Mandatory arguments to long options are mandatory for short options too.
  -e, --echo                treat each ARG as an input line
  -i, --input-range=LO-HI   treat each number LO through HI as an input line
  -n, --head-count=COUNT    output at most COUNT lines
  -o, --output=FILE         write result to FILE instead of standard output
      --random-source=FILE  get random bytes from FILE
  -r, --repeat              output lines can be repeated
  -z, --zero-terminated     line delimiter is NUL, not newline
      --help        display this help and exit
      --version     output version information and exit
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.options import Given, gnu
from maillab.sim.host.errno import SysError
from maillab.sim.host.stdio import encode

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/shuf"}
AUTHORS = "Paul Eggert"
OPTIONS = gnu("-e,--echo -i,--input-range= -n,--head-count= -o,--output= --random-source= -r,--repeat -z,--zero-terminated")


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    count = await _count(command, given)
    if given.has("echo") and given.has("input-range"):
        await command.usage("cannot combine -e and -i options")
    end = b"\0" if given.has("zero-terminated") else b"\n"
    lines = await _lines(command, given, end)
    if (output := given.last("output")) is not None:
        try:
            sys.dup2(sys.open(output, "w"), 1)
        except SysError as error:
            await command.die(command.odd(output), error)
    if given.has("repeat"):
        if not lines and count != 0:
            await command.die("no lines to repeat")
        written = 0
        while count is None or written < count:
            await sys.stdout.write(sys.random.choice(lines) + end)
            written += 1
        return 0
    limit = len(lines) if count is None else min(count, len(lines))
    for at in range(limit):
        other = at + sys.random.randrange(len(lines) - at)
        lines[at], lines[other] = lines[other], lines[at]
        await sys.stdout.write(lines[at] + end)
    return command.status


async def _count(command: Command, given: Given) -> int | None:
    counts = []
    for text in given.values("head-count"):
        if not text.isdigit():
            await command.die(f"invalid line count: {command.q(text)}")
        counts.append(int(text))
    return min(counts) if counts else None


async def _lines(command: Command, given: Given, end: bytes) -> list[bytes]:
    if given.has("echo"):
        return [encode(word) for word in given.operands]
    if (text := given.last("input-range")) is not None:
        low, dash, high = text.partition("-")
        if not dash or not low.isdigit() or not high.isdigit() or int(low) > int(high) + 1:
            await command.die(f"invalid input range: {command.q(text)}")
        if given.operands:
            await command.usage(f"extra operand {command.q(given.operands[0])}")
        return [str(number).encode() for number in range(int(low), int(high) + 1)]
    if len(given.operands) > 1:
        await command.usage(f"extra operand {command.q(given.operands[1])}")
    name = given.operands[0] if given.operands else "-"
    fd = await command.open(name)
    if fd is None:
        command.sys.exit(1)
    return [line.removesuffix(end) async for line in command.lines(fd, name, end)]
