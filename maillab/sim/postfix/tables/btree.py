"""btree - an indexed file NAME.db in the "btree" format of Berkeley DB, made by postmap or postalias from the text file NAME"""

from __future__ import annotations

from collections.abc import Mapping

from maillab.sim.postfix.lib import btree_db
from maillab.sim.postfix.lib.table import Spec, Table
from maillab.sim.postfix.tables._database import DatabaseTable

SUFFIX = ".db"


def open_table(spec: Spec) -> Table:
    """Open NAME.db. Raises Unavailable."""
    return DatabaseTable(spec, btree_db.read)


def read(data: bytes) -> dict[bytes, bytes]:
    """The entries of a file. Raises DbError."""
    return btree_db.read(data)


def write(entries: Mapping[bytes, bytes]) -> bytes:
    """The bytes of a file with these entries."""
    return btree_db.write(entries)
