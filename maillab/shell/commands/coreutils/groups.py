"""groups - print the groups a user is in

Usage: groups [OPTION]... [USERNAME]...
Print group memberships for each USERNAME or, if no USERNAME is specified, for
the current process (which may differ if the groups database has changed).
      --help        display this help and exit
      --version     output version information and exit
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.options import gnu
from maillab.sim.host.accounts import getgrgid, getgrouplist, getpwnam

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/groups"}
AUTHORS = "David MacKenzie and James Youngman"
OPTIONS = gnu("")


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    if not given.operands:
        await sys.stdout.print(await _names(command, list(dict.fromkeys([sys.gid, sys.egid, *sys.groups]))))
    for name in given.operands:
        user = getpwnam(sys, name)
        if user is None:
            await command.complain(f"{command.q(name)}: no such user")
            continue
        await sys.stdout.print(f"{name} : {await _names(command, getgrouplist(sys, name, user.gid))}")
    return command.status


async def _names(command: Command, gids: list[int]) -> str:
    words = []
    for gid in gids:
        group = getgrgid(command.sys, gid)
        if group is None:
            await command.complain(f"cannot find name for group ID {gid}")
        words.append(group.name if group else str(gid))
    return " ".join(words)
