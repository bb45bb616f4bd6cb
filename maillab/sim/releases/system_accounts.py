"""The accounts of a fresh disk: base-passwd's, and those that packages add with `adduser --system`.

Numbers are given as adduser(8) does: the first free one from 100 up, users and groups apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from maillab.sim.host.accounts import Group, Shadow, User
from maillab.sim.releases.package import Package, SystemGroup, SystemUser

FIRST_SYSTEM_ID = 100
LAST_SYSTEM_ID = 999


class Accounts:
    """Users, groups and shadow entries that are being made."""

    def __init__(self, users: Iterable[User], groups: Iterable[Group], shadow: Iterable[Shadow]):
        self.users = list(users)
        self.groups = list(groups)
        self.shadow = list(shadow)
        self.today = 0

    def lock_everybody(self, today: int) -> None:
        """Shadow entries without password for every user, changed on a day (days since 1970)."""
        self.today = today
        self.shadow = [Shadow(user.name, "*", today, 0, 99999, 7) for user in self.users]

    def add_for(self, package: Package) -> None:
        """The accounts of a package that are not there yet."""
        for user in package.users:
            self.add_user(user)
        for group in package.groups:
            self.add_group(group)
        for name, members in package.members.items():
            for member in members:
                self.add_member(name, member)

    def add_group(self, group: SystemGroup) -> int:
        """The number of the group, made when it is missing."""
        for known in self.groups:
            if known.name == group.name:
                return known.gid
        gid = group.gid if group.gid is not None else _free(known.gid for known in self.groups)
        self.groups.append(Group(group.name, "x", gid, ()))
        return gid

    def add_user(self, user: SystemUser) -> None:
        """The user, made when it is missing, with a group of its own when its group has its name."""
        if any(known.name == user.name for known in self.users):
            return
        uid = user.uid if user.uid is not None else _free(known.uid for known in self.users)
        gid = self.add_group(SystemGroup(user.group))
        self.users.append(User(user.name, "x", uid, gid, user.gecos, user.home, user.shell))
        self.shadow.append(Shadow(user.name, "!", self.today))

    def add_member(self, name: str, member: str) -> None:
        """A user in a further group; nothing when one of them is missing."""
        if not any(known.name == member for known in self.users):
            return
        for place, group in enumerate(self.groups):
            if group.name == name and member not in group.members:
                self.groups[place] = group._replace(members=(*group.members, member))

    def files(self) -> Iterator[tuple[str, int, str, bytes]]:
        """Path, mode, group and content of the four account files."""
        yield "/etc/passwd", 0o644, "root", _lines(user.line() for user in self.users)
        yield "/etc/group", 0o644, "root", _lines(group.line() for group in self.groups)
        yield "/etc/shadow", 0o640, "shadow", _lines(entry.line() for entry in self.shadow)
        yield (
            "/etc/gshadow",
            0o640,
            "shadow",
            _lines(f"{g.name}:{'!' if g.gid >= 100 and g.gid < 60000 else '*'}::{','.join(g.members)}" for g in self.groups),
        )


def _free(taken: Iterable[int]) -> int:
    used = frozenset(taken)
    return next(number for number in range(FIRST_SYSTEM_ID, LAST_SYSTEM_ID + 1) if number not in used)


def _lines(lines: Iterable[str]) -> bytes:
    return "".join(line + "\n" for line in lines).encode()
