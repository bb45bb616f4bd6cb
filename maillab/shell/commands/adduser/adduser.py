"""adduser - add a user or group to the system

SYNOPSIS
    adduser [--disabled-password] [--gecos TEXT] [--home DIR] [--shell SHELL] [--uid ID] [--ingroup GROUP|--gid ID] USER
    adduser --system [--group] [--home DIR] [--no-create-home] USER
    addgroup [--system] [--gid ID] GROUP
    adduser USER GROUP

DESCRIPTION
    The friendly front end: it makes the account, its group and its home directory with the files of /etc/skel, asks for a password and for
    the comment field, and tells each step. Its settings are in /etc/adduser.conf.

BUGS
    --firstuid and the like, --add-extra-groups and --conf are refused.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NoReturn

from maillab.shell.commands.adduser._help import ADDUSER
from maillab.shell.commands.passwd._database import AccountFiles, GroupShadow, new_id, today
from maillab.shell.commands.passwd._home import copy_tree
from maillab.shell.conversation import ask
from maillab.shell.options import Given, gnu
from maillab.sim.host.accounts import Group, Shadow, User
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"adduser": ["/usr/sbin/adduser", "/usr/sbin/addgroup"]}
OPTIONS = gnu(
    "--quiet --verbose --debug -h,--help --version --system --group --ingroup= --gid= --uid= --home= --shell= --gecos= --comment= "
    "--no-create-home --disabled-password --disabled-login --allow-badname,--force-badname,--allow-bad-names "
    "--allow-all-names --firstuid= --lastuid= "
    "--firstgid= --lastgid= --add-extra-groups --conf=",
    standard=False,
)
REFUSED = ("firstuid", "lastuid", "firstgid", "lastgid", "add-extra-groups", "conf")
NAME = re.compile(r"[a-z][-a-z0-9_]*\$?\Z")
SYSTEM_NAME = re.compile(r"[A-Za-z_][-A-Za-z0-9_]*\$?\Z")
BAD_NAME = """adduser: Please enter a username matching the regular expression
            configured via the NAME_REGEX configuration variable.  Use the
            `--allow-bad-names' option to relax this check or reconfigure
            NAME_REGEX in configuration.
"""


async def main(sys: Process, argv: list[str]) -> int:
    given = await OPTIONS.read(sys, argv, status=1, hint="")
    if given.has("help"):
        await sys.stdout.write(ADDUSER)
        return 0
    if given.has("version"):
        await sys.stdout.write("adduser version 3.134\n")
        return 0
    return await _Call(sys, given, argv[0].rpartition("/")[2]).run()


def read_settings(sys: Process, path: str) -> dict[str, str]:
    """The assignments of adduser.conf or deluser.conf."""
    try:
        text = sys.slurp(path).decode("utf-8", "surrogateescape")
    except SysError:
        return {}
    pairs = (line.partition("=") for line in text.splitlines() if "=" in line and not line.lstrip().startswith("#"))
    return {name.strip(): value.strip().strip('"') for name, _, value in pairs}


class _Call:
    """One call of adduser or addgroup."""

    def __init__(self, sys: Process, given: Given, called: str):
        self.sys = sys
        self.given = given
        self.called = called
        self.files = AccountFiles(sys)
        self.settings = read_settings(sys, "/etc/adduser.conf")

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
        if given.has(*REFUSED):
            await self.die("this option is not simulated")
        if self.sys.euid:
            await self.die("Only root may add a user or group to the system.")
        as_group = self.called == "addgroup" or (given.has("group") and not given.has("system"))
        if len(names) == 2 and not given.has("system"):
            return await self._member(names[0], names[1])
        if len(names) != 1:
            await self.die("Only one or two names allowed.")
        if as_group:
            return await self._group(names[0])
        if given.has("system"):
            return await self._system_user(names[0])
        return await self._user(names[0])

    def _number(self, name: str, default: int) -> int:
        text = self.settings.get(name, "")
        return int(text) if text.isdigit() else default

    async def _member(self, user: str, group: str) -> int:
        if self.files.user(user) is None:
            await self.die(f"The user `{user}' does not exist.")
        found = self.files.group(group)
        if found is None:
            await self.die(f"The group `{group}' does not exist.")
        if user in found.members:
            await self.sys.stderr.write(f"{self.called}: The user `{user}' is already a member of `{group}'.\n")
            return 0
        await self.say(f"Adding user `{user}' to group `{group}' ...")
        self.files.set_members(found, [*found.members, user])
        self.files.save()
        await self.say("Done.")
        return 0

    # --- groups -----------------------------------------------------------------------------------------------------

    async def _gid(self, system: bool, preferred: int | None = None) -> int:
        text = self.given.last("gid")
        if text is not None and self.called == "addgroup":
            if not text.isdigit():
                await self.die(f"invalid GID {text}")
            if self.files.group_of(text):
                await self.die(f"The GID `{text}' is already in use.")
            return int(text)
        used = [group.gid for group in self.files.groups]
        if preferred is not None and preferred not in used:
            return preferred
        low, high = (self._number("FIRST_SYSTEM_GID", 100), self._number("LAST_SYSTEM_GID", 999)) if system else (
            self._number("FIRST_GID", 1000), self._number("LAST_GID", 59999)
        )  # fmt: skip
        free = next((number for number in range(low, high + 1) if number not in used), None) if system else new_id(used, low, high, False)
        if free is None:
            await self.die("No GID is available in the range.")
        return free

    def _enter_group(self, name: str, gid: int) -> None:
        self.files.put(Group(name, "x", gid, ()))
        self.files.put(GroupShadow(name, "!", (), ()))
        self.sys.syslog("authpriv", "info", "groupadd", f"new group: name={name}, GID={gid}")

    async def _group(self, name: str) -> int:
        await self._check_name(name)
        system = self.given.has("system")
        known = self.files.group(name)
        if known:
            if system:
                await self.sys.stderr.write(f"{self.called}: The group `{name}' already exists as a system group. Exiting.\n")
                return 0
            await self.die(f"The group `{name}' already exists.")
        gid = await self._gid(system)
        await self.say(f"Adding group `{name}' (GID {gid}) ...")
        self._enter_group(name, gid)
        self.files.save()
        await self.say("Done.")
        return 0

    # --- users ------------------------------------------------------------------------------------------------------

    async def _check_name(self, name: str) -> None:
        pattern = SYSTEM_NAME if self.given.has("system") or self.given.has("allow-badname") else NAME
        if self.given.has("allow-all-names"):
            return
        if not pattern.match(name) or len(name) > 32:
            await self.sys.stderr.write(BAD_NAME.replace("adduser:", f"{self.called}:", 1))
            self.sys.exit(1)

    async def _uid(self, system: bool) -> int:
        text = self.given.last("uid")
        used = [user.uid for user in self.files.users]
        if text is not None:
            if not text.isdigit():
                await self.die(f"invalid UID {text}")
            if int(text) in used:
                await self.die(f"The UID {text} is already in use.")
            return int(text)
        low, high = (self._number("FIRST_SYSTEM_UID", 100), self._number("LAST_SYSTEM_UID", 999)) if system else (
            self._number("FIRST_UID", 1000), self._number("LAST_UID", 59999)
        )  # fmt: skip
        free = next((number for number in range(low, high + 1) if number not in used), None)
        if free is None:
            await self.die("No UID is available in the range.")
        return free

    async def _chosen_group(self) -> Group | None:
        text = self.given.last("ingroup") or self.given.last("gid")
        if text is None:
            return None
        found = self.files.group_of(text)
        if found is None:
            await self.die(f"The group `{text}' does not exist.")
        return found

    async def _system_user(self, name: str) -> int:
        await self._check_name(name)
        known = self.files.user(name)
        if known:
            if known.uid < 1000:
                await self.sys.stderr.write(f"{self.called}: The system user `{name}' already exists. Exiting.\n")
                return 0
            await self.die(f"The user `{name}' already exists, but is not a system user. Exiting.")
        uid = await self._uid(True)
        await self.say(f"Adding system user `{name}' (UID {uid}) ...")
        group = await self._chosen_group()
        if group is None and self.given.has("group"):
            gid = await self._gid(True)
            await self.say(f"Adding new group `{name}' (GID {gid}) ...")
            self._enter_group(name, gid)
            group = self.files.group(name)
        if group is None:
            group = self.files.group("nogroup") or Group("nogroup", "x", 65534, ())
        await self.say(f"Adding new user `{name}' (UID {uid}) with group `{group.name}' ...")
        home = self.given.last("home") or "/nonexistent"
        user = User(name, "x", uid, group.gid, self._gecos(), home, self.given.last("shell") or "/usr/sbin/nologin")
        self.files.put(user)
        self.files.put(Shadow(name, "!", today(self.sys)))
        self.files.save()
        self._log(user)
        if self.given.has("no-create-home") or home == "/nonexistent":
            await self.say(f"Not creating `{home}'." if home == "/nonexistent" else f"Not creating home directory `{home}'.")
        else:
            await self._home(user, skeleton=False)
        return 0

    def _gecos(self) -> str:
        return self.given.last("gecos") or self.given.last("comment") or ""

    def _log(self, user: User) -> None:
        text = f"new user: name={user.name}, UID={user.uid}, GID={user.gid}, home={user.home}, shell={user.shell}, from=none"
        self.sys.syslog("authpriv", "info", "useradd", text)

    async def _user(self, name: str) -> int:
        await self._check_name(name)
        if self.files.user(name):
            await self.die(f"The user `{name}' already exists.")
        given = self.given
        await self.say(f"Adding user `{name}' ...")
        uid = await self._uid(False)
        group = await self._chosen_group()
        if group is None:
            if self.files.group(name):
                await self.die(f"The group `{name}' already exists.")
            gid = await self._gid(False, uid)
            await self.say(f"Adding new group `{name}' ({gid}) ...")
            self._enter_group(name, gid)
            group = Group(name, "x", gid, ())
        await self.say(f"Adding new user `{name}' ({uid}) with group `{group.name} ({group.gid})' ...")
        home = given.last("home") or f"{self.settings.get('DHOME', '/home')}/{name}"
        user = User(name, "x", uid, group.gid, self._gecos(), home, given.last("shell") or self.settings.get("DSHELL", "/bin/bash"))
        self.files.put(user)
        self.files.put(Shadow(name, "!", today(self.sys), 0, 99999, 7))
        self.files.save()
        self._log(user)
        if given.has("no-create-home"):
            await self.say(f"Not creating home directory `{home}'.")
        else:
            await self._home(user, skeleton=True)
        if not given.has("disabled-password", "disabled-login"):
            await self._password(name)
        if not given.has("gecos", "comment"):
            await self._comment(name)
        await self._extra_groups(name)
        return 0

    async def _home(self, user: User, skeleton: bool) -> None:
        sys = self.sys
        if sys.exists(user.home):
            await self.sys.stderr.write(f"{self.called}: Warning: The home directory `{user.home}' already exists.\n")
            return
        await self.say(f"Creating home directory `{user.home}' ...")
        parts = user.home.strip("/").split("/")
        for depth in range(1, len(parts) + 1):
            path = "/" + "/".join(parts[:depth])
            if not sys.exists(path):
                sys.mkdir(path, 0o755)
        source = self.settings.get("SKEL", "/etc/skel")
        if skeleton and sys.isdir(source):
            await self.say(f"Copying files from `{source}' ...")
            copy_tree(sys, source, user.home, user.uid, user.gid)
        sys.chown(user.home, user.uid, user.gid)
        default = 0o700 if skeleton and sys.program.version >= (3, 122) else 0o755
        mode = self.settings.get("DIR_MODE" if skeleton else "SYS_DIR_MODE", "")
        sys.chmod(user.home, int(mode, 8) if mode.isdigit() else default)

    async def _password(self, name: str) -> None:
        """passwd, again as long as the person wants to try again."""
        while True:
            await self.sys.stdout.flush()
            pid = self.sys.spawn("/usr/bin/passwd", ["passwd", name])
            _, status = await self.sys.waitpid(pid)
            if status is not None and status.exited and status.code == 0:
                return
            answer = await ask(self.sys, "Try again? [y/N] ")
            if answer is None or not answer.strip().lower().startswith("y"):
                return

    async def _comment(self, name: str) -> None:
        while True:
            await self.sys.stdout.flush()
            pid = self.sys.spawn("/usr/bin/chfn", ["chfn", name])
            await self.sys.waitpid(pid)
            answer = await ask(self.sys, "Is the information correct? [Y/n] ")
            if answer is None or not answer.strip().lower().startswith("n"):
                return

    async def _extra_groups(self, name: str) -> None:
        """Debian 12 puts new users into the group users."""
        group = self.files.group("users")
        if self.sys.program.version < (3, 130) or group is None:
            return
        self.files = AccountFiles(self.sys)
        await self.say(f"Adding new user `{name}' to supplemental / extra groups `users' ...")
        await self.say(f"Adding user `{name}' to group `users' ...")
        self.files.set_members(group, [*group.members, name])
        self.files.save()
