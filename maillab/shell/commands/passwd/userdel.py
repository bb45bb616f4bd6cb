"""userdel - delete a user account and related files

SYNOPSIS
    userdel [options] LOGIN

DESCRIPTION
    Removes the account, its group when nobody else is in it, and its memberships; with -r also its home directory and mailbox.

BUGS
    -R, -P and -Z are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell import proc
from maillab.shell.commands.passwd._database import AccountFiles, cannot_lock, die, login_defs
from maillab.shell.commands.passwd._home import remove_tree
from maillab.shell.commands.passwd._usage import USAGE
from maillab.shell.options import gnu
from maillab.sim.host.accounts import GROUP, GSHADOW, PASSWD, SHADOW, User
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"passwd": "/usr/sbin/userdel"}
OPTIONS = gnu("-f,--force -h,--help -r,--remove -R,--root= -P,--prefix= -Z,--selinux-user", standard=False)


async def main(sys: Process, argv: list[str]) -> int:
    given = await OPTIONS.read(sys, argv, status=2, hint=USAGE["userdel"])
    if given.has("help"):
        await sys.stdout.write(USAGE["userdel"])
        return 0
    if len(given.operands) != 1 or given.has("root", "prefix", "selinux-user"):
        await sys.stderr.write(USAGE["userdel"])
        return 2
    name = given.operands[0]
    files = AccountFiles(sys)
    user = files.user(name)
    if user is None:
        await die(sys, "userdel", f"user '{name}' does not exist", 6)
    if sys.euid:
        await cannot_lock(sys, "userdel")
    busy = _process_of(sys, user.uid)
    if busy and not given.has("force"):
        await die(sys, "userdel", f"user {name} is currently used by process {busy}", 8)
    _forget(sys, files, user)
    files.save()
    sys.syslog("authpriv", "info", "userdel", f"delete user '{name}'")
    return await _remove_files(sys, user) if given.has("remove") else 0


def _process_of(sys: Process, uid: int) -> int:
    for process in proc.processes(sys):
        if process.uid == uid:
            return process.pid
    return 0


def _forget(sys: Process, files: AccountFiles, user: User) -> None:
    files.remove(PASSWD, user.name)
    files.remove(SHADOW, user.name)
    for group in files.groups:
        if user.name in group.members:
            files.set_members(group, [member for member in group.members if member != user.name])
    own = files.group(user.name)
    if login_defs(sys).get("USERGROUPS_ENAB", "yes") != "yes" or own is None or own.gid != user.gid:
        return
    if own.members or any(other.gid == own.gid for other in files.users):
        return
    files.remove(GROUP, own.name)
    files.remove(GSHADOW, own.name)
    sys.syslog("authpriv", "info", "userdel", f"removed group '{own.name}' owned by '{user.name}'")
    sys.syslog("authpriv", "info", "userdel", f"removed shadow group '{own.name}' owned by '{user.name}'")


async def _remove_files(sys: Process, user: User) -> int:
    status = 0
    mailbox = f"{login_defs(sys).get('MAIL_DIR', '/var/mail')}/{user.name}"
    if not sys.exists(mailbox):
        await sys.stderr.write(f"userdel: {user.name} mail spool ({mailbox}) not found\n")
    else:
        remove_tree(sys, mailbox) if sys.isdir(mailbox) else sys.unlink(mailbox)
    if not sys.exists(user.home):
        await sys.stderr.write(f"userdel: {user.name} home directory ({user.home}) not found\n")
        return status
    if sys.stat(user.home).uid != user.uid:
        await sys.stderr.write(f"userdel: {user.home} not owned by {user.name}, not removing\n")
        return 12
    try:
        remove_tree(sys, user.home)
    except SysError as error:
        await sys.stderr.write(f"userdel: error removing directory {user.home}: {error}\n")
        status = 12
    return status
