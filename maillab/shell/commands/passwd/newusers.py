"""newusers - add or update users in batch

SYNOPSIS
    newusers [FILE]

DESCRIPTION
    Reads lines as of passwd(5) with passwords in clear: `name:password:uid:gid:gecos:home:shell`. Without uid the next free one is taken;
    without gid a group of the user's name is made; the home directory is made when it does not exist. One wrong line and nothing is done.

BUGS
    -r, -b and -R are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.passwd._database import AccountFiles, GroupShadow, cannot_lock, die, today
from maillab.shell.options import gnu
from maillab.sim.host.accounts import Group, Shadow, User
from maillab.sim.host.crypt import hash_password
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"passwd": "/usr/sbin/newusers"}

OPTIONS = gnu("-b,--badname -h,--help -r,--system -R,--root=", standard=False)
USAGE = """Usage: newusers [options]

Options:
  -b, --badname                 allow bad names
  -h, --help                    display this help message and exit
  -r, --system                  create system accounts
  -R, --root CHROOT_DIR         directory to chroot into

"""
FIRST, LAST = 1000, 60000


class BadUser(Exception):
    """A line that cannot be done: the sentence about it."""


async def main(sys: Process, argv: list[str]) -> int:
    """newusers."""
    given = await OPTIONS.read(sys, argv, help=USAGE, status=1, hint=USAGE)
    if given.has("badname", "system", "root"):
        await die(sys, "newusers", "-b, -r and -R are not simulated", 1)
    if sys.euid:
        await cannot_lock(sys, "newusers")
    try:
        data = sys.slurp(given.operands[0]) if given.operands else await sys.stdin.read()
    except SysError as error:
        await die(sys, "newusers", f"{given.operands[0]}: {error}", 1)
    files = AccountFiles(sys)
    made: list[User] = []
    wrong = False
    for number, line in enumerate(data.decode("utf-8", "surrogateescape").splitlines(), 1):
        try:
            made.append(_enter(sys, files, line))
        except BadUser as error:
            await sys.stderr.print(f"newusers: line {number}: {error}")
            wrong = True
    if wrong:
        await die(sys, "newusers", "error detected, changes ignored", 1)
    files.save()
    for user in made:
        if user.home and not sys.exists(user.home):
            await _make_home(sys, user)
    return 0


def _enter(sys: Process, files: AccountFiles, line: str) -> User:
    """One line into the tables. Raises BadUser."""
    fields = line.split(":")
    if len(fields) != 7:
        raise BadUser("invalid line")
    name, password, uid, gid, gecos, home, shell = fields
    known = files.user(name)
    number = known.uid if known else _number(uid, [user.uid for user in files.users])
    group = _group(files, name, gid, number)
    user = User(name, "x", number, group, gecos, home, shell)
    files.put(user)
    hashed = hash_password(password, "YESCRYPT" if sys.program.version >= (4, 1, 5) else "MD5", sys.random)
    entry = files.shadow(name) or Shadow(name, "", minimum=0, maximum=99999, warn=7)
    files.put(entry._replace(password=hashed, changed=today(sys)))
    return user


def _number(text: str, used: list[int]) -> int:
    """The uid of a field: a number, another user's, or the next free one."""
    if text.isdigit():
        return int(text)
    if text:
        raise BadUser(f"invalid user ID '{text}'")
    return max([number for number in used if FIRST <= number < LAST], default=FIRST - 1) + 1


def _group(files: AccountFiles, name: str, text: str, uid: int) -> int:
    """The gid of a field; makes the user's own group when there is none."""
    found = files.group_of(text) if text else files.group(name)
    if found is not None:
        return found.gid
    if text and not text.isdigit():
        raise BadUser(f"invalid group ID '{text}'")
    used = [group.gid for group in files.groups]
    number = int(text) if text else uid if uid not in used else _number("", used)
    files.put(Group(name, "x", number, ()))
    files.put(GroupShadow(name, "*", (), ()))
    return number


async def _make_home(sys: Process, user: User) -> None:
    try:
        sys.mkdir(user.home, 0o755)
        sys.chown(user.home, user.uid, user.gid)
    except SysError as error:
        await sys.stderr.print(f"newusers: line 1: mkdir {user.home} failed: {error}")
