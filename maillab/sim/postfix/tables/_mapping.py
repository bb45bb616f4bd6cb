"""Tables that are a dictionary in memory."""

from __future__ import annotations

from collections.abc import Iterator

from maillab.sim.postfix.lib.table import FileStamp, Spec, Table


class MappingTable(Table):
    """Keys and values read when the table was opened; `stamp` tells that their file has changed."""

    def __init__(self, spec: Spec, values: dict[str, str], stamp: FileStamp | None = None) -> None:
        super().__init__(spec)
        self.values = values
        self.stamp = stamp

    async def lookup(self, key: str) -> str | None:
        return self.values.get(self.folded(key))

    def entries(self) -> Iterator[tuple[str, str]]:
        yield from self.values.items()

    def changed(self) -> bool:
        return self.stamp is not None and self.stamp.changed()
