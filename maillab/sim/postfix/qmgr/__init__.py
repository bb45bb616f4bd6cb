"""qmgr - Postfix queue manager

SYNOPSIS
    qmgr [generic Postfix daemon options]

DESCRIPTION
    Waits for mail in the incoming queue, moves it to the active queue, asks trivial-rewrite where each recipient goes and has the
    delivery agents deliver it. What cannot be delivered now lies in the deferred queue until the modification time of its
    file; what is too old is returned to the sender by the bounce service.

    Triggers: W or I scan the incoming queue, D the deferred queue, A the deferred queue whatever the times of the files,
    F forget which transports and destinations do not work.

CONFIGURATION PARAMETERS
    allow_min_user, bounce_queue_lifetime, default_destination_concurrency_failed_cohort_limit,
    default_destination_concurrency_limit, default_destination_recipient_limit, default_filter_nexthop, defer_transports,
    double_bounce_sender, hash_queue_depth, hash_queue_names, initial_destination_concurrency, maximal_backoff_time,
    maximal_queue_lifetime, minimal_backoff_time, qmgr_message_active_limit, queue_run_delay, recipient_delimiter,
    TRANSPORT_destination_concurrency_limit, TRANSPORT_destination_recipient_limit,
    TRANSPORT_initial_destination_concurrency, transport_retry_time

BUGS
    Destinations and messages are served in turns: the preemption of big messages by small ones, the concurrency feedback
    formulas, rate delays and VERP are not simulated. All recipients of a message are in memory at once.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError
from maillab.sim.mail.dsn import Dsn
from maillab.sim.postfix._server import Hooks, Service, event_server
from maillab.sim.postfix.lib import attr, deliver_request, queue_file, record
from maillab.sim.postfix.lib.outcome import Reporter, log_form
from maillab.sim.postfix.lib.vstream import Closed, Stream, TimedOut
from maillab.sim.postfix.qmgr.finish import Finisher, Stages
from maillab.sim.postfix.qmgr.message import Mail, Router
from maillab.sim.postfix.qmgr.transport import RETRY, Entry, Scheduler

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"postfix": ["/usr/lib/postfix/sbin/qmgr", "/usr/lib/postfix/sbin/nqmgr"]}

MILLION = 1_000_000
EXPIRED_MODE = 0o010
WAKEUP, INCOMING, DEFERRED, ALL, FLUSH = b"WIDAF"
UNAVAILABLE = Dsn("4.3.0", "mail transport unavailable")
UNKNOWN = Dsn("4.3.0", "unknown mail transport error")


class Manager:
    """The queue manager: scans, feeds, starts deliveries, waits."""

    def __init__(self, service: Service) -> None:
        params = service.params
        self.service = service
        self.sys = service.sys
        self.queue = deliver_request.layout(service.sys, params)
        self.scheduler = Scheduler(service)
        self.reporter = Reporter.of(service)
        self.router = Router(service, self.scheduler, self.reporter)
        self.finisher = Finisher(service, self.queue)
        self.run_delay = int(params.seconds("queue_run_delay") * MILLION)
        self.active_limit = params.integer("qmgr_message_active_limit")
        self.active: dict[str, Mail] = {}
        self.incoming: deque[str] = deque()
        self.deferred: deque[str] = deque()
        self.ignore_times = False
        self.rescan: dict[str, bool] = {}
        self.next_run = 0
        self.waiting: dict[int, tuple[Stream, Entry]] = {}
        self.running: dict[int, tuple[Stream, Entry]] = {}
        self.reports: dict[int, tuple[Stream, Stages, Mail]] = {}

    async def loop(self) -> None:
        """Work until master lets go of us."""
        self._recover()
        self._scan_incoming()
        while True:
            if self.sys.clock() >= self.next_run:
                self.next_run = self.sys.clock() + self.run_delay
                self._scan_deferred(False)
            await self._feed()
            await self._start_deliveries()
            ready = await self.service.wait([*self.waiting, *self.running, *self.reports], self._patience())
            if ready is None:
                return
            for fd in ready:
                await self._event(fd)

    def _patience(self) -> float:
        """Seconds until something is to be done."""
        if (self.incoming or self.deferred) and len(self.active) < self.active_limit:
            return 0.0
        until = self.next_run
        revival = self.scheduler.next_revival()
        if revival:
            until = min(until, revival)
        return max(0.0, (until - self.sys.clock()) / MILLION)

    # --- scans

    def _recover(self) -> None:
        """Mail that was active when the last queue manager ended is new again."""
        now = self.sys.clock()
        for name in list(self.queue.names("active")):
            path = self.queue.path("active", name)
            self.sys.utime(path, now, now)
            self.queue.rename(name, "active", "incoming")

    def _scan_incoming(self) -> None:
        if self.incoming:
            self.rescan["incoming"] = True
            return
        self.incoming.extend(self.queue.names("incoming"))

    def _scan_deferred(self, ignore_times: bool) -> None:
        if self.deferred:
            self.rescan["deferred"] = self.rescan.get("deferred", False) or ignore_times
            return
        self.ignore_times = ignore_times
        self.deferred.extend(self.queue.names("deferred"))

    def _rescan(self) -> None:
        """Begin the scans that were asked for while one was under way."""
        if not self.incoming and self.rescan.pop("incoming", False):
            self._scan_incoming()
        if not self.deferred and "deferred" in self.rescan:
            self._scan_deferred(self.rescan.pop("deferred"))

    async def _feed(self) -> None:
        """Take one file of each queue into the active queue."""
        for source, names in (("incoming", self.incoming), ("deferred", self.deferred)):
            while names and len(self.active) < self.active_limit:
                name = names.popleft()
                if await self._activate(source, name, source == "deferred" and self.ignore_times):
                    break
        self._rescan()

    async def _activate(self, source: str, name: str, ignore_time: bool) -> bool:
        """Make a file active; whether it was one to work on."""
        path = self.queue.path(source, name)
        try:
            status = self.sys.lstat(path)
            if status.mode & queue_file.READY_MODE != queue_file.READY_MODE:
                return False
            if not ignore_time and status.mtime // MILLION > self.sys.clock() // MILLION + 1:
                return False
            self.queue.rename(name, source, "active")
            fd = self.sys.open(self.queue.path("active", name), "r+")
        except SysError as error:
            if error.name != "ENOENT":
                self.service.log.fatal(f"{name}: rename from {source} to active: {error}")
            return False
        if not await self.sys.flock(fd, "ex", block=False):
            self.sys.close(fd)
            self.service.log.info(f"{name}: skipped, still being delivered")
            self.finisher.back_off(name, self.sys.clock(), self.finisher.minimal)
            return True
        await self.sys.flock(fd, "un")
        await self._load(name, fd, bool(status.mode & EXPIRED_MODE), status.size)
        return True

    async def _load(self, name: str, fd: int, expired: bool, size: int) -> None:
        """Read a file and queue its recipients."""
        try:
            envelope = queue_file.parse(self.sys.pread(fd, size, 0))
        except record.MalformedRecord as error:
            self.service.log.warning(f"{name}: {error}")
            envelope = None
        if envelope is None or not envelope.complete or not envelope.data_offset:
            self.sys.close(fd)
            self.service.log.warning(f"saving corrupt file \"{name}\" from queue \"active\" to queue \"corrupt\"")
            self.queue.rename(name, "active", "corrupt")
            return
        trace = int(envelope.attribute("trace_flags") or 0) & deliver_request.TRACE_MASK
        times = deliver_request.Times(envelope.arrival, self.sys.clock())
        mail = Mail(name, envelope, deliver_request.DEFAULT | trace, times, fd, expired)
        self.active[name] = mail
        if envelope.recipients:
            self.service.log.info(f"{name}: from=<{log_form(self.service.params, mail.sender)}>, size={envelope.size}, "
                                  f"nrcpt={len(envelope.recipients)} (queue active)")
            self._forget_deferrals(mail)
            await self.router.route(mail)
        if not mail.pending:
            await self._finish(mail)

    def _forget_deferrals(self, mail: Mail) -> None:
        """A new try begins: the notes on the last one go."""
        path = self.queue.path("defer", mail.queue_id)
        try:
            self.sys.unlink(path)
        except SysError:
            return

    # --- deliveries

    async def _start_deliveries(self) -> None:
        while True:
            entry = self.scheduler.next()
            if entry is None:
                return
            path = f"private/{entry.queue.transport.name}"
            try:
                stream = await attr.connect(self.sys, path)
            except SysError as error:
                self.service.log.warning(f"connect to transport {path}: {error}")
                await self._transport_failed(entry, UNAVAILABLE)
                continue
            self.waiting[stream.fd] = stream, entry

    async def _event(self, fd: int) -> None:
        if fd in self.waiting:
            await self._greeted(fd)
        elif fd in self.running:
            await self._delivered(fd)
        elif fd in self.reports:
            await self._reported(fd)
        else:
            self._triggered(await self.service.trigger(fd))

    def _triggered(self, requests: bytes) -> None:
        if FLUSH in requests:
            self.scheduler.revive()
        if ALL in requests or DEFERRED in requests:
            self._scan_deferred(ALL in requests)
        if WAKEUP in requests or INCOMING in requests:
            self._scan_incoming()

    async def _greeted(self, fd: int) -> None:
        """An agent is ready: send it the request."""
        stream, entry = self.waiting.pop(fd)
        try:
            await attr.receive(stream)
            stream.put(deliver_request.encode(entry.mail.request(entry.nexthop, entry.recipients)))
            await stream.flush()
        except (Closed, TimedOut, SysError):
            stream.close()
            await self._crashed(entry)
            return
        self.running[fd] = stream, entry

    async def _delivered(self, fd: int) -> None:
        """An agent has answered."""
        stream, entry = self.running.pop(fd)
        try:
            answer = await attr.receive(stream)
        except (Closed, TimedOut, SysError):
            self.service.log.warning(f"private/{entry.queue.transport.name} socket: malformed response")
            stream.close()
            entry.mail.deferred = True
            await self._entry_done(entry)
            return
        stream.close()
        status = int(answer.get("status", "-1"))
        if status == deliver_request.CRASH:
            await self._crashed(entry)
            return
        if status:
            entry.mail.deferred = True
        waiting: list[Entry] = []
        if "dsn" in answer:
            waiting = self.scheduler.failed(entry.queue, Dsn(answer["dsn"], answer["reason"]))
        else:
            self.scheduler.succeeded(entry.queue)
        for other in waiting:
            self.scheduler.redirect(other, entry.queue.reason or UNKNOWN)
        await self._entry_done(entry)

    async def _crashed(self, entry: Entry) -> None:
        self.service.log.warning(f"transport {entry.queue.transport.name} failure -- see a previous warning/fatal/panic "
                                 "logfile record for the problem description")
        await self._transport_failed(entry, UNKNOWN)

    async def _transport_failed(self, entry: Entry, reason: Dsn) -> None:
        """The transport of an entry does not work: it and all that waits go to the retry service."""
        transport = entry.queue.transport
        waiting = self.scheduler.unreachable(transport, reason)
        entry.queue.busy -= 1
        for other in [entry, *waiting]:
            if transport.name == RETRY:
                await self._defer_here(other, reason)
            else:
                self.scheduler.redirect(other, reason)

    async def _defer_here(self, entry: Entry, reason: Dsn) -> None:
        """Without the retry service we say ourselves that recipients wait."""
        for recipient in entry.recipients:
            await self.reporter.deferred(entry.mail.facts(), recipient, "none", reason)
        entry.mail.deferred = True
        entry.mail.pending -= 1
        if not entry.mail.pending:
            await self._finish(entry.mail)

    async def _entry_done(self, entry: Entry) -> None:
        self.scheduler.done(entry)
        if not entry.mail.pending:
            await self._finish(entry.mail)

    # --- ends

    async def _finish(self, mail: Mail) -> None:
        await self._advance(self.finisher.stages(mail), mail, None)

    async def _advance(self, stages: Stages, mail: Mail, done: bool | None) -> None:
        """Go on with the end of a message until a report is under way."""
        while True:
            try:
                service, request = next(stages) if done is None else stages.send(done)
            except StopIteration:
                self.active.pop(mail.queue_id, None)
                return
            try:
                stream = await attr.connect(self.sys, f"private/{service}")
            except SysError as error:
                self.service.log.warning(f"connect to private/{service}: {error}")
                done = False
                continue
            attr.send(stream, **request)
            await stream.flush()
            self.reports[stream.fd] = stream, stages, mail
            return

    async def _reported(self, fd: int) -> None:
        """A report was written, or not."""
        stream, stages, mail = self.reports.pop(fd)
        try:
            done = (await attr.receive(stream)).get("status") == "0"
        except (Closed, TimedOut, SysError):
            done = False
        stream.close()
        await self._advance(stages, mail, done)


async def _loop(service: Service) -> None:
    await Manager(service).loop()


async def main(sys: Process, argv: list[str]) -> int:
    return await event_server(sys, argv, _loop, Hooks(solitary=True, unlimited=True))
