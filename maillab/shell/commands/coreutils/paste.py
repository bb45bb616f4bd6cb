"""paste - merge lines of files

Usage: paste [OPTION]... [FILE]...
Write lines consisting of the sequentially corresponding lines from
each FILE, separated by TABs, to standard output.

With no FILE, or when FILE is -, read standard input.

Mandatory arguments to long options are mandatory for short options too.
  -d, --delimiters=LIST   reuse characters from LIST instead of TABs
  -s, --serial            paste one file at a time instead of in parallel
  -z, --zero-terminated    line delimiter is NUL, not newline
      --help        display this help and exit
      --version     output version information and exit
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.options import gnu
from maillab.sim.host.stdio import Input, encode

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/paste"}
AUTHORS = "David M. Ihnat and David MacKenzie"
OPTIONS = gnu("-s,--serial -d,--delimiters= -z,--zero-terminated")
_SPECIAL = {"0": b"", "b": b"\b", "f": b"\f", "n": b"\n", "r": b"\r", "t": b"\t", "v": b"\v", "\\": b"\\"}


def delimiters(text: str) -> list[bytes] | None:
    """The list of -d with its escapes (`\\0` is nothing); None when it ends in a lone backslash."""
    out: list[bytes] = []
    at = 0
    while at < len(text):
        if text[at] != "\\":
            out += [bytes([byte]) for byte in encode(text[at])]
        else:
            at += 1
            if at == len(text):
                return None
            out.append(_SPECIAL.get(text[at], encode(text[at])))
        at += 1
    return out or [b""]


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    text = given.last("delimiters", "\t") or ""
    between = delimiters(text)
    if between is None:
        await command.die(f"delimiter list ends with an unescaped backslash: {text}")
    end = b"\0" if given.has("zero-terminated") else b"\n"
    names = given.operands or ["-"]
    await (_serial if given.has("serial") else _parallel)(command, names, between, end)
    return command.status


async def _parallel(command: Command, names: list[str], between: list[bytes], end: bytes) -> None:
    """One line of each file on each output line; every `-` reads on in the same stdin."""
    inputs: list[Input | None] = []
    for name in names:
        fd = await command.open(name)
        if fd is None:
            command.sys.exit(1)
        inputs.append(command.sys.stdin if fd == 0 else Input(command.sys, fd))
    while True:
        out, some = bytearray(), False
        for i, source in enumerate(inputs):
            line = await source.readline(separator=end) if source else b""
            if line:
                some = True
                out += line.removesuffix(end)
            elif source:
                inputs[i] = None
            if i < len(inputs) - 1:
                out += between[i % len(between)]
        if not some:
            return
        await command.sys.stdout.write(bytes(out) + end)


async def _serial(command: Command, names: list[str], between: list[bytes], end: bytes) -> None:
    for name in names:
        fd = await command.open(name)
        if fd is None:
            continue
        count = 0
        async for line in command.lines(fd, name, end):
            joint = between[(count - 1) % len(between)] if count else b""
            await command.sys.stdout.write(joint + line.removesuffix(end))
            count += 1
        await command.sys.stdout.write(end)
        command.done(fd)
