"""pwconv, pwunconv, grpconv, grpunconv - convert to and from shadow files

SYNOPSIS
    pwconv
    pwunconv
    grpconv
    grpunconv

DESCRIPTION
    pwconv moves the passwords of /etc/passwd to /etc/shadow, entries without a user go; pwunconv moves them back and removes
    /etc/shadow. grpconv and grpunconv do so with /etc/group and /etc/gshadow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.passwd._database import AccountFiles, GroupShadow, cannot_lock, today
from maillab.sim.host.accounts import GROUP, GSHADOW, PASSWD, SHADOW, Shadow

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"passwd": ["/usr/sbin/pwconv", "/usr/sbin/pwunconv", "/usr/sbin/grpconv", "/usr/sbin/grpunconv"]}


async def main(sys: Process, argv: list[str]) -> int:
    """The four of them."""
    program = argv[0].rpartition("/")[2]
    if sys.euid:
        await cannot_lock(sys, program, GROUP if program.startswith("grp") else PASSWD)
    hidden = GSHADOW if program.startswith("grp") else SHADOW
    if "un" in program and not sys.exists(hidden):
        return 0
    if "un" not in program and not sys.exists(hidden):
        sys.spew(hidden, b"", mode=0o640)
        sys.chmod(hidden, 0o640)
    files = AccountFiles(sys)
    {"pwconv": _hide_users, "pwunconv": _show_users, "grpconv": _hide_groups, "grpunconv": _show_groups}[program](sys, files)
    files.save()
    if "un" in program:
        sys.unlink(hidden)
    return 0


def _hide_users(sys: Process, files: AccountFiles) -> None:
    for user in files.users:
        known = files.shadow(user.name)
        if known is None:
            files.put(Shadow(user.name, user.password, today(sys), 0, 99999, 7))
        elif user.password != "x":
            files.put(known._replace(password=user.password, changed=today(sys)))
        files.put(user._replace(password="x"))
    for entry in [entry for entry in files.tables[SHADOW] if isinstance(entry, Shadow) and files.user(entry.name) is None]:
        files.remove(SHADOW, entry.name)


def _show_users(sys: Process, files: AccountFiles) -> None:
    for user in files.users:
        known = files.shadow(user.name)
        if known is not None and user.password == "x":
            files.put(user._replace(password=known.password))


def _hide_groups(sys: Process, files: AccountFiles) -> None:
    for group in files.groups:
        known = files.group_shadow(group.name)
        if known is None:
            files.put(GroupShadow(group.name, group.password, (), group.members))
        elif group.password != "x":
            files.put(known._replace(password=group.password))
        files.put(group._replace(password="x"))
    for entry in [entry for entry in files.tables[GSHADOW] if isinstance(entry, GroupShadow) and files.group(entry.name) is None]:
        files.remove(GSHADOW, entry.name)


def _show_groups(sys: Process, files: AccountFiles) -> None:
    for group in files.groups:
        known = files.group_shadow(group.name)
        if known is not None and group.password == "x":
            files.put(group._replace(password=known.password))
