"""which - locate a command

SYNOPSIS
    which [-a] filename ...

DESCRIPTION
    The paths of the files that would be executed, by PATH; -a shows all of them. The status is 1 when one is not found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"debianutils": "/usr/bin/which"}

USAGE = "Usage: {} [-a] args\n"
BAD_USAGE = 2


def candidates(sys: Process, name: str) -> list[str]:
    """All executable files of this name, in the order of PATH."""
    paths = [name] if "/" in name else [f"{folder or '.'}/{name}" for folder in sys.env.get("PATH", "").split(":")]
    return [path for path in paths if sys.isfile(path) and sys.access(path, "x")]


async def main(sys: Process, argv: list[str]) -> int:
    """which."""
    every = False
    names = argv[1:]
    while names and names[0].startswith("-") and len(names[0]) > 1:
        word = names.pop(0)
        if word == "--":
            break
        for letter in word[1:]:
            if letter != "a":
                await sys.stderr.write(f"Illegal option -{letter}\n")
                await sys.stdout.write(USAGE.format("/usr/bin/which"))
                return BAD_USAGE
            every = True
    status = 0 if names else 1
    for name in names:
        found = candidates(sys, name)
        if not found:
            status = 1
        for path in found if every else found[:1]:
            await sys.stdout.write(path + "\n")
    return status
