"""environ - the environment of the process: `environ:` and any name; the key is the variable"""

from __future__ import annotations

from collections.abc import Iterator

from maillab.sim.postfix.lib.table import Spec, Table


class EnvironTable(Table):
    """Looks keys up among the process's environment variables."""

    def __init__(self, spec: Spec) -> None:
        super().__init__(spec)
        self.environment = spec.sys.env

    async def lookup(self, key: str) -> str | None:
        return self.environment.get(self.folded(key))

    def entries(self) -> Iterator[tuple[str, str]]:
        yield from self.environment.items()


def open_table(spec: Spec) -> Table:
    """Nothing to open."""
    return EnvironTable(spec)
