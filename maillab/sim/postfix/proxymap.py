"""proxymap - Postfix lookup table proxy server

SYNOPSIS
    proxymap [generic Postfix daemon options]

DESCRIPTION
    Reads tables for processes that cannot open them themselves, such as a chrooted smtpd (`proxy:unix:passwd.byname`). Only tables that
    proxy_read_maps (for the service proxywrite: proxy_write_maps) names are served. Requests: open, lookup.

BUGS
    update, delete and sequence are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.postfix._server import Hooks, Service, multi_server
from maillab.sim.postfix.lib import attr, restart
from maillab.sim.postfix.lib.maps import shared_table, split_maps
from maillab.sim.postfix.lib.table import TableError
from maillab.sim.postfix.lib.vstream import Closed, Stream

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"postfix": "/usr/lib/postfix/sbin/proxymap"}
OK, NOT_FOUND, RETRY, BAD, DENIED, CONFIGURATION = range(6)
PREFIX = "proxy:"


class ProxyMap:
    """One proxymap process."""

    async def post_jail(self, service: Service) -> None:
        """Learn which tables may be asked for."""
        parameter = "proxy_write_maps" if service.name == "proxywrite" else "proxy_read_maps"
        found: dict[str, None] = {}
        for word in split_maps(service.params[parameter]):
            if word.startswith(PREFIX):
                found[word.removeprefix(PREFIX)] = None
        self.allowed = found
        self.parameter = parameter

    async def serve(self, service: Service, stream: Stream) -> None:
        """Answer one request."""
        request = await attr.receive(stream)
        kind, table = request.get("request", ""), request.get("table", "")
        if kind not in ("open", "lookup"):
            service.log.warning(f'unrecognized request name: "{kind}", ignored')
            raise Closed
        if table not in self.allowed:
            service.log.warning(f'request for unapproved table: "{table}"')
            service.log.warning(
                f"to approve this table for read-{'write' if 'write' in self.parameter else 'only'} access, "
                f"list proxy:{table} in main.cf:{self.parameter}"
            )
            attr.send(stream, status=DENIED, flags=0, value="")
            return
        opened = shared_table(service.sys, service.log, service.params, table)
        if kind == "open":
            attr.send(stream, status=OK, instance=0, flags=0, pattern=int(opened.pattern))
            return
        try:
            value = await opened.lookup(request.get("key", ""))
        except TableError:
            attr.send(stream, status=RETRY, value="")
            return
        attr.send(stream, status=OK if value is not None else NOT_FOUND, value=value or "")


async def main(sys: Process, argv: list[str]) -> int:
    """Run under master(8)."""
    daemon = ProxyMap()
    return await multi_server(sys, argv, daemon.serve, Hooks(post_jail=daemon.post_jail, pre_accept=restart.when_tables_change))
