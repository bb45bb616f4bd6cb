"""randmap - a result chosen by chance for every key: `randmap:{result, result}` (Postfix 3.0)"""

from __future__ import annotations

from maillab.sim.postfix.lib.maps import split_maps
from maillab.sim.postfix.lib.table import Spec, Table, Unavailable

SINCE = (3, 0)


class RandomTable(Table):
    """One of several answers."""

    pattern = True

    def __init__(self, spec: Spec) -> None:
        super().__init__(spec)
        self.values = split_maps(spec.name[1:-1]) if spec.name.startswith("{") and spec.name.endswith("}") else []
        if not self.values:
            raise Unavailable(f'bad syntax: "{spec.title}"; need "randmap:{{value...}}"')

    async def lookup(self, key: str) -> str | None:
        return self.values[self.sys.random.randrange(len(self.values))]


def open_table(spec: Spec) -> Table:
    """Read the results. Raises Unavailable."""
    return RandomTable(spec)
