"""postfix-files: the list of everything that belongs to Postfix, with owners and access rights.

A line is `path:type:owner:group:mode:flags`; type d (directory), f (file), l (link), h (hard link); flags c (create when missing),
u (set access rights also of what exists), r (its content too), o (obsolete). `-` is no group; $names come from the environment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from maillab.sim.host.accounts import getgrnam, getpwnam
from maillab.sim.host.errno import SysError
from maillab.sim.postfix._postfix_script.check import walk
from maillab.sim.postfix.lib.mac_expand import Expander

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

LIST = "postfix-files"


@dataclass(frozen=True)
class InstalledFile:
    """One line of the list, with its names expanded."""

    path: str
    kind: str
    owner: str
    group: str
    mode: str
    flags: str

    def apply(self, sys: Process) -> None:
        """Give the file its owner, group and access rights. Raises SysError."""
        user = getpwnam(sys, self.owner)
        group = getgrnam(sys, self.group) if self.group != "-" else None
        before = sys.lstat(self.path)
        gid = group.gid if group is not None else before.gid
        uid = user.uid if user is not None else before.uid
        if (before.uid, before.gid) != (uid, gid):
            sys.chown(self.path, uid, gid)
        sys.chmod(self.path, int(self.mode, 8))


def read_files(sys: Process) -> list[InstalledFile]:
    """The list in the meta directory (before Postfix 3.0, the configuration directory); empty when it cannot be read."""
    directory = sys.env.get("meta_directory") or sys.env["config_directory"]
    try:
        text = sys.slurp(f"{directory}/{LIST}").decode("utf-8", "surrogateescape")
    except SysError:
        return []
    expander = Expander(lambda name: sys.env.get(name, ""), modern=False)
    found: list[InstalledFile] = []
    for line in text.split("\n"):
        if line and not line.startswith("#"):
            fields = [expander.expand(field) for field in line.split(":")]
            if len(fields) >= 5 and fields[0] and not fields[0].startswith("no"):
                path, kind, owner, group, mode = fields[:5]
                found.append(InstalledFile(path, kind, owner, group, mode, ":".join(fields[5:])))
    return found


def set_permissions(sys: Process, files: list[InstalledFile]) -> None:
    """Give everything on the list that exists its owner and access rights."""
    for item in files:
        if "o" in item.flags or item.kind not in "df":
            continue
        try:
            if sys.lstat(item.path).kind != ("d" if item.kind == "d" else "-"):
                continue
            item.apply(sys)
        except SysError:
            continue
        if "r" in item.flags:
            _recursively(sys, item)


def _recursively(sys: Process, item: InstalledFile) -> None:
    """Give everything below a directory the directory's owner."""
    user = getpwnam(sys, item.owner)
    for path in walk(sys, item.path):
        stat = sys.lstat(path)
        if user is not None and stat.uid != user.uid:
            sys.lchown(path, user.uid, stat.gid)


def obsolete(sys: Process, files: list[InstalledFile]) -> list[str]:
    """The paths of obsolete files that still exist."""
    return [item.path for item in files if "o" in item.flags and sys.exists(item.path)]
