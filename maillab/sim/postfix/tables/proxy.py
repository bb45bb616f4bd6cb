"""proxy - a table that the proxymap(8) daemon opens outside the jail: `proxy:unix:passwd.byname`"""

from __future__ import annotations

from maillab.sim.postfix.lib.attr import Client
from maillab.sim.postfix.lib.table import Spec, Table, TableError, Unavailable, split_title

OPEN_NOLOCK, FOLD_FIX = "lock", "fold_fix"
STATUS_OK, STATUS_NOT_FOUND = "0", "1"
STATUS_RETRY, STATUS_BAD, STATUS_DENIED, STATUS_CONFIG = "2", "3", "4", "5"
NO_ANSWER_PAUSE = 1


class ProxyTable(Table):
    """A client of proxymap. `direct` is the table itself when no mail system runs beside us (postmap as root)."""

    def __init__(self, spec: Spec) -> None:
        super().__init__(spec)
        self.inner = spec.name
        service = spec.params["proxywrite_service_name" if spec.writable else "proxymap_service_name"] if spec.params.version >= (2, 6) else "proxymap"
        path = f"{spec.params['queue_directory']}/private/{service}" if spec.sys.getcwd() not in (spec.params["queue_directory"], "/") else f"private/{service}"
        self.service = service
        self.client = Client(spec.sys, path)
        kind, _ = split_title(spec.name)
        self.pattern = kind in ("regexp", "pcre", "cidr", "static")

    async def lookup(self, key: str) -> str | None:
        answer = await self.client.ask(request="lookup", table=self.inner, flags=0, key=self.folded(key))
        if answer is None:
            self.log.warning(f"{self.service} service is not configured or not running" if False else f"connect to {self.client.path}: No such file or directory")
            raise TableError
        status = answer.get("status", STATUS_BAD)
        if status == STATUS_OK:
            return answer.get("value", "")
        if status == STATUS_NOT_FOUND:
            return None
        if status == STATUS_DENIED:
            self.log.fatal(
                f'{self.service} service is not configured for table "{self.inner}"'
                if self.log.program != "proxymap"
                else f"{self.service}: denied"
            )
        if status == STATUS_CONFIG:
            self.log.fatal(f'proxymap server configuration error for table "{self.inner}"')
        raise TableError


def open_table(spec: Spec) -> Table:
    """The connection is made at the first lookup. Raises Unavailable for a name without type."""
    if ":" not in spec.name:
        raise Unavailable(f'open dictionary: expecting "type:name" form instead of "{spec.name}"')
    return ProxyTable(spec)
