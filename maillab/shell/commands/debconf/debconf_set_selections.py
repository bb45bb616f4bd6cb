"""debconf-set-selections - insert new values into the debconf database

SYNOPSIS
    debconf-set-selections [-c] [FILE]

DESCRIPTION
    Reads lines `PACKAGE QUESTION TYPE VALUE`, so that a package is installed without asking.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.debconf._questions import Answers
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"debconf": "/usr/bin/debconf-set-selections"}


async def main(sys: Process, argv: list[str]) -> int:
    paths = [word for word in argv[1:] if not word.startswith("-")]
    try:
        data = sys.slurp(paths[0]) if paths else await sys.stdin.read()
    except SysError as error:
        await sys.stderr.write(f"debconf-set-selections: cannot open {paths[0]}: {error}\n")
        return 1
    answers = Answers(sys)
    status = 0
    for number, line in enumerate(data.decode("utf-8", "surrogateescape").splitlines(), 1):
        words = line.split(None, 3)
        if not words or words[0].startswith("#"):
            continue
        if len(words) < 3:
            await sys.stderr.write(f"error: syntax error at line {number}: could not parse `{line}'\n")
            status = 1
            continue
        answers.put(words[1], words[3] if len(words) > 3 else "", words[0], seen=words[2] != "seen")
    if "-c" not in argv and "--checkonly" not in argv:
        answers.save()
    return status
