"""fail - every lookup fails (Postfix 2.9)"""

from __future__ import annotations

from maillab.sim.postfix.lib.table import Spec, Table, TableError

SINCE = (2, 9)


class FailTable(Table):
    """Never an answer."""

    async def lookup(self, key: str) -> str | None:
        raise TableError


def open_table(spec: Spec) -> Table:
    """Nothing to open."""
    return FailTable(spec)
