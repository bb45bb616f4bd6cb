"""tac - concatenate and print files in reverse

Usage: tac [OPTION]... [FILE]...
Write each FILE to standard output, last line first.

With no FILE, or when FILE is -, read standard input.

Mandatory arguments to long options are mandatory for short options too.
  -b, --before             attach the separator before instead of after
  -r, --regex              interpret the separator as a regular expression
  -s, --separator=STRING   use STRING as the separator instead of newline
      --help        display this help and exit
      --version     output version information and exit
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.options import gnu
from maillab.sim.host.stdio import encode

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/tac"}
AUTHORS = "Jay Lepreau and David MacKenzie"
OPTIONS = gnu("-b,--before -r,--regex -s,--separator=")


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    command.cannot_open = "failed to open {file} for reading"
    command.cannot_read = "{odd}: read error"
    given = await command.read(OPTIONS)
    text = encode(given.last("separator", "\n") or "").decode("latin-1")
    if given.has("regex") and not text:
        await command.die("separator cannot be empty")
    if given.has("regex"):
        from maillab.sim.host import posix_regex

        pattern: re.Pattern[str] | posix_regex.Regex = posix_regex.compile(text)
    else:
        pattern = re.compile(re.escape(text or "\0"))
    for name in given.operands or ["-"]:
        fd = await command.open(name)
        if fd is None:
            continue
        data = b"".join([block async for block in command.blocks(fd, name)])
        ends = [(found.start(), found.end()) for found in pattern.finditer(data.decode("latin-1"))]
        cuts = [start if given.has("before") else end for start, end in ends]
        bounds = sorted({0, *cuts, len(data)})
        for low, high in reversed(list(pairwise(bounds))):
            await sys.stdout.write(data[low:high])
        command.done(fd)
    return command.status
