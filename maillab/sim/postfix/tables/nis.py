"""nis - maps of the Network Information Service: without a NIS domain name, lookups find nothing"""

from __future__ import annotations

from weakref import WeakSet

from maillab.sim.postfix.lib.table import Spec, Table

SOURCE_SINCE = (99,)
WARNING = "dict_nis_init: NIS domain name not set - NIS lookups disabled"

_warned: WeakSet[object] = WeakSet()


class NisTable(Table):
    """Finds nothing: there is no NIS domain."""

    async def lookup(self, key: str) -> str | None:
        return None


def open_table(spec: Spec) -> Table:
    """Say once a process that there is no NIS domain."""
    if spec.params not in _warned:
        _warned.add(spec.params)
        spec.log.warning(WARNING)
    return NisTable(spec)
