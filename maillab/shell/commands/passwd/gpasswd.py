"""gpasswd - administer /etc/group and /etc/gshadow

SYNOPSIS
    gpasswd -a USER GROUP
    gpasswd -d USER GROUP
    gpasswd -M USER,... GROUP
    gpasswd -A USER,... GROUP
    gpasswd -r|-R GROUP

BUGS
    Group passwords are not simulated: `gpasswd GROUP` is refused, as is -Q.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.passwd._database import AccountFiles, die
from maillab.shell.commands.passwd._usage import USAGE
from maillab.shell.options import gnu
from maillab.sim.host.accounts import user_name

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"passwd": "/usr/bin/gpasswd"}
OPTIONS = gnu(
    "-a,--add= -d,--delete= -h,--help -Q,--root= -r,--remove-password -R,--restrict -M,--members= -A,--administrators=", standard=False
)


async def main(sys: Process, argv: list[str]) -> int:
    given = await OPTIONS.read(sys, argv, status=2, hint=USAGE["gpasswd"])
    if given.has("help"):
        await sys.stdout.write(USAGE["gpasswd"])
        return 0
    if len(given.operands) != 1 or given.has("root"):
        await sys.stderr.write(USAGE["gpasswd"])
        return 2
    name = given.operands[0]
    files = AccountFiles(sys)
    group = files.group(name)
    if group is None:
        await die(sys, "gpasswd", f"group '{name}' does not exist in /etc/group", 3)
    hidden = files.group_shadow(name)
    me = user_name(sys, sys.uid)
    if sys.uid and not (hidden and me in hidden.administrators):
        await die(sys, "gpasswd", "Permission denied.", 1)
    listed = (given.last("members") or given.last("administrators") or "").split(",")
    for user in [given.last("add"), given.last("delete") if given.has("add") else None, *listed]:
        if user and files.user(user) is None:
            await die(sys, "gpasswd", f"user '{user}' does not exist", 3)
    if given.has("add"):
        user = given.last("add") or ""
        await sys.stdout.write(f"Adding user {user} to group {name}\n")
        files.set_members(group, [*(member for member in group.members if member != user), user])
        sys.syslog("authpriv", "info", "gpasswd", f"user {user} added by {me} to group {name}")
    elif given.has("delete"):
        user = given.last("delete") or ""
        await sys.stdout.write(f"Removing user {user} from group {name}\n")
        if user not in group.members:
            await die(sys, "gpasswd", f"user '{user}' is not a member of '{name}'", 3)
        files.set_members(group, [member for member in group.members if member != user])
        sys.syslog("authpriv", "info", "gpasswd", f"user {user} removed by {me} from group {name}")
    elif given.has("members"):
        files.set_members(group, [user for user in listed if user])
    elif hidden and given.has("administrators"):
        files.put(hidden._replace(administrators=tuple(user for user in listed if user)))
    elif hidden and given.has("remove-password", "restrict"):
        files.put(hidden._replace(password="" if given.has("remove-password") else "!"))
    else:
        await die(sys, "gpasswd", "group passwords are not simulated", 1)
    files.save()
    return 0
