"""useradd - create a new user or update default new user information

SYNOPSIS
    useradd [options] LOGIN
    useradd -D

DESCRIPTION
    Adds a line to /etc/passwd and /etc/shadow, a group of the same name (unless -N or -g is given), and with -m a home directory with the
    files of /etc/skel. Without -p the account has no password (`!`). Numbers are the next after the highest of the ranges in
    /etc/login.defs; system accounts (-r) go downwards from 999.

BUGS
    -R, -P, -Z, --btrfs-subvolume-home and changing the defaults with -D are refused.
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
    new_uid,
    number_of,
    parse_date,
    today,
    valid_name,
)
from maillab.shell.commands.passwd._home import make_home
from maillab.shell.commands.passwd._usage import USAGE
from maillab.shell.options import Given, gnu
from maillab.sim.host.accounts import Group, Shadow, User

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"passwd": "/usr/sbin/useradd"}
OPTIONS = gnu(
    "--badname -b,--base-dir= --btrfs-subvolume-home -c,--comment= -d,--home-dir= -D,--defaults -e,--expiredate= -f,--inactive= "
    "-F,--add-subids-for-system -g,--gid= -G,--groups= -h,--help -k,--skel= -K,--key= -l,--no-log-init -m,--create-home "
    "-M,--no-create-home "
    "-N,--no-user-group -o,--non-unique -p,--password= -r,--system -R,--root= -P,--prefix= -s,--shell= -u,--uid= -U,--user-group "
    "-Z,--selinux-user=",
    standard=False,
)
REFUSED = ("root", "prefix", "btrfs-subvolume-home", "selinux-user")


async def main(sys: Process, argv: list[str]) -> int:
    given = await OPTIONS.read(sys, argv, status=2, hint=USAGE["useradd"])
    if given.has("help"):
        await sys.stdout.write(USAGE["useradd"])
        return 0
    for name in REFUSED:
        if given.has(name):
            await die(sys, "useradd", f"option --{name} is not simulated", 2)
    if given.has("defaults"):
        return await _defaults(sys, given)
    if len(given.operands) != 1:
        await sys.stderr.write(USAGE["useradd"])
        return 2
    return await _Addition(sys, given).run()


async def _defaults(sys: Process, given: Given) -> int:
    if len(given.found) > 1:
        await die(sys, "useradd", "changing the defaults is not simulated", 2)
    values = {"GROUP": "100", "HOME": "/home", "INACTIVE": "-1", "EXPIRE": "", "SHELL": "/bin/sh", "SKEL": "/etc/skel"}
    values |= {"CREATE_MAIL_SPOOL": "no", "LOG_INIT": "yes"} | _default_file(sys)
    await sys.stdout.write("".join(f"{name}={value}\n" for name, value in values.items()))
    return 0


def _default_file(sys: Process) -> dict[str, str]:
    """The settings of /etc/default/useradd."""
    if not sys.exists("/etc/default/useradd"):
        return {}
    lines = sys.slurp("/etc/default/useradd").decode("utf-8", "surrogateescape").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


class _Addition:
    """One run: what is asked for, checked in the order of the real program."""

    def __init__(self, sys: Process, given: Given):
        self.sys = sys
        self.given = given
        self.name = given.operands[0]
        self.settings = login_defs(sys) | dict(pair.split("=", 1) for pair in given.values("key") if "=" in pair)
        self.defaults = _default_file(sys)
        self.files = AccountFiles(sys)
        self.system = given.has("system")

    async def run(self) -> int:
        given = self.given
        if not given.has("badname") and not valid_name(self.name):
            await die(self.sys, "useradd", f"invalid user name '{self.name}': use --badname to ignore", 3)
        await self._check_arguments()
        if self.files.user(self.name):
            await die(self.sys, "useradd", f"user '{self.name}' already exists", 9)
        own_group = self._wants_own_group()
        if own_group and self.files.group(self.name):
            text = f"group {self.name} exists - if you want to add this user to that group, use -g."
            await die(self.sys, "useradd", text, 9)
        if self.sys.euid:
            await cannot_lock(self.sys, "useradd")
        uid = await self._uid()
        gid = await self._gid(uid) if own_group else self._primary()
        user = User(self.name, "x", uid, gid, given.last("comment") or "", self._home(), self._shell())
        self._enter(user, own_group)
        if self._wants_home():
            await make_home(self.sys, user, given.last("skel") or self.defaults.get("SKEL", "/etc/skel"), self.settings)
        return 0

    def _wants_own_group(self) -> bool:
        if self.given.has("user-group"):
            return True
        if self.given.has("gid", "no-user-group"):
            return False
        return self.settings.get("USERGROUPS_ENAB", "yes").lower() == "yes"

    def _wants_home(self) -> bool:
        if self.given.has("no-create-home"):
            return False
        return self.given.has("create-home") or (self.settings.get("CREATE_HOME", "no") == "yes" and not self.system)

    async def _check_arguments(self) -> None:
        given, sys = self.given, self.sys
        comment, home, shell, uid = given.last("comment"), given.last("home-dir"), given.last("shell"), given.last("uid")
        if comment is not None and (":" in comment or "\n" in comment):
            await die(sys, "useradd", f"invalid comment '{comment}'", 3)
        if home is not None and (not home.startswith("/") or ":" in home):
            await die(sys, "useradd", f"invalid home directory '{home}'", 3)
        if uid is not None and not uid.isdigit():
            await die(sys, "useradd", f"invalid user ID '{uid}'", 3)
        if shell and (not shell.startswith("/") or ":" in shell):
            await die(sys, "useradd", f"invalid shell '{shell}'", 3)
        if shell and (not sys.isfile(shell) or not sys.access(shell, "x")):
            await sys.stderr.write(f"useradd: Warning: missing or non-executable shell '{shell}'\n")
        for option, what in (("expiredate", "date"), ("inactive", "numeric argument")):
            text = given.last(option)
            try:
                parse_date(text or "")
            except ValueError:
                await die(sys, "useradd", f"invalid {what} '{text}'", 3)
        group = given.last("gid")
        if group is not None and self.files.group_of(group) is None:
            await die(sys, "useradd", f"group '{group}' does not exist", 6)
        missing = [text for text in self._group_names() if self.files.group_of(text) is None]
        for text in missing:
            await sys.stderr.write(f"useradd: group '{text}' does not exist\n")
        if missing:
            sys.exit(6)

    def _group_names(self) -> list[str]:
        return [text for text in (self.given.last("groups") or "").split(",") if text]

    async def _uid(self) -> int:
        text = self.given.last("uid")
        if text is not None:
            if any(user.uid == int(text) for user in self.files.users) and not self.given.has("non-unique"):
                await die(self.sys, "useradd", f"UID {text} is not unique", 4)
            return int(text)
        uid = new_uid(self.files, self.settings, self.system)
        if uid is None:
            await die(self.sys, "useradd", "can't get unique UID (no more available UIDs)", 4)
        return uid

    async def _gid(self, uid: int) -> int:
        gid = new_gid(self.files, self.settings, self.system, uid)
        if gid is None:
            await die(self.sys, "useradd", "can't get unique GID (no more available GIDs)", 4)
        return gid

    def _primary(self) -> int:
        group = self.files.group_of(self.given.last("gid") or self.defaults.get("GROUP", "100"))
        return group.gid if group else 100

    def _home(self) -> str:
        base = self.given.last("base-dir") or self.defaults.get("HOME", "/home")
        return self.given.last("home-dir") or f"{base}/{self.name}"

    def _shell(self) -> str:
        shell = self.given.last("shell")
        return self.defaults.get("SHELL", "/bin/sh") if shell is None else shell

    def _enter(self, user: User, own_group: bool) -> None:
        """Write the entries, and say so in the log."""
        settings, sys = self.settings, self.sys
        expire = parse_date(self.given.last("expiredate") or self.defaults.get("EXPIRE", ""))
        inactive = parse_date(self.given.last("inactive") or self.defaults.get("INACTIVE", ""))
        ages = [None, None, None] if self.system else [
            number_of(settings, "PASS_MIN_DAYS", 0), number_of(settings, "PASS_MAX_DAYS", 99999), number_of(settings, "PASS_WARN_AGE", 7),
        ]  # fmt: skip
        self.files.put(user)
        self.files.put(Shadow(user.name, self.given.last("password") or "!", today(sys), ages[0], ages[1], ages[2], inactive, expire))
        if own_group:
            self.files.put(Group(user.name, "x", user.gid, ()))
            self.files.put(GroupShadow(user.name, "!", (), ()))
        log = f"name={user.name}, UID={user.uid}, GID={user.gid}, home={user.home}, shell={user.shell}, from={_terminal(sys)}"
        if own_group:
            sys.syslog("authpriv", "info", "useradd", f"group added to /etc/group: name={user.name}, GID={user.gid}")
            sys.syslog("authpriv", "info", "useradd", f"group added to /etc/gshadow: name={user.name}")
            sys.syslog("authpriv", "info", "useradd", f"new group: name={user.name}, GID={user.gid}")
        sys.syslog("authpriv", "info", "useradd", f"new user: {log}")
        for text in self._group_names():
            group = self.files.group_of(text)
            if group and user.name not in group.members:
                self.files.set_members(group, [*group.members, user.name])
                sys.syslog("authpriv", "info", "useradd", f"add '{user.name}' to group '{group.name}'")
                sys.syslog("authpriv", "info", "useradd", f"add '{user.name}' to shadow group '{group.name}'")
        self.files.save()


def _terminal(sys: Process) -> str:
    return sys.ttyname(0) if 0 in sys.fds and sys.isatty(0) else "none"
