"""proxy - a table that the proxymap(8) daemon opens outside the jail: `proxy:unix:passwd.byname`"""

from __future__ import annotations

from maillab.sim.postfix.lib.attr import Client
from maillab.sim.postfix.lib.table import Spec, Table, TableError, Unavailable, split_title

STATUS_OK, STATUS_NOT_FOUND, STATUS_DENIED, STATUS_CONFIG = "0", "1", "4", "5"
PATTERNS = ("regexp", "pcre", "cidr", "static")


class ProxyTable(Table):
    """A client of proxymap (of proxywrite, for tables that are to be changed)."""

    def __init__(self, spec: Spec) -> None:
        super().__init__(spec)
        self.inner = spec.name
        self.service = "proxywrite" if spec.writable else "proxymap"
        if spec.params.version >= (2, 6):
            self.service = spec.params[f"{self.service}_service_name"]
        path = f"private/{self.service}"
        queue = spec.params["queue_directory"]
        beside = spec.sys.getcwd() in (queue, "/")
        self.client = Client(spec.sys, path if beside else f"{queue}/{path}")
        self.pattern = split_title(spec.name)[0] in PATTERNS

    async def lookup(self, key: str) -> str | None:
        answer = await self.client.ask(request="lookup", table=self.inner, flags=0, key=self.folded(key))
        if answer is None:
            self.log.warning(f"connect to {self.client.path}: No such file or directory")
            raise TableError
        status = answer.get("status")
        if status == STATUS_OK:
            return answer.get("value", "")
        if status == STATUS_NOT_FOUND:
            return None
        if status == STATUS_DENIED:
            self.log.fatal(f'{self.service} service is not configured for table "{self.inner}"')
        if status == STATUS_CONFIG:
            self.log.fatal(f'{self.service} server configuration error for table "{self.inner}"')
        raise TableError


def open_table(spec: Spec) -> Table:
    """The connection is made at the first lookup. Raises Unavailable for a name without type."""
    if ":" not in spec.name:
        raise Unavailable(f'open dictionary: expecting "type:name" form instead of "{spec.name}"')
    return ProxyTable(spec)
