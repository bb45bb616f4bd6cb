"""error - Postfix error/retry mail delivery agent

SYNOPSIS
    error [generic Postfix daemon options]

DESCRIPTION
    Delivers nothing: bounces or defers all recipients with the text that the next hop holds. An enhanced status code at the
    start of the text says which (4.x.y defers). Without one the answer is 5.0.0, or 4.0.0 when the service is called
    `retry`. Used for `error:` and `retry:` in transport tables, and by the queue manager for what it cannot deliver.

CONFIGURATION PARAMETERS
    soft_bounce

BUGS
    None known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.mail import dsn as codes
from maillab.sim.mail.dsn import Dsn
from maillab.sim.postfix._server import Hooks, Service, single_server
from maillab.sim.postfix.lib import deliver_request, flush_clnt, outcome
from maillab.sim.postfix.lib.match_list import MatchList
from maillab.sim.postfix.lib.outcome import Reporter

if TYPE_CHECKING:
    from maillab.sim.host.process import Process
    from maillab.sim.postfix.lib.deliver_request import Request
    from maillab.sim.postfix.lib.vstream import Stream

INSTALLED = {"postfix": "/usr/lib/postfix/sbin/error"}


async def deliver(service: Service, request: Request) -> int:
    """Bounce or defer all recipients of a request."""
    reporter = Reporter.of(service)
    status, text = codes.split(request.nexthop, "4.0.0" if service.name == "retry" else "5.0.0")
    dsn = Dsn(status, text)
    report = reporter.deferred if status[0] == "4" else reporter.bounced
    result = 0
    for recipient in request.recipients:
        one = await report(outcome.facts(request), recipient, "none", dsn)
        if one == 0:
            request.completed(service.sys, recipient)
        result |= one
    return result


async def pre_jail(service: Service) -> None:
    """Open what the real one was seen to open at its start (3.7.11): fast_flush_domains and mydestination. Raises Fatal."""
    await flush_clnt.open_domains(service)
    if service.params.version >= (2, 9):
        MatchList(service.sys, service.log, service.params, "mydestination", exact=True)


async def serve(service: Service, stream: Stream) -> None:
    """Answer one request."""
    await deliver_request.serve(service, stream, deliver)


async def main(sys: Process, argv: list[str]) -> int:
    return await single_server(sys, argv, serve, Hooks(pre_jail=pre_jail))
