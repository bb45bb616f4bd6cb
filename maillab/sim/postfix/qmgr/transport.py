"""transport - who delivers what, when: transports, their destinations, the concurrency each deserves

A destination starts with `initial_destination_concurrency` deliveries at once, earns more with each success up to the limit
of its transport, loses some with each failure of the site; after `..._failed_cohort_limit` cohorts of failures it is left alone for
minimal_backoff_time. A transport that cannot be reached is left alone for transport_retry_time. What waits for them goes to the
retry service, which says why. Behaviour as in SCHEDULER_README of Postfix 3.7; messages are served in turns, not preempted.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from maillab.sim.mail.dsn import Dsn
from maillab.sim.postfix.lib.queue_file import Recipient

if TYPE_CHECKING:
    from maillab.sim.postfix._server import Service
    from maillab.sim.postfix.qmgr.message import Destination, Mail

MILLION = 1_000_000
RETRY = "retry"
LIMITS = {"destination_concurrency_limit": 20, "destination_recipient_limit": 50, "initial_destination_concurrency": 5,
          "destination_concurrency_failed_cohort_limit": 1}


@dataclass(slots=True, eq=False)
class Entry:
    """Some recipients of one message that are delivered with one request."""

    mail: Mail
    nexthop: str
    queue: Queue
    recipients: list[Recipient]


@dataclass(slots=True, eq=False)
class Queue:
    """One destination of a transport."""

    name: str
    transport: Transport
    window: float
    todo: deque[Entry] = field(default_factory=deque)
    busy: int = 0
    successes: float = 0.0
    failures: float = 0.0
    dead_until: int = 0
    reason: Dsn | None = None

    def ready(self, now: int) -> bool:
        """Whether another delivery may start."""
        return bool(self.todo) and self.dead_until <= now and self.busy < int(self.window)


@dataclass(slots=True, eq=False)
class Transport:
    """One transport of master.cf."""

    scheduler: Scheduler
    name: str
    concurrency_limit: int
    recipient_limit: int
    initial: int
    cohort_limit: int
    queues: dict[str, Queue] = field(default_factory=dict)
    dead_until: int = 0
    reason: Dsn | None = None

    def trouble(self) -> Dsn | None:
        """Why the transport is left alone, None when it is not."""
        return self.reason if self.dead_until > self.scheduler.now() else None

    def queue_trouble(self, name: str) -> Dsn | None:
        """Why a destination is left alone, None when it is not."""
        queue = self.queues.get(name)
        return queue.reason if queue is not None and queue.dead_until > self.scheduler.now() else None

    def queue(self, name: str) -> Queue:
        """A destination, made when it is new."""
        found = self.queues.get(name)
        if found is None:
            found = self.queues[name] = Queue(name, self, float(self.initial))
        return found


class Scheduler:
    """All transports, and who is next."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.transports: dict[str, Transport] = {}
        params = service.params
        self.retry_transport = int(params.seconds("transport_retry_time") * MILLION)
        self.retry_queue = int(params.seconds("minimal_backoff_time") * MILLION)

    def now(self) -> int:
        """The time of the host."""
        return self.service.sys.clock()

    def transport(self, name: str) -> Transport:
        """A transport, with the limits that main.cf gives it."""
        found = self.transports.get(name)
        if found is None:
            limits = {suffix: self._limit(name, suffix) for suffix in LIMITS}
            concurrency = limits["destination_concurrency_limit"] or 1 << 30
            initial = min(limits["initial_destination_concurrency"], concurrency)
            found = self.transports[name] = Transport(
                self, name, concurrency, limits["destination_recipient_limit"] or 1 << 30, initial,
                limits["destination_concurrency_failed_cohort_limit"])
        return found

    def _limit(self, transport: str, suffix: str) -> int:
        """A per-transport parameter, or the default for all transports."""
        params = self.service.params
        general = suffix if suffix.startswith("initial_") else f"default_{suffix}"
        if params.version < (2, 5) and suffix == "destination_concurrency_failed_cohort_limit":
            return LIMITS[suffix]
        for name in (f"{transport}_{suffix}", general):
            if params.raw(name) is not None:
                return params.integer(name)
        return LIMITS[suffix]

    def assign(self, mail: Mail, destinations: list[Destination]) -> None:
        """Pack recipients, sorted by destination, into entries."""
        last: Entry | None = None
        for one in destinations:
            queue = self.transport(one.transport).queue(one.queue)
            if last is None or last.queue is not queue or len(last.recipients) >= queue.transport.recipient_limit:
                last = self.put(mail, one.nexthop, queue)
            last.recipients.append(one.recipient)

    def put(self, mail: Mail, nexthop: str, queue: Queue) -> Entry:
        """A new entry at the end of a destination."""
        entry = Entry(mail, nexthop, queue, [])
        queue.todo.append(entry)
        mail.pending += 1
        return entry

    def next(self) -> Entry | None:
        """Take the next entry to deliver, destinations in turn; None when nothing may start now."""
        now = self.now()
        for transport in self.transports.values():
            if transport.dead_until > now:
                continue
            for name, queue in transport.queues.items():
                if queue.ready(now):
                    queue.busy += 1
                    entry = queue.todo.popleft()
                    if queue.todo:
                        transport.queues[name] = transport.queues.pop(name)
                    return entry
        return None

    def done(self, entry: Entry) -> None:
        """A delivery ended; destinations without work and without trouble are forgotten."""
        queue = entry.queue
        queue.busy -= 1
        entry.mail.pending -= 1
        self._forget(queue)

    def _forget(self, queue: Queue) -> None:
        if not queue.busy and not queue.todo and queue.dead_until <= self.now():
            queue.transport.queues.pop(queue.name, None)

    def succeeded(self, queue: Queue) -> None:
        """The site works: a new cohort, perhaps more deliveries at once."""
        queue.failures = 0.0
        queue.dead_until, queue.reason = 0, None
        if queue.window < queue.transport.concurrency_limit and queue.busy >= int(queue.window) - 1:
            queue.successes += 1.0 / queue.window
            if queue.successes >= 1.0:
                queue.successes = 0.0
                queue.window += 1.0

    def failed(self, queue: Queue, reason: Dsn) -> list[Entry]:
        """The site does not work; returns what waited for it when it is left alone from now on."""
        queue.successes = 0.0
        queue.failures += 1.0 / queue.window
        limit = queue.transport.cohort_limit
        if not limit or queue.failures < limit:
            queue.window = max(1.0, queue.window - 1.0)
            return []
        text = reason.reason
        if not text.startswith("delivery temporarily suspended"):
            text = f"delivery temporarily suspended: {text}"
        queue.reason = Dsn(reason.status, text)
        queue.dead_until = self.now() + self.retry_queue
        waiting = list(queue.todo)
        queue.todo.clear()
        return waiting

    def unreachable(self, transport: Transport, reason: Dsn) -> list[Entry]:
        """The transport does not work; returns what waited for it."""
        transport.reason = reason
        transport.dead_until = self.now() + self.retry_transport
        waiting: list[Entry] = []
        for queue in list(transport.queues.values()):
            waiting += queue.todo
            queue.todo.clear()
            self._forget(queue)
        return waiting

    def redirect(self, entry: Entry, reason: Dsn) -> None:
        """Hand an entry that did not start to the retry service."""
        entry.queue = self.transport(RETRY).queue(f"{reason.status} {reason.reason}")
        entry.nexthop = entry.queue.name
        entry.queue.todo.append(entry)

    def revive(self) -> None:
        """Forget all troubles (postqueue -f)."""
        for transport in self.transports.values():
            transport.dead_until, transport.reason = 0, None
            for queue in list(transport.queues.values()):
                queue.dead_until, queue.reason, queue.failures = 0, None, 0.0
                queue.window = float(transport.initial)
                self._forget(queue)

    def next_revival(self) -> int:
        """When the first dead transport or destination with waiting mail comes back (0: none)."""
        times = [transport.dead_until for transport in self.transports.values() if transport.dead_until > self.now()]
        return min(times, default=0)
