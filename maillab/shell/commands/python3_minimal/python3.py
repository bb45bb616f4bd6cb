"""python3 - the Python language: only its version is simulated

SYNOPSIS
    python3 --version

EXIT STATUS
    127 for anything else, with a message that says so.

BUGS
    No script runs.
"""
from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"python3-minimal": "/usr/bin/python3"}


async def main(sys: Process, argv: list[str]) -> int:
    if argv[1:] in (["--version"], ["-V"]):
        await sys.stdout.print("Python 3.11.2")
        return 0
    sys.unsimulated("python3")
    await sys.stderr.print("python3: the Python language is not simulated")
    return 127
