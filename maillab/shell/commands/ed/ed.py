"""ed - line-oriented text editor

SYNOPSIS
    ed [-s] [-p STRING] [FILE]

DESCRIPTION
    Reads commands from standard input, one a line: an address or a range, a letter, an argument. Addresses are numbers, `.`, `$`, `'x`,
    /re/, ?re? with + and -, `,` (all) and `;` (from here to the end). a c d e E f g G h H i j k l m n p P q Q r s t u v w W x z = # ! are known.

BUGS
    The commands G, V and x (cut buffer) and writing to a command are refused.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from maillab.shell.commands.ed._buffer import Buffer, Refused
from maillab.shell.commands.ed._commands import Quit, obey
from maillab.shell.commands.ed._session import Session
from maillab.sim.host.stdio import decode

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"ed": "/bin/ed"}
USAGE = "Try 'ed --help' for more information.\n"


async def main(sys: Process, argv: list[str]) -> int:
    """Edit; 1 when a command of a script was refused."""
    session = Session(sys, Buffer())
    files: list[str] = []
    words = iter(argv[1:])
    for word in words:
        if word in ("-s", "--quiet", "--silent", "-"):
            session.quiet = True
        elif word in ("-v", "--verbose"):
            session.explain = True
        elif word == "-p" or word.startswith("--prompt="):
            session.prompt = next(words, "") if word == "-p" else word.partition("=")[2]
        elif re.fullmatch(r"-.+", word):
            await sys.stderr.write(f"{argv[0]}: invalid option -- '{word[1]}'\n{USAGE}")
            return 1
        else:
            files.append(word)
    if files:
        try:
            await session.load(files[0])
        except Refused as error:
            await session.complain(error)
    return await converse(session)


async def converse(session: Session) -> int:
    """Commands until q or the end of input."""
    while True:
        if session.prompt:
            await session.print(session.prompt, end="")
        line = await session.sys.stdin.readline()
        try:
            if not line:
                if session.buffer.modified and not session.warned:
                    session.warned = True
                    raise Refused("Warning: buffer modified")
                return session.status
            await obey(session, decode(line).rstrip("\n"))
        except Quit:
            return session.status
        except Refused as error:
            await session.complain(error)
            if not session.sys.isatty(0) and not line:
                return 1
