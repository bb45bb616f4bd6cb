"""tlsmgr - Postfix TLS session cache and PRNG manager

SYNOPSIS
    tlsmgr [generic Postfix daemon options]

DESCRIPTION
    Woken by master every 1000 seconds once it has been used. No TLS session is ever made here, so it has nothing to keep.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.postfix._server import Hooks, Service, trigger_server

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"postfix": "/usr/lib/postfix/sbin/tlsmgr"}


async def handle(service: Service, data: bytes) -> None:
    """Nothing is cached."""


async def main(sys: Process, argv: list[str]) -> int:
    """Run under master(8)."""
    return await trigger_server(sys, argv, handle, Hooks(solitary=True))
