"""runuser - run a command as another user, without asking

SYNOPSIS
    runuser -u USER [--] COMMAND [ARGUMENT]...
    runuser -g GROUP -u USER [--] COMMAND [ARGUMENT]...

DESCRIPTION
    For root only: runs the command with the user's uid, gid and groups; the environment stays.

BUGS
    The second form of the real program (`runuser [-] USER -c COMMAND`, as su) is refused: use su.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.findutils._exec import start
from maillab.shell.options import gnu
from maillab.sim.host.accounts import getgrnam, getgrouplist, getpwnam
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"util-linux": "/sbin/runuser"}
SINCE = {"util-linux": (2, 23)}

OPTIONS = gnu("-u,--user= -g,--group= -h,--help -V,--version", permute=False, standard=False)
HELP = """
Usage:
 runuser [options] -u <user> [[--] <command>]
 runuser [options] [-] [<user> [<argument>...]]

Run <command> with the effective user ID and group ID of <user>.  If -u is
not given, fall back to su(1)-compatible semantics and execute standard shell.
The options -c, -f, -l, and -s are mutually exclusive with -u.

Options:
 -u, --user <user>               username
 -m, -p, --preserve-environment      do not reset environment variables
 -w, --whitelist-environment <list>  don't reset specified variables

 -g, --group <group>             specify the primary group
 -G, --supp-group <group>        specify a supplemental group

 -, -l, --login                  make the shell a login shell
 -c, --command <command>         pass a single command to the shell with -c
 --session-command <command>     pass a single command to the shell with -c
                                   and do not create a new session
 -f, --fast                      pass -f to the shell (for csh or tcsh)
 -s, --shell <shell>             run <shell> if /etc/shells allows it
 -P, --pty                       create a new pseudo-terminal

 -h, --help                      display this help
 -V, --version                   display version


For more details see runuser(1).
"""


async def main(sys: Process, argv: list[str]) -> int:
    """runuser."""
    given = await OPTIONS.read(sys, argv, help=HELP, version="runuser from util-linux 2.38.1\n")
    if sys.euid:
        await sys.stderr.print("runuser: may not be used by non-root users")
        return 1
    name = given.last("user")
    if name is None:
        sys.unsimulated("runuser without -u")
        await sys.stderr.print("runuser: only the form with -u is simulated; use su")
        return 1
    user, group = getpwnam(sys, name), getgrnam(sys, given.last("group") or "")
    if user is None:
        await sys.stderr.print(f"runuser: user {name} does not exist or the user entry does not contain all the required fields")
        return 1
    if given.has("group") and group is None:
        await sys.stderr.print(f"runuser: group {given.last('group')} does not exist")
        return 1
    if not given.operands:
        await sys.stderr.print("runuser: no command was specified")
        return 1
    gid = group.gid if group else user.gid
    sys.setgroups(getgrouplist(sys, name, gid))
    sys.setgid(gid)
    sys.setuid(user.uid)
    try:
        return (await start(sys, given.operands)).shell
    except SysError as error:
        await sys.stderr.print(f"runuser: failed to execute {given.operands[0]}: {error}")
        return 127 if error.name == "ENOENT" else 126
