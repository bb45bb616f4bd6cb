"""memcache - a cache server, described by a configuration file (memcache_table(5), Postfix 2.9)

BUGS
    The protocol is not simulated: a table whose file can be read answers no lookup.
"""

from __future__ import annotations

from maillab.sim.postfix.lib.table import Spec, Table, TableError, read_text

SINCE = (2, 9)


class MemcacheTable(Table):
    """Cannot answer."""

    async def lookup(self, key: str) -> str | None:
        self.sys.unsimulated("memcache tables")
        self.log.warning(f"database {self.title}: backup lookup error: no server")
        raise TableError


def open_table(spec: Spec) -> Table:
    """The configuration file must be readable. Raises Unavailable."""
    read_text(spec)
    return MemcacheTable(spec)
