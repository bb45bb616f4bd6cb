"""hash - an indexed file NAME.db in the "hash" format of Berkeley DB, made by postmap or postalias from the text file NAME"""

from __future__ import annotations

from collections.abc import Mapping

from maillab.sim.postfix.lib import hash_db
from maillab.sim.postfix.lib.table import Spec, Table
from maillab.sim.postfix.tables._database import DatabaseTable

SUFFIX = ".db"


def open_table(spec: Spec) -> Table:
    """Open NAME.db. Raises Unavailable."""
    return DatabaseTable(spec, hash_db.read)


def read(data: bytes) -> dict[bytes, bytes]:
    """The entries of a file. Raises DbError."""
    return hash_db.read(data)


def write(entries: Mapping[bytes, bytes]) -> bytes:
    """The bytes of a file with these entries."""
    return hash_db.write(entries)
