"""unix - the accounts of the host: `unix:passwd.byname` (a user's line of /etc/passwd), `unix:group.byname` (a group's line of
/etc/group)

The files are read at each lookup, in the jail of the process when it has one.
"""

from __future__ import annotations

from maillab.sim.host.accounts import getgrnam, getpwnam
from maillab.sim.postfix.lib.table import Spec, Table, Unavailable

TABLES = ("passwd.byname", "group.byname")


class UnixTable(Table):
    """Asks getpwnam(3) or getgrnam(3)."""

    def __init__(self, spec: Spec) -> None:
        super().__init__(spec)
        self.passwd = spec.name == TABLES[0]

    async def lookup(self, key: str) -> str | None:
        name = self.folded(key)
        found = getpwnam(self.sys, name) if self.passwd else getgrnam(self.sys, name)
        return None if found is None else found.line()


def open_table(spec: Spec) -> Table:
    """Only two names are known. Raises Unavailable."""
    if spec.name not in TABLES:
        raise Unavailable(f"unknown table: unix:{spec.name}")
    return UnixTable(spec)
