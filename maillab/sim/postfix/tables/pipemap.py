"""pipemap - tables in a row: each is asked for the result of the one before: `pipemap:{type:name, type:name}` (Postfix 3.0)"""

from __future__ import annotations

from maillab.sim.postfix.lib.table import Spec, Table
from maillab.sim.postfix.tables._composed import ComposedTable

SINCE = (3, 0)


class PipeTable(ComposedTable):
    """The last answer."""

    async def lookup(self, key: str) -> str | None:
        value: str | None = key
        for table in self.tables:
            if value is None:
                return None
            value = await table.lookup(value)
        return value


def open_table(spec: Spec) -> Table:
    """Open all its tables. Raises Unavailable."""
    return PipeTable(spec)
