"""internal - a table in the memory of one process, empty when it is made"""

from __future__ import annotations

from maillab.sim.postfix.lib.table import Spec, Table
from maillab.sim.postfix.tables._mapping import MappingTable

SINCE = (2, 8)


def open_table(spec: Spec) -> Table:
    """An empty table."""
    return MappingTable(spec, {})
