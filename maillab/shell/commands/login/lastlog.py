"""lastlog - reports the most recent login of all users or of a given user

SYNOPSIS
    lastlog [-u LOGIN] [-b DAYS] [-t DAYS]

BUGS
    Nobody logs in through a terminal driver in the lab, so that everybody has never logged in. -C, -R and -S are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.options import gnu
from maillab.sim.host.accounts import getpwall, getpwnam, getpwuid

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"login": "/usr/bin/lastlog"}
OPTIONS = gnu("-b,--before= -C,--clear -h,--help -R,--root= -S,--set -t,--time= -u,--user=", standard=False)
USAGE = """Usage: lastlog [options]

Options:
  -b, --before DAYS             print only lastlog records older than DAYS
  -C, --clear                   clear lastlog record of an user (usable only with -u)
  -h, --help                    display this help message and exit
  -R, --root CHROOT_DIR         directory to chroot into
  -S, --set                     set lastlog record to current time (usable only with -u)
  -t, --time DAYS               print only lastlog records more recent than DAYS
  -u, --user LOGIN              print lastlog record of the specified LOGIN

"""


async def main(sys: Process, argv: list[str]) -> int:
    given = await OPTIONS.read(sys, argv, status=2, hint=USAGE)
    if given.has("help"):
        await sys.stdout.write(USAGE)
        return 0
    if given.has("clear", "root", "set"):
        await sys.stderr.write("lastlog: options -C, -R and -S are not simulated\n")
        return 1
    users = list(getpwall(sys))
    name = given.last("user")
    if name is not None:
        found = getpwuid(sys, int(name)) if name.isdigit() else getpwnam(sys, name)
        if found is None:
            await sys.stderr.write(f"lastlog: Unknown user or range: {name}\n")
            return 1
        users = [found]
    if given.has("time"):
        return 0
    await sys.stdout.write("Username         Port     From                                       Latest\n")
    for user in users:
        await sys.stdout.write(f"{user.name:<16} {'':<8} {'':<42} **Never logged in**\n")
    return 0
