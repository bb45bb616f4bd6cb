"""anvil - Postfix session count and request rate control

SYNOPSIS
    anvil [generic Postfix daemon options]

DESCRIPTION
    Counts, for smtpd, the simultaneous connections of a client and its connections, messages, recipients, TLS and AUTH requests per
    anvil_rate_time_unit. Every anvil_status_update_time, and when it ends, it logs the peaks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from maillab.sim.kernel.calendar import strftime
from maillab.sim.postfix._server import Hooks, Service, multi_server
from maillab.sim.postfix.lib import attr
from maillab.sim.postfix.lib.vstream import Closed, Stream

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"postfix": "/usr/lib/postfix/sbin/anvil"}
RATES = ("connect", "message", "recipient", "newtls", "auth")
TITLES = {"connect": "connection", "message": "message", "recipient": "recipient", "newtls": "newtls", "auth": "auth"}
MILLION = 1_000_000


@dataclass
class Remote:
    """What one client did in the current time unit."""

    count: int = 0
    started: int = 0
    rates: dict[str, int] = field(default_factory=dict)


@dataclass
class Peak:
    """The most that was seen since the last report."""

    value: int = 0
    ident: str = ""
    when: int = 0


class Anvil:
    """The one anvil process."""

    def __init__(self) -> None:
        self.remotes: dict[str, Remote] = {}
        self.peaks: dict[str, Peak] = {}
        self.cache_size = Peak()
        self.reported = 0

    async def post_jail(self, service: Service) -> None:
        """Begin to count."""
        self.unit = service.params.seconds("anvil_rate_time_unit")
        self.interval = service.params.seconds("anvil_status_update_time")
        service.max_use = 0
        self.reported = service.sys.monotonic()

    async def serve(self, service: Service, stream: Stream) -> None:
        """Answer one request."""
        request = await attr.receive(stream)
        kind, ident = request.get("request", ""), request.get("ident", "")
        now = service.sys.monotonic()
        if kind == "disconnect":
            self.leave(ident)
            attr.send(stream, status=0)
        elif kind == "lookup":
            remote = self.remotes.get(ident, Remote())
            attr.send(
                stream,
                status=0,
                count=remote.count,
                rate=remote.rates.get("connect", 0),
                mail=remote.rates.get("message", 0),
                rcpt=remote.rates.get("recipient", 0),
                newtls=remote.rates.get("newtls", 0),
                auth=remote.rates.get("auth", 0),
            )
        elif kind in RATES:
            remote = self.count(service, kind, ident, now)
            attr.send(stream, status=0, count=remote.count, rate=remote.rates[kind])
        else:
            service.log.warning(f'unrecognized command: "{kind}", ignored')
            raise Closed
        if now - self.reported >= self.interval * MILLION:
            self.report(service)

    def count(self, service: Service, kind: str, ident: str, now: int) -> Remote:
        """Add one event."""
        remote = self.remotes.setdefault(ident, Remote(0, now))
        if now - remote.started >= self.unit * MILLION:
            remote.started = now
            remote.rates.clear()
        remote.rates[kind] = remote.rates.get(kind, 0) + 1
        self.peak(service, kind, remote.rates[kind], ident)
        if kind == "connect":
            remote.count += 1
            self.peak(service, "count", remote.count, ident)
        if len(self.remotes) > self.cache_size.value:
            self.cache_size = Peak(len(self.remotes), "", service.sys.clock())
        return remote

    def peak(self, service: Service, kind: str, value: int, ident: str) -> None:
        """Remember the most."""
        if value > self.peaks.setdefault(kind, Peak()).value:
            self.peaks[kind] = Peak(value, ident, service.sys.clock())

    def leave(self, ident: str) -> None:
        """A client disconnected."""
        remote = self.remotes.get(ident)
        if remote is not None and remote.count:
            remote.count -= 1

    def report(self, service: Service) -> None:
        """Log the peaks and forget them."""
        self.reported = service.sys.monotonic()
        for kind in RATES:
            peak = self.peaks.get(kind)
            if peak is not None and peak.value:
                service.log.info(f"statistics: max {TITLES[kind]} rate {peak.value}/{self.unit}s for ({peak.ident}) at {self.time(peak)}")
        peak = self.peaks.get("count")
        if peak is not None and peak.value:
            service.log.info(f"statistics: max connection count {peak.value} for ({peak.ident}) at {self.time(peak)}")
        if self.cache_size.value:
            service.log.info(f"statistics: max cache size {self.cache_size.value} at {self.time(self.cache_size)}")
        self.peaks.clear()
        self.cache_size = Peak()

    def time(self, peak: Peak) -> str:
        """When, as in a log."""
        return strftime("%b %e %H:%M:%S", peak.when)


async def main(sys: Process, argv: list[str]) -> int:
    """Run under master(8)."""
    daemon = Anvil()
    return await multi_server(sys, argv, daemon.serve, Hooks(post_jail=daemon.post_jail, at_end=daemon.report, solitary=True))
