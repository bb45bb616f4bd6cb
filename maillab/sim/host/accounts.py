"""Accounts: /etc/passwd, /etc/group and /etc/shadow as the C library reads them (passwd(5), group(5), shadow(5)).

Every question goes through the process's own files, so that edits, chroots and permissions count. The parsed
form is remembered by content: asking a thousand times costs one parse. Lines that are not well-formed are
skipped, as glibc's `files` service does.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

PASSWD: Final = "/etc/passwd"
GROUP: Final = "/etc/group"
SHADOW: Final = "/etc/shadow"
GSHADOW: Final = "/etc/gshadow"


class User(NamedTuple):
    """A line of passwd(5)."""

    name: str
    password: str
    uid: int
    gid: int
    gecos: str
    home: str
    shell: str

    def line(self) -> str:
        """The line of /etc/passwd, without newline."""
        return f"{self.name}:{self.password}:{self.uid}:{self.gid}:{self.gecos}:{self.home}:{self.shell}"


class Group(NamedTuple):
    """A line of group(5)."""

    name: str
    password: str
    gid: int
    members: tuple[str, ...]

    def line(self) -> str:
        """The line of /etc/group, without newline."""
        return f"{self.name}:{self.password}:{self.gid}:{','.join(self.members)}"


class Shadow(NamedTuple):
    """A line of shadow(5); days since 1970, None where the field is empty."""

    name: str
    password: str
    changed: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    warn: int | None = None
    inactive: int | None = None
    expire: int | None = None
    flag: str = ""

    def line(self) -> str:
        """The line of /etc/shadow, without newline."""
        days = (self.changed, self.minimum, self.maximum, self.warn, self.inactive, self.expire)
        numbers = ":".join("" if day is None else str(day) for day in days)
        return f"{self.name}:{self.password}:{numbers}:{self.flag}"


class _Users(NamedTuple):
    every: tuple[User, ...]
    by_name: dict[str, User]
    by_uid: dict[int, User]


class _Groups(NamedTuple):
    every: tuple[Group, ...]
    by_name: dict[str, Group]
    by_gid: dict[int, Group]
    by_member: dict[str, list[int]]


def parse_passwd(data: bytes) -> tuple[User, ...]:
    """The users of a passwd file, in its order."""
    return _users(data).every


def parse_group(data: bytes) -> tuple[Group, ...]:
    """The groups of a group file, in its order."""
    return _groups(data).every


@lru_cache(maxsize=64)
def _users(data: bytes) -> _Users:
    every: list[User] = []
    for line in data.decode("utf-8", "surrogateescape").split("\n"):
        fields = line.split(":")
        if len(fields) == 7 and fields[0] and fields[2].isdigit() and fields[3].isdigit() and not line.startswith("#"):
            name, password, uid, gid, gecos, home, shell = fields
            every.append(User(name, password, int(uid), int(gid), gecos, home, shell))
    by_name: dict[str, User] = {}
    by_uid: dict[int, User] = {}
    for user in every:
        by_name.setdefault(user.name, user)
        by_uid.setdefault(user.uid, user)
    return _Users(tuple(every), by_name, by_uid)


@lru_cache(maxsize=64)
def _groups(data: bytes) -> _Groups:
    every: list[Group] = []
    for line in data.decode("utf-8", "surrogateescape").split("\n"):
        fields = line.split(":")
        if len(fields) == 4 and fields[0] and fields[2].isdigit() and not line.startswith("#"):
            members = tuple(member.strip() for member in fields[3].split(",") if member.strip())
            every.append(Group(fields[0], fields[1], int(fields[2]), members))
    by_name: dict[str, Group] = {}
    by_gid: dict[int, Group] = {}
    by_member: dict[str, list[int]] = {}
    for group in every:
        by_name.setdefault(group.name, group)
        by_gid.setdefault(group.gid, group)
        for member in group.members:
            by_member.setdefault(member, []).append(group.gid)
    return _Groups(tuple(every), by_name, by_gid, by_member)


@lru_cache(maxsize=64)
def parse_shadow(data: bytes) -> tuple[Shadow, ...]:
    """The entries of a shadow file, in its order."""
    every: list[Shadow] = []
    for line in data.decode("utf-8", "surrogateescape").split("\n"):
        fields = line.split(":")
        if len(fields) == 9 and fields[0]:
            a, b, c, d, e, f = (int(field) if field.lstrip("-").isdigit() else None for field in fields[2:8])
            every.append(Shadow(fields[0], fields[1], a, b, c, d, e, f, fields[8]))
    return tuple(every)


def _read(sys: Process, path: str) -> bytes:
    try:
        return sys.slurp(path)
    except SysError:
        return b""


def getpwnam(sys: Process, name: str) -> User | None:
    """The user of a name, None when there is none (or /etc/passwd cannot be read)."""
    return _users(_read(sys, PASSWD)).by_name.get(name)


def getpwuid(sys: Process, uid: int) -> User | None:
    """The first user of a number."""
    return _users(_read(sys, PASSWD)).by_uid.get(uid)


def getpwall(sys: Process) -> tuple[User, ...]:
    """All users, in the order of /etc/passwd."""
    return _users(_read(sys, PASSWD)).every


def getgrnam(sys: Process, name: str) -> Group | None:
    """The group of a name."""
    return _groups(_read(sys, GROUP)).by_name.get(name)


def getgrgid(sys: Process, gid: int) -> Group | None:
    """The first group of a number."""
    return _groups(_read(sys, GROUP)).by_gid.get(gid)


def getgrall(sys: Process) -> tuple[Group, ...]:
    """All groups, in the order of /etc/group."""
    return _groups(_read(sys, GROUP)).every


def getgrouplist(sys: Process, name: str, gid: int) -> list[int]:
    """getgrouplist(3): the primary group first, then every group the user is a member of, in the file's order."""
    found = [gid]
    for other in _groups(_read(sys, GROUP)).by_member.get(name, ()):
        if other not in found:
            found.append(other)
    return found


def getspnam(sys: Process, name: str) -> Shadow | None:
    """The shadow entry of a user; None when there is none or when the process may not read /etc/shadow."""
    for entry in parse_shadow(_read(sys, SHADOW)):
        if entry.name == name:
            return entry
    return None


def user_name(sys: Process, uid: int) -> str:
    """The name of a uid, or its number as text, as ls and ps print it."""
    user = getpwuid(sys, uid)
    return user.name if user else str(uid)


def group_name(sys: Process, gid: int) -> str:
    """The name of a gid, or its number as text."""
    group = getgrgid(sys, gid)
    return group.name if group else str(gid)
