"""scache - Postfix shared connection cache server

SYNOPSIS
    scache [generic Postfix daemon options]

DESCRIPTION
    Would keep connections of smtp(8) open for its next process. The delivery agents here close theirs: every request is answered with
    "nothing cached".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.postfix._server import Hooks, Service, multi_server
from maillab.sim.postfix.lib import attr
from maillab.sim.postfix.lib.vstream import Stream

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"postfix": "/usr/lib/postfix/sbin/scache"}
FAILED = 1


async def serve(service: Service, stream: Stream) -> None:
    """Answer one request: not found."""
    await attr.receive(stream)
    attr.send(stream, status=FAILED)


async def main(sys: Process, argv: list[str]) -> int:
    """Run under master(8)."""
    return await multi_server(sys, argv, serve, Hooks(solitary=True))
