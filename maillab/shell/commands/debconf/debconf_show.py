"""debconf-show - query the debconf database

SYNOPSIS
    debconf-show PACKAGE...
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.debconf._questions import Answers
from maillab.shell.commands.dpkg._database import release_of

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"debconf": "/usr/bin/debconf-show"}


async def main(sys: Process, argv: list[str]) -> int:
    names = [word for word in argv[1:] if not word.startswith("-")]
    if not names:
        await sys.stderr.write("Usage: debconf-show packagename [...] [--db=dbname]\n       debconf-show --listowners [--db=dbname]\n")
        return 1
    if sys.euid:
        await sys.stderr.write("debconf-show must be run as root.\n")
        return 1
    answers, release = Answers(sys), release_of(sys)
    for name in names:
        known = [question.name for question in release.package(name).toml.questions] if release else []
        for question in sorted(known):
            star = "*" if answers.seen(question) else " "
            await sys.stdout.write(f"{star} {question}: {answers.get(question) or ''}\n".rstrip() + "\n")
    return 0
