"""trivial-rewrite - Postfix address rewriting and resolving daemon

SYNOPSIS
    trivial-rewrite [generic Postfix daemon options]

DESCRIPTION
    Answers three kinds of requests of the other Postfix daemons on the socket private/rewrite: `rewrite` gives the standard form of an
    address for a context (local or remote), `resolve` tells where mail for an address goes (transport, next hop, recipient, address class),
    `verify` the same for address probes. It runs under master(8), many clients at once, and ends when idle or when a table has changed.

    Parameters: append_at_myorigin append_dot_mydomain allow_percent_hack swap_bangpath remote_header_rewrite_domain myorigin mydomain
    mydestination virtual_alias_domains virtual_mailbox_domains relay_domains local_transport virtual_transport relay_transport
    default_transport relayhost transport_maps relocated_maps sender_dependent_relayhost_maps sender_dependent_default_transport_maps
    resolve_dequoted_address empty_address_recipient show_user_unknown_table_name, and address_verify_* of the same names.

BUGS
    resolve_numeric_domain and resolve_null_domain are not simulated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.postfix._server import Hooks, Service, multi_server
from maillab.sim.postfix._trivial_rewrite.resolve import Resolver
from maillab.sim.postfix._trivial_rewrite.rewrite import Rewriter
from maillab.sim.postfix.lib import attr, restart
from maillab.sim.postfix.lib.vstream import Closed, Stream

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"postfix": "/usr/lib/postfix/sbin/trivial-rewrite"}


class TrivialRewrite:
    """One process of the rewrite service."""

    async def pre_jail(self, service: Service) -> None:
        """Open the tables, before the jail hides them."""
        self.rewriter = Rewriter(service.params)
        self.resolvers = {"resolve": Resolver(service, self.rewriter), "verify": Resolver(service, self.rewriter, "address_verify_")}

    async def serve(self, service: Service, stream: Stream) -> None:
        """Answer one request."""
        request = await attr.receive(stream)
        kind = request.get("request", "")
        if kind == "rewrite":
            address = self.rewriter.rewrite(request.get("rule", "local"), request.get("address", ""))
            attr.send(stream, flags=0, address=address)
        elif kind in self.resolvers:
            answer = await self.resolvers[kind].resolve(request.get("sender", ""), request.get("address", ""))
            attr.send(stream, flags=answer.flags, transport=answer.transport, nexthop=answer.nexthop, recipient=answer.recipient)
        else:
            service.log.warning(f"bad command: {kind}")
            raise Closed


async def main(sys: Process, argv: list[str]) -> int:
    """Run under master(8)."""
    daemon = TrivialRewrite()
    return await multi_server(sys, argv, daemon.serve, Hooks(pre_jail=daemon.pre_jail, pre_accept=restart.when_tables_change))
