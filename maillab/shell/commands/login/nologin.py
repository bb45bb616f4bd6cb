"""nologin - politely refuse a login

SYNOPSIS
    nologin

DESCRIPTION
    Says that the account is not available, or what /etc/nologin.txt says, and exits with 1: the shell of accounts that nobody may use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"login": "/usr/sbin/nologin"}


async def main(sys: Process, argv: list[str]) -> int:
    if sys.isfile("/etc/nologin.txt"):
        await sys.stdout.write(sys.slurp("/etc/nologin.txt"))
    else:
        await sys.stdout.write("This account is currently not available.\n")
    return 1
