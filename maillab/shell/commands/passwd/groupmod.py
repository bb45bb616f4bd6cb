"""groupmod - modify a group definition on the system

SYNOPSIS
    groupmod [options] GROUP

BUGS
    -R and -P are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.passwd._database import AccountFiles, cannot_lock, die, valid_name
from maillab.shell.commands.passwd._usage import USAGE
from maillab.shell.options import gnu
from maillab.sim.host.accounts import GROUP

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"passwd": "/usr/sbin/groupmod"}
OPTIONS = gnu(
    "-a,--append -g,--gid= -h,--help -n,--new-name= -o,--non-unique -p,--password= -R,--root= -P,--prefix= -U,--users=", standard=False
)


async def main(sys: Process, argv: list[str]) -> int:
    given = await OPTIONS.read(sys, argv, status=2, hint=USAGE["groupmod"])
    if given.has("help"):
        await sys.stdout.write(USAGE["groupmod"])
        return 0
    if len(given.operands) != 1 or given.has("root", "prefix"):
        await sys.stderr.write(USAGE["groupmod"])
        return 2
    files = AccountFiles(sys)
    name, gid, new = given.operands[0], given.last("gid"), given.last("new-name")
    group = files.group(name)
    if group is None:
        await die(sys, "groupmod", f"group '{name}' does not exist", 6)
    if gid is not None and not gid.isdigit():
        await die(sys, "groupmod", f"invalid group ID '{gid}'", 3)
    if gid is not None and int(gid) != group.gid and files.group_of(gid) and not given.has("non-unique"):
        await die(sys, "groupmod", f"GID '{gid}' already exists", 4)
    if new is not None and not valid_name(new):
        await die(sys, "groupmod", f"invalid group name '{new}'", 3)
    if new is not None and new != name and files.group(new):
        await die(sys, "groupmod", f"group '{new}' already exists", 9)
    if sys.euid:
        await cannot_lock(sys, "groupmod", GROUP)
    members = group.members
    if given.has("users"):
        listed = tuple(user for user in (given.last("users") or "").split(",") if user)
        members = (*members, *(user for user in listed if user not in members)) if given.has("append") else listed
    changed = group._replace(name=new or name, gid=int(gid) if gid is not None else group.gid, members=members)
    files.put(changed, name)
    hidden = files.group_shadow(name)
    if hidden:
        password = given.last("password")
        files.put(hidden._replace(name=changed.name, members=members, password=hidden.password if password is None else password), name)
    if changed.gid != group.gid:
        for user in files.users:
            if user.gid == group.gid:
                files.put(user._replace(gid=changed.gid))
    files.save()
    what = "".join([f", new name: {new}" if new else "", f", new gid: {gid}" if gid else ""])
    sys.syslog("authpriv", "info", "groupmod", f"group changed in /etc/group (group {name}/{group.gid}{what})")
    return 0
