"""usermod - modify a user account

SYNOPSIS
    usermod [options] LOGIN

DESCRIPTION
    Changes the entries of an account: -l its name, -u and -g its numbers, -G its further groups (with -a added to those it has), -d
    its home
    directory (with -m the files move there), -s its shell, -c its comment, -L and -U lock and unlock its password.

BUGS
    -R, -P, -Z and the subordinate ids (-v -V -w -W) are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.passwd._database import AccountFiles, cannot_lock, die, parse_date, valid_name
from maillab.shell.commands.passwd._usage import USAGE
from maillab.shell.options import Given, gnu
from maillab.sim.host.accounts import Shadow, User
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"passwd": "/usr/sbin/usermod"}
OPTIONS = gnu(
    "-a,--append -b,--badname -c,--comment= -d,--home= -e,--expiredate= -f,--inactive= -g,--gid= -G,--groups= -h,--help "
    "-l,--login= -L,--lock "
    "-m,--move-home -o,--non-unique -p,--password= -P,--prefix= -r,--remove -R,--root= -s,--shell= -u,--uid= -U,--unlock -v,--add-subuids= "
    "-V,--del-subuids= -w,--add-subgids= -W,--del-subgids= -Z,--selinux-user=",
    standard=False,
)
REFUSED = ("root", "prefix", "selinux-user", "add-subuids", "del-subuids", "add-subgids", "del-subgids")


async def main(sys: Process, argv: list[str]) -> int:
    given = await OPTIONS.read(sys, argv, status=2, hint=USAGE["usermod"])
    if given.has("help"):
        await sys.stdout.write(USAGE["usermod"])
        return 0
    if len(given.operands) != 1 or not given.found or given.has(*REFUSED):
        await sys.stderr.write(USAGE["usermod"])
        return 2
    return await _Change(sys, given).run()


class _Change:
    """One run of usermod."""

    def __init__(self, sys: Process, given: Given):
        self.sys = sys
        self.given = given
        self.name = given.operands[0]
        self.files = AccountFiles(sys)

    def log(self, text: str) -> None:
        """A line in auth.log."""
        self.sys.syslog("authpriv", "info", "usermod", text)

    async def run(self) -> int:
        user = self.files.user(self.name)
        if user is None:
            await die(self.sys, "usermod", f"user '{self.name}' does not exist", 6)
        for flag, needed, letters in (("append", "groups", "-a and -G"), ("move-home", "home", "-m and -d")):
            if self.given.has(flag) and not self.given.has(needed):
                first, second = letters.split(" and ")
                await self.sys.stderr.write(f"usermod: {first} flag is only allowed with the {second} flag\n{USAGE['usermod']}")
                return 2
        changed = await self._changed_user(user)
        await self._check_groups()
        if self.sys.euid:
            await cannot_lock(self.sys, "usermod")
        if changed != user:
            self._log_changes(user, changed)
            self.files.put(changed, user.name)
        await self._shadow(user, changed)
        self._groups(user, changed)
        self.files.save()
        return await self._home(user, changed)

    async def _changed_user(self, user: User) -> User:
        given, sys, files = self.given, self.sys, self.files
        login, uid, gid, home = given.last("login"), given.last("uid"), given.last("gid"), given.last("home")
        comment, shell = given.last("comment"), given.last("shell")
        if login is not None and login != user.name:
            if not valid_name(login):
                await die(sys, "usermod", f"invalid user name '{login}': use --badname to ignore", 3)
            if files.user(login):
                await die(sys, "usermod", f"user '{login}' already exists", 9)
            user = user._replace(name=login)
        if uid is not None:
            if not uid.isdigit():
                await die(sys, "usermod", f"invalid user ID '{uid}'", 3)
            if int(uid) != user.uid and any(known.uid == int(uid) for known in files.users) and not given.has("non-unique"):
                await die(sys, "usermod", f"UID '{uid}' already exists", 4)
            user = user._replace(uid=int(uid))
        if gid is not None:
            group = files.group_of(gid)
            if group is None:
                await die(sys, "usermod", f"group '{gid}' does not exist", 6)
            user = user._replace(gid=group.gid)
        if shell and (not sys.isfile(shell) or not sys.access(shell, "x")):
            await sys.stderr.write(f"usermod: Warning: missing or non-executable shell '{shell}'\n")
        if comment is not None and (":" in comment or "\n" in comment):
            await die(sys, "usermod", f"invalid field '{comment}'", 3)
        return user._replace(
            home=user.home if home is None else home,
            shell=user.shell if shell is None else shell,
            gecos=user.gecos if comment is None else comment,
        )

    async def _check_groups(self) -> None:
        missing = [text for text in self._wanted() if self.files.group_of(text) is None]
        for text in missing:
            await self.sys.stderr.write(f"usermod: group '{text}' does not exist\n")
        if missing:
            self.sys.exit(6)

    def _wanted(self) -> list[str]:
        return [text for text in (self.given.last("groups") or "").split(",") if text]

    def _log_changes(self, old: User, new: User) -> None:
        if old.name != new.name:
            self.log(f"change user name '{old.name}' to '{new.name}'")
        for what, before, after in (
            ("UID", old.uid, new.uid),
            ("GID", old.gid, new.gid),
            ("home", old.home, new.home),
            ("shell", old.shell, new.shell),
        ):
            if before != after:
                self.log(f"change user '{new.name}' {what} from '{before}' to '{after}'")

    async def _shadow(self, old: User, new: User) -> None:
        entry = self.files.shadow(old.name)
        if entry is None:
            return
        changed = entry._replace(name=new.name)
        given = self.given
        if given.has("password"):
            changed = changed._replace(password=given.last("password") or "")
        if given.has("lock") and not changed.password.startswith("!"):
            changed = changed._replace(password="!" + changed.password)
            self.log(f"lock user '{new.name}' password")
        if given.has("unlock") and changed.password.startswith("!"):
            changed = await self._unlocked(changed)
        for option, field in (("expiredate", "expire"), ("inactive", "inactive")):
            text = given.last(option)
            if text is not None:
                try:
                    changed = changed._replace(**{field: parse_date(text)})  # type: ignore[arg-type]
                except ValueError:
                    await die(self.sys, "usermod", f"invalid date '{text}'", 3)
        if changed != entry:
            self.files.put(changed, old.name)

    async def _unlocked(self, entry: Shadow) -> Shadow:
        if entry.password == "!":
            await self.sys.stderr.write(
                "usermod: unlocking the user's password would result in a passwordless account.\n"
                "You should set a password with usermod -p to unlock this user's password.\n"
            )
            return entry
        self.log(f"unlock user '{entry.name}' password")
        return entry._replace(password=entry.password[1:])

    def _groups(self, old: User, new: User) -> None:
        """Memberships: those of -G, added to the old ones with -a, taken away with -r; renamed with the user."""
        given = self.given
        wanted = {group.name for text in self._wanted() if (group := self.files.group_of(text))}
        for group in self.files.groups:
            was = old.name in group.members
            will = was
            if given.has("groups"):
                if given.has("remove"):
                    will = was and group.name not in wanted
                else:
                    will = group.name in wanted or (was and given.has("append"))
            if was == will and (not was or old.name == new.name):
                continue
            members = [member for member in group.members if member != old.name]
            if was and will:
                members = [new.name if member == old.name else member for member in group.members]
            elif will:
                members.append(new.name)
            self.files.set_members(group, members)
            if was != will:
                verb = f"add '{new.name}' to" if will else f"delete '{new.name}' from"
                self.log(f"{verb} group '{group.name}'")
                self.log(f"{verb} shadow group '{group.name}'")

    async def _home(self, old: User, new: User) -> int:
        """Move the home directory, and give it to a new uid."""
        sys = self.sys
        if self.given.has("move-home") and old.home != new.home and sys.isdir(old.home):
            if sys.exists(new.home):
                await die(sys, "usermod", f"directory {new.home} exists", 12)
            try:
                sys.rename(old.home, new.home)
            except SysError as error:
                await die(sys, "usermod", f"cannot rename directory {old.home} to {new.home}: {error}", 12)
        if old.uid != new.uid or (old.gid != new.gid):
            if sys.isdir(new.home) and sys.stat(new.home).uid == old.uid:
                _give(sys, new.home, old, new)
        mailbox = f"/var/mail/{old.name}"
        if old.name != new.name and sys.isfile(mailbox) and sys.stat(mailbox).uid == old.uid:
            sys.rename(mailbox, f"/var/mail/{new.name}")
        return 0


def _give(sys: Process, path: str, old: User, new: User) -> None:
    about = sys.lstat(path)
    if about.kind == "d":
        for name in sys.listdir(path):
            _give(sys, f"{path}/{name}", old, new)
    sys.lchown(path, new.uid if about.uid == old.uid else -1, new.gid if about.gid == old.gid else -1)
