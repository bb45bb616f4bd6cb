"""The account files, read to be changed: passwd, group, shadow and gshadow together, written back as the shadow suite does.

A file that changed gets a backup (`/etc/passwd-`) and is replaced by rename, with its owner and mode. Lines that are
not entries stay as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple, NoReturn, TypeVar

from maillab.sim.host.accounts import GROUP, GSHADOW, PASSWD, SHADOW, Group, Shadow, User, parse_group, parse_passwd, parse_shadow
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

DAY: Final = 86_400_000_000


class GroupShadow(NamedTuple):
    """A line of gshadow(5)."""

    name: str
    password: str
    administrators: tuple[str, ...]
    members: tuple[str, ...]

    def line(self) -> str:
        """The line of /etc/gshadow, without newline."""
        return f"{self.name}:{self.password}:{','.join(self.administrators)}:{','.join(self.members)}"


Record = TypeVar("Record", User, Group, Shadow, GroupShadow)


class Table(list[User | Group | Shadow | GroupShadow | str]):
    """The lines of one file: entries, and other lines as text."""

    changed = False


class AccountFiles:
    """The four files of one system."""

    def __init__(self, sys: Process):
        self.sys = sys
        self.tables = {path: _load(sys, path) for path in (PASSWD, GROUP, SHADOW, GSHADOW)}

    @property
    def users(self) -> list[User]:
        """All users."""
        return [entry for entry in self.tables[PASSWD] if isinstance(entry, User)]

    @property
    def groups(self) -> list[Group]:
        """All groups."""
        return [entry for entry in self.tables[GROUP] if isinstance(entry, Group)]

    def user(self, name: str) -> User | None:
        """The user of a name."""
        return next((user for user in self.users if user.name == name), None)

    def group(self, name: str) -> Group | None:
        """The group of a name."""
        return next((group for group in self.groups if group.name == name), None)

    def group_of(self, text: str) -> Group | None:
        """The group of a name or number."""
        if text.isdigit():
            return next((group for group in self.groups if group.gid == int(text)), None)
        return self.group(text)

    def shadow(self, name: str) -> Shadow | None:
        """The shadow entry of a user."""
        return next((entry for entry in self.tables[SHADOW] if isinstance(entry, Shadow) and entry.name == name), None)

    def group_shadow(self, name: str) -> GroupShadow | None:
        """The gshadow entry of a group."""
        return next((entry for entry in self.tables[GSHADOW] if isinstance(entry, GroupShadow) and entry.name == name), None)

    def put(self, entry: User | Group | Shadow | GroupShadow, old_name: str = "") -> None:
        """Replace the entry of this name (or of its old name), or add it at the end."""
        path = {User: PASSWD, Group: GROUP, Shadow: SHADOW, GroupShadow: GSHADOW}[type(entry)]
        table = self.tables[path]
        if path in (SHADOW, GSHADOW) and not self.sys.exists(path):
            return
        table.changed = True
        for place, known in enumerate(table):
            if not isinstance(known, str) and known.name == (old_name or entry.name):
                table[place] = entry
                return
        table.append(entry)

    def remove(self, path: str, name: str) -> bool:
        """Remove the entry of a name from one file; whether there was one."""
        table = self.tables[path]
        for place, known in enumerate(table):
            if not isinstance(known, str) and known.name == name:
                del table[place]
                table.changed = True
                return True
        return False

    def set_members(self, group: Group, members: Sequence[str]) -> None:
        """The members of a group, in group and gshadow."""
        self.put(group._replace(members=tuple(members)))
        hidden = self.group_shadow(group.name)
        if hidden:
            self.put(hidden._replace(members=tuple(members)))

    def save(self) -> None:
        """Write what changed. Raises SysError."""
        for path, table in self.tables.items():
            if table.changed:
                text = "".join((entry if isinstance(entry, str) else entry.line()) + "\n" for entry in table)
                replace_file(self.sys, path, text.encode("utf-8", "surrogateescape"))
                table.changed = False

    async def save_or_die(self, program: str, path: str = PASSWD) -> None:
        """Write what changed; without the permission, say so and end."""
        if self.sys.euid:
            await cannot_lock(self.sys, program, path)
        self.save()


def replace_file(sys: Process, path: str, data: bytes) -> None:
    """A new content by rename, with the old owner and mode, and a backup PATH-."""
    old = sys.stat(path)
    sys.spew(path + "-", sys.slurp(path), mode=0o600)
    sys.chmod(path + "-", old.mode & 0o777)
    sys.chown(path + "-", old.uid, old.gid)
    sys.spew(path + "+", data, mode=0o600)
    sys.chown(path + "+", old.uid, old.gid)
    sys.chmod(path + "+", old.mode & 0o777)
    sys.rename(path + "+", path)


def _load(sys: Process, path: str) -> Table:
    try:
        data = sys.slurp(path)
    except SysError:
        return Table()
    table = Table()
    for line in data.decode("utf-8", "surrogateescape").splitlines():
        raw = line.encode("utf-8", "surrogateescape")
        found: Sequence[User | Group | Shadow | GroupShadow]
        if path == PASSWD:
            found = parse_passwd(raw)
        elif path == GROUP:
            found = parse_group(raw)
        elif path == SHADOW:
            found = parse_shadow(raw)
        else:
            found = _parse_gshadow(line)
        table.append(found[0] if found else line)
    return table


def _parse_gshadow(line: str) -> list[GroupShadow]:
    fields = line.split(":")
    if len(fields) != 4 or not fields[0]:
        return []
    administrators, members = (tuple(name for name in text.split(",") if name) for text in fields[2:])
    return [GroupShadow(fields[0], fields[1], administrators, members)]


def today(sys: Process) -> int:
    """Days since 1970."""
    return sys.clock() // DAY


def login_defs(sys: Process) -> dict[str, str]:
    """The settings of /etc/login.defs."""
    try:
        text = sys.slurp("/etc/login.defs").decode("utf-8", "surrogateescape")
    except SysError:
        return {}
    words = (line.split(None, 1) for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#"))
    return {pair[0]: pair[1].strip().strip('"') if len(pair) > 1 else "" for pair in words}


def number_of(settings: dict[str, str], name: str, default: int) -> int:
    """A number of login.defs, octal and hexadecimal as in C."""
    text = settings.get(name, "")
    try:
        return int(text, 8 if text.startswith("0") and text.isdigit() else 0)
    except ValueError:
        return default


def new_id(used: Sequence[int], low: int, high: int, system: bool) -> int | None:
    """A free number, as the shadow suite chooses: after the highest of the range, for system accounts before the lowest."""
    inside = {number for number in used if low <= number <= high}
    candidate = (min(inside) - 1 if system else max(inside) + 1) if inside else (high if system else low)
    if low <= candidate <= high:
        return candidate
    order = range(high, low - 1, -1) if system else range(low, high + 1)
    return next((number for number in order if number not in inside), None)


def new_uid(files: AccountFiles, settings: dict[str, str], system: bool) -> int | None:
    """A free uid of the ranges in login.defs."""
    return new_id([user.uid for user in files.users], *_range(settings, "UID", system), system)


def new_gid(files: AccountFiles, settings: dict[str, str], system: bool, preferred: int | None = None) -> int | None:
    """A free gid; the preferred one when it is free."""
    used = [group.gid for group in files.groups]
    low, high = _range(settings, "GID", system)
    if preferred is not None and low <= preferred <= high and preferred not in used:
        return preferred
    return new_id(used, low, high, system)


def _range(settings: dict[str, str], kind: str, system: bool) -> tuple[int, int]:
    low = number_of(settings, f"{kind}_MIN", 1000)
    if system:
        return number_of(settings, f"SYS_{kind}_MIN", 101), number_of(settings, f"SYS_{kind}_MAX", low - 1)
    return low, number_of(settings, f"{kind}_MAX", 60000)


def valid_name(name: str) -> bool:
    """Debian's idea of a possible name: nothing that would break the files or look like an option."""
    return (
        bool(name)
        and name[0] not in "-+~"
        and name not in (".", "..")
        and len(name) <= 32
        and not any(c in ":,/" or c.isspace() for c in name)
    )


async def die(sys: Process, program: str, text: str, status: int) -> NoReturn:
    """Print `PROGRAM: TEXT` and end."""
    await sys.stderr.write(f"{program}: {text}\n")
    sys.exit(status)


async def cannot_lock(sys: Process, program: str, path: str = PASSWD) -> NoReturn:
    """What happens to who may not change the files."""
    await sys.stderr.write(f"{program}: Permission denied.\n{program}: cannot lock {path}; try again later.\n")
    sys.exit(10 if program.startswith("group") else 1)


def parse_date(text: str) -> int | None:
    """Days since 1970 of YYYY-MM-DD or of a number; None for no date ("", -1). Raises ValueError."""
    if text in ("", "-1"):
        return None
    if text.isdigit():
        return int(text)
    from maillab.sim.kernel.calendar import days_from_civil

    year, month, day = (int(part) for part in text.split("-"))
    if not (1 <= month <= 12 and 1 <= day <= 31):
        raise ValueError(text)
    return days_from_civil(year, month, day)
