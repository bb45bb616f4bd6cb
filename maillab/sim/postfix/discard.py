"""discard - Postfix discard mail delivery agent

SYNOPSIS
    discard [generic Postfix daemon options]

DESCRIPTION
    Pretends to deliver: all recipients are logged as sent, with the next hop (`discard:a text`) as the reason, and the
    message is gone.

CONFIGURATION PARAMETERS
    double_bounce_sender

BUGS
    None known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.mail import dsn as codes
from maillab.sim.mail.dsn import Dsn
from maillab.sim.postfix._server import Service, single_server
from maillab.sim.postfix.lib import deliver_request, outcome
from maillab.sim.postfix.lib.outcome import Reporter

if TYPE_CHECKING:
    from maillab.sim.host.process import Process
    from maillab.sim.postfix.lib.deliver_request import Request
    from maillab.sim.postfix.lib.vstream import Stream

INSTALLED = {"postfix": "/usr/lib/postfix/sbin/discard"}


async def deliver(service: Service, request: Request) -> int:
    """Log all recipients of a request as sent."""
    reporter = Reporter.of(service)
    status, text = codes.split(request.nexthop, "2.0.0")
    result = 0
    for recipient in request.recipients:
        one = await reporter.sent(outcome.facts(request), recipient, "none", Dsn(status, text))
        if one == 0:
            request.completed(service.sys, recipient)
        result |= one
    return result


async def serve(service: Service, stream: Stream) -> None:
    """Answer one request."""
    await deliver_request.serve(service, stream, deliver)


async def main(sys: Process, argv: list[str]) -> int:
    return await single_server(sys, argv, serve)
