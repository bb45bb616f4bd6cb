"""Tables made of tables: `TYPE:{type:name, type:name}`."""

from __future__ import annotations

from maillab.sim.postfix.lib.maps import split_maps
from maillab.sim.postfix.lib.table import Spec, Table, Unavailable


class ComposedTable(Table):
    """The tables inside, open. Raises Unavailable."""

    pattern = True

    def __init__(self, spec: Spec) -> None:
        super().__init__(spec)
        titles = split_maps(spec.name[1:-1]) if spec.name.startswith("{") and spec.name.endswith("}") else []
        if not titles:
            raise Unavailable(f'bad syntax: "{spec.title}"; need "{spec.type}:{{type:name...}}"')
        self.tables = [spec.open_other(title) for title in titles]
        self.pattern = any(table.pattern for table in self.tables)

    def changed(self) -> bool:
        return any(table.changed() for table in self.tables)
