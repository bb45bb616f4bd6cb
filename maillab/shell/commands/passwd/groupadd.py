"""groupadd - create a new group

SYNOPSIS
    groupadd [options] GROUP

BUGS
    -R and -P are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.passwd._database import (
    AccountFiles,
    GroupShadow,
    cannot_lock,
    die,
    login_defs,
    new_gid,
    valid_name,
)
from maillab.shell.commands.passwd._usage import USAGE
from maillab.shell.options import gnu
from maillab.sim.host.accounts import GROUP, Group

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"passwd": "/usr/sbin/groupadd"}
OPTIONS = gnu(
    "-f,--force -g,--gid= -h,--help -K,--key= -o,--non-unique -p,--password= -r,--system -R,--root= -P,--prefix= -U,--users=",
    standard=False,
)


async def main(sys: Process, argv: list[str]) -> int:
    given = await OPTIONS.read(sys, argv, status=2, hint=USAGE["groupadd"])
    if given.has("help"):
        await sys.stdout.write(USAGE["groupadd"])
        return 0
    if len(given.operands) != 1 or given.has("root", "prefix"):
        await sys.stderr.write(USAGE["groupadd"])
        return 2
    name, text = given.operands[0], given.last("gid")
    if text is not None and not text.isdigit():
        await die(sys, "groupadd", f"invalid group ID '{text}'", 3)
    if not valid_name(name):
        await die(sys, "groupadd", f"'{name}' is not a valid group name", 3)
    files = AccountFiles(sys)
    if files.group(name):
        if given.has("force"):
            return 0
        await die(sys, "groupadd", f"group '{name}' already exists", 9)
    if text is not None and files.group_of(text) and not given.has("non-unique"):
        if not given.has("force"):
            await die(sys, "groupadd", f"GID '{text}' already exists", 4)
        text = None
    if sys.euid:
        await cannot_lock(sys, "groupadd", GROUP)
    settings = login_defs(sys) | dict(pair.split("=", 1) for pair in given.values("key") if "=" in pair)
    gid = int(text) if text is not None else new_gid(files, settings, given.has("system"))
    if gid is None:
        await die(sys, "groupadd", "Can't get unique GID (no more available GIDs)", 4)
    members = tuple(user for user in (given.last("users") or "").split(",") if user)
    files.put(Group(name, "x", gid, members))
    files.put(GroupShadow(name, given.last("password") or "!", (), members))
    files.save()
    sys.syslog("authpriv", "info", "groupadd", f"group added to /etc/group: name={name}, GID={gid}")
    sys.syslog("authpriv", "info", "groupadd", f"group added to /etc/gshadow: name={name}")
    sys.syslog("authpriv", "info", "groupadd", f"new group: name={name}, GID={gid}")
    return 0
