"""groupdel - delete a group

SYNOPSIS
    groupdel [options] GROUP

BUGS
    -R and -P are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.passwd._database import AccountFiles, cannot_lock, die
from maillab.shell.commands.passwd._usage import USAGE
from maillab.shell.options import gnu
from maillab.sim.host.accounts import GROUP, GSHADOW

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"passwd": "/usr/sbin/groupdel"}
OPTIONS = gnu("-h,--help -R,--root= -P,--prefix= -f,--force", standard=False)


async def main(sys: Process, argv: list[str]) -> int:
    given = await OPTIONS.read(sys, argv, status=2, hint=USAGE["groupdel"])
    if given.has("help"):
        await sys.stdout.write(USAGE["groupdel"])
        return 0
    if len(given.operands) != 1 or given.has("root", "prefix"):
        await sys.stderr.write(USAGE["groupdel"])
        return 2
    name = given.operands[0]
    files = AccountFiles(sys)
    group = files.group(name)
    if group is None:
        await die(sys, "groupdel", f"group '{name}' does not exist", 6)
    owner = next((user for user in files.users if user.gid == group.gid), None)
    if owner and not given.has("force"):
        await die(sys, "groupdel", f"cannot remove the primary group of user '{owner.name}'", 8)
    if sys.euid:
        await cannot_lock(sys, "groupdel", GROUP)
    files.remove(GROUP, name)
    files.remove(GSHADOW, name)
    files.save()
    sys.syslog("authpriv", "info", "groupdel", f"group '{name}' removed from /etc/group")
    sys.syslog("authpriv", "info", "groupdel", f"group '{name}' removed from /etc/gshadow")
    sys.syslog("authpriv", "info", "groupdel", f"group '{name}' removed")
    return 0
