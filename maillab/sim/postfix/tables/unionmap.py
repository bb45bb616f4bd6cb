"""unionmap - several tables asked together, their results joined with commas: `unionmap:{type:name, type:name}` (Postfix 3.0)"""

from __future__ import annotations

from maillab.sim.postfix.lib.table import Spec, Table
from maillab.sim.postfix.tables._composed import ComposedTable

SINCE = (3, 0)


class UnionTable(ComposedTable):
    """All answers."""

    async def lookup(self, key: str) -> str | None:
        found = [value for table in self.tables if (value := await table.lookup(key)) is not None]
        return ",".join(found) if found else None


def open_table(spec: Spec) -> Table:
    """Open all its tables. Raises Unavailable."""
    return UnionTable(spec)
