"""deluser - remove a user or group from the system

SYNOPSIS
    deluser [--remove-home] [--system] USER
    delgroup [--system] [--only-if-empty] GROUP
    deluser USER GROUP

BUGS
    --backup, --remove-all-files and --conf are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from maillab.shell.commands.adduser._help import DELUSER
from maillab.shell.commands.adduser.adduser import read_settings
from maillab.shell.commands.passwd._database import AccountFiles
from maillab.shell.commands.passwd._home import remove_tree
from maillab.shell.options import Given, gnu
from maillab.sim.host.accounts import GROUP, GSHADOW, PASSWD, SHADOW

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"adduser": ["/usr/sbin/deluser", "/usr/sbin/delgroup"]}
OPTIONS = gnu(
    "--quiet --debug --verbose -h,--help --version --system --only-if-empty --group --remove-home --remove-all-files --backup --backup-to= "
    "--backup-suffix= --force --conf=",
    standard=False,
)


async def main(sys: Process, argv: list[str]) -> int:
    given = await OPTIONS.read(sys, argv, status=1, hint="")
    if given.has("help"):
        await sys.stdout.write(DELUSER)
        return 0
    return await _Call(sys, given, argv[0].rpartition("/")[2]).run()


class _Call:
    """One call of deluser or delgroup."""

    def __init__(self, sys: Process, given: Given, called: str):
        self.sys = sys
        self.given = given
        self.called = called
        self.files = AccountFiles(sys)

    async def say(self, text: str) -> None:
        """A step, unless --quiet."""
        if not self.given.has("quiet"):
            await self.sys.stdout.write(text + "\n")
            await self.sys.stdout.flush()

    async def die(self, text: str, status: int = 1) -> NoReturn:
        """An error, and the end."""
        await self.sys.stdout.flush()
        await self.sys.stderr.write(f"{self.called}: {text}\n")
        self.sys.exit(status)

    async def run(self) -> int:
        given, names = self.given, self.given.operands
        if given.has("backup", "backup-to", "backup-suffix", "remove-all-files", "conf"):
            await self.die("this option is not simulated")
        if self.sys.euid:
            await self.die("Only root may remove a user or group from the system.")
        if not 1 <= len(names) <= 2:
            await self.die("Only one or two names allowed.")
        if len(names) == 2:
            return await self._member(names[0], names[1])
        if self.called == "delgroup" or given.has("group"):
            return await self._group(names[0])
        return await self._user(names[0])

    async def _member(self, user: str, group: str) -> int:
        found = self.files.group(group)
        if self.files.user(user) is None:
            await self.die(f"The user `{user}' does not exist.", 2)
        if found is None:
            await self.die(f"The group `{group}' does not exist.", 3)
        if user not in found.members:
            await self.die(f"The user `{user}' is not a member of group `{group}'.", 6)
        await self.say(f"Removing user `{user}' from group `{group}' ...")
        self.files.set_members(found, [member for member in found.members if member != user])
        self.files.save()
        await self.say("Done.")
        return 0

    async def _group(self, name: str) -> int:
        group = self.files.group(name)
        if group is None:
            if self.given.has("system"):
                await self.sys.stderr.write(f"{self.called}: The group `{name}' does not exist.\n")
                return 0
            await self.die(f"The group `{name}' does not exist.", 3)
        owner = next((user for user in self.files.users if user.gid == group.gid), None)
        if owner:
            await self.die(f"`{owner.name}' still has `{name}' as their primary group!", 7)
        if self.given.has("only-if-empty") and group.members:
            await self.die(f"The group `{name}' is not empty!", 5)
        await self.say(f"Removing group `{name}' ...")
        self.files.remove(GROUP, name)
        self.files.remove(GSHADOW, name)
        self.files.save()
        await self.say("Done.")
        return 0

    async def _user(self, name: str) -> int:
        user = self.files.user(name)
        if user is None:
            if self.given.has("system"):
                await self.sys.stderr.write(f"{self.called}: The user `{name}' does not exist.\n")
                return 0
            await self.die(f"The user `{name}' does not exist.", 2)
        if self.given.has("system") and not 100 <= user.uid < 1000:
            await self.die(f"The user `{name}' is not a system user. Exiting.")
        if not self.sys.exists("/usr/bin/crontab"):
            await self.sys.stderr.write(
                f"{self.called}: `/usr/bin/crontab' not executed. Skipping crontab removal. Package `cron' required.\n"
            )
        home = self.given.has("remove-home") or read_settings(self.sys, "/etc/deluser.conf").get("REMOVE_HOME") == "1"
        if home:
            await self.say("Looking for files to backup/remove ...")
            await self.say("Removing files ...")
            if self.sys.isdir(user.home) and user.home != "/":
                remove_tree(self.sys, user.home)
            mailbox = f"/var/mail/{name}"
            if self.sys.isfile(mailbox):
                self.sys.unlink(mailbox)
        await self.say(f"Removing user `{name}' ...")
        self.files.remove(PASSWD, name)
        self.files.remove(SHADOW, name)
        for group in self.files.groups:
            if name in group.members:
                self.files.set_members(group, [member for member in group.members if member != name])
        own = self.files.group(name)
        if own and own.gid == user.gid and not own.members:
            self.files.remove(GROUP, name)
            self.files.remove(GSHADOW, name)
        self.files.save()
        self.sys.syslog("authpriv", "info", "userdel", f"delete user '{name}'")
        await self.say("Done.")
        return 0
