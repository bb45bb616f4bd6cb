"""sdbm - the small database of Sun, in NAME.dir and NAME.pag: compiled into Postfix packages before 3.0

BUGS
    Files are not simulated: none can be opened or made.
"""

from __future__ import annotations

from maillab.sim.postfix.lib.table import Spec, Table, Unavailable

UNTIL = (3, 0)
SOURCE_SINCE = (99,)


def open_table(spec: Spec) -> Table:
    """Raises Unavailable."""
    spec.sys.unsimulated("sdbm tables")
    raise Unavailable(f"open database {spec.name}.dir: No such file or directory")
