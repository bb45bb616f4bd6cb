"""newgrp - log in to a new group

SYNOPSIS
    newgrp [-] [GROUP]
    sg GROUP -c COMMAND

DESCRIPTION
    Starts a shell whose primary group is another one of the user's groups (any group for root), the user's own without a name.

BUGS
    Group passwords are not asked for: who is no member is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.host.accounts import getgrgid, getgrnam, getpwuid
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"login": ["/usr/bin/newgrp", "/usr/bin/sg"]}


async def main(sys: Process, argv: list[str]) -> int:
    called = argv[0].rpartition("/")[2]
    words = argv[1:]
    login = words[:1] in (["-"], ["-l"])
    words = words[1:] if login else words
    user = getpwuid(sys, sys.uid)
    if user is None:
        await sys.stderr.write(f"{called}: unknown user\n")
        return 1
    if words:
        group = getgrgid(sys, int(words[0])) if words[0].isdigit() else getgrnam(sys, words[0])
        if group is None:
            await sys.stderr.write(f"{called}: group '{words[0]}' does not exist\n")
            return 1
        gid = group.gid
        if sys.uid and gid != user.gid and user.name not in group.members:
            await sys.stderr.write("Password: \nInvalid password.\n")
            return 1
    else:
        gid = user.gid
    if gid not in sys.groups:
        sys.setgroups([*sys.groups, gid])
    sys.setgid(gid)
    sys.setuid(sys.uid)
    shell = user.shell or "/bin/sh"
    base = shell.rpartition("/")[2]
    arguments = ["-c", *words[words.index("-c") + 1 :]] if "-c" in words else []
    if called == "sg" and not arguments and len(words) > 1:
        arguments = ["-c", " ".join(words[1:])]
    try:
        await sys.execve(shell, [f"-{base}" if login else base, *arguments], sys.env)
    except SysError as error:
        await sys.stderr.write(f"{called}: {shell}: {error}\n")
        return 127 if error.name == "ENOENT" else 126
