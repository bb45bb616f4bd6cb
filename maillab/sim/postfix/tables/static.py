"""static - one result for every key: `static:ok`, `static:{several words}` (Postfix 3.0)"""

from __future__ import annotations

from maillab.sim.postfix.lib.readlline import BLANK
from maillab.sim.postfix.lib.table import Spec, Table


class StaticTable(Table):
    """Always the same answer."""

    pattern = True
    flags = "pattern"

    def __init__(self, spec: Spec) -> None:
        super().__init__(spec)
        braces = spec.params.version >= (3, 0) and spec.name.startswith("{") and spec.name.endswith("}")
        self.value = spec.name[1:-1].strip(BLANK) if braces else spec.name

    async def lookup(self, key: str) -> str | None:
        return self.value


def open_table(spec: Spec) -> Table:
    """The text after the colon is the result."""
    return StaticTable(spec)
