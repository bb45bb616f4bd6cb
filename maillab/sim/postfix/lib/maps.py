"""Several tables searched in order, as `virtual_alias_maps = hash:/etc/postfix/virtual, regexp:/etc/postfix/patterns` wants it.

    maps = Maps(sys, log, params, "virtual_alias_maps")                    the value of a parameter
    maps = Maps(sys, log, params, "smtpd access", "hash:/etc/postfix/access")      a title and a list of tables
    value = await maps.find("toto@titi.fr")                                 None: in no table. Raises LookupFailure
    value = await maps.find("toto", whole=False)                            a part of what is looked up: tables of patterns are
    not asked

Tables are opened when the Maps is made, once a process: two Maps of the same process share them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from maillab.sim.postfix.lib.table import Table, TableError, open_or_surrogate

if TYPE_CHECKING:
    from maillab.sim.host.process import Process
    from maillab.sim.postfix.lib.msg import Msg
    from maillab.sim.postfix.lib.params import Params


class LookupFailure(Exception):
    """A table could not be asked: the answer is not known now. The reasons are in the log."""

    def __init__(self, title: str = "") -> None:
        super().__init__(title)
        self.title = title


_open_tables: WeakKeyDictionary[Params, dict[str, Table]] = WeakKeyDictionary()


def registry(params: Params) -> dict[str, Table]:
    """The tables that the process with these parameters has opened, by `type:name`."""
    return _open_tables.setdefault(params, {})


def split_maps(text: str) -> list[str]:
    """The `type:name` elements of a list separated by commas and blanks; `type:{ ... }` is one element."""
    elements: list[str] = []
    current, depth = "", 0
    for char in text:
        if char in ", \t\r\n" and depth == 0:
            if current:
                elements.append(current)
            current = ""
            continue
        depth += (char == "{") - (char == "}" and depth > 0)
        current += char
    return [*elements, current] if current else elements


def shared_table(sys: Process, log: Msg, params: Params, title: str) -> Table:
    """The table of the process with that `type:name`, opened when it is not yet. Raises Fatal."""
    tables = registry(params)
    if title not in tables:
        tables[title] = open_or_surrogate(sys, log, params, title)
    return tables[title]


def changed_table(params: Params) -> str | None:
    """The first open table whose file has changed, as the daemons name it when they restart:
    `hash:/etc/aliases(0,lock|fold_fix)`."""
    for title, table in registry(params).items():
        if table.changed():
            return f"{title}(0,{table.flags})"
    return None


class Maps:
    """The tables of one parameter. Raises Fatal at construction when a table's name is malformed (any failure to open, before
    Postfix 2.9)."""

    def __init__(self, sys: Process, log: Msg, params: Params, title: str, value: str | None = None) -> None:
        self.title = title
        self.log = log
        self.titles = split_maps(params[title] if value is None else value)
        self.tables = [shared_table(sys, log, params, name) for name in self.titles]

    def __bool__(self) -> bool:
        """Whether there is any table."""
        return bool(self.tables)

    async def find(self, key: str, whole: bool = True) -> str | None:
        """The value in the first table that has the key. Raises LookupFailure."""
        for name, table in zip(self.titles, self.tables, strict=True):
            if table.pattern and not whole:
                continue
            try:
                value = await table.lookup(key)
            except TableError as error:
                self.log.warning(f'{name} lookup error for "{key}"')
                raise LookupFailure(self.title) from error
            if value == "":
                self.log.warning(f"{self.title} lookup of {key} returns an empty string result")
                self.log.warning(f"{self.title} should return NO RESULT in case of NOT FOUND")
            if value is not None:
                return value
        return None
