"""finish - what happens to a message when all its deliveries have ended

The stages ask the bounce, defer and trace services for reports; each is a generator that yields a request and is sent whether it
was done, so that the queue manager goes on with other mail meanwhile.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError
from maillab.sim.postfix.lib import attr, bounce_log, record
from maillab.sim.postfix.lib.queue_file import Queue

if TYPE_CHECKING:
    from maillab.sim.postfix._server import Service
    from maillab.sim.postfix.qmgr.message import Mail

Report = tuple[str, dict[str, attr.Value]]
Stages = Generator[Report, bool, None]
MILLION = 1_000_000


class Finisher:
    """Removes, bounces or defers messages."""

    def __init__(self, service: Service, queue: Queue) -> None:
        self.service = service
        self.queue = queue
        params = service.params
        self.lifetime = params.seconds("maximal_queue_lifetime")
        self.bounce_lifetime = params.seconds("bounce_queue_lifetime")
        self.minimal = params.seconds("minimal_backoff_time")
        self.maximal = params.seconds("maximal_backoff_time")
        if self.bounce_lifetime > self.lifetime:
            service.log.warning("bounce_queue_lifetime is larger than maximal_queue_lifetime - adjusting bounce_queue_lifetime")
            self.bounce_lifetime = self.lifetime

    def stages(self, mail: Mail) -> Stages:
        """All that is left to do for a message."""
        if self._exists("bounce", mail):
            if not (yield self._report("bounce", bounce_log.FLUSH, mail)):
                mail.deferred = True
        if mail.deferred and (mail.expired or self._too_old(mail)):
            yield from self._expire(mail)
        elif mail.deferred and mail.envelope.warn_time and self.service.sys.clock() // MILLION >= mail.envelope.warn_time - 1:
            if (yield self._report("defer", bounce_log.WARN, mail)):
                self._warned(mail)
        if self._exists("trace", mail) and not (yield self._report("trace", bounce_log.TRACE, mail)):
            mail.deferred = True
        self._close(mail)
        if mail.deferred:
            self._defer(mail)
        else:
            self._remove(mail)

    def _expire(self, mail: Mail) -> Stages:
        status = "force-expired" if mail.expired else "expired"
        self.service.log.info(f"{mail.queue_id}: from=<{mail.sender}>, status={status}, returned to sender")
        if not self._exists("defer", mail) or (yield self._report("defer", bounce_log.FLUSH, mail)):
            mail.deferred = False

    def _too_old(self, mail: Mail) -> bool:
        lifetime = self.lifetime if mail.sender else self.bounce_lifetime
        return self.service.sys.clock() // MILLION >= mail.envelope.arrival // MILLION + lifetime

    def _exists(self, log: str, mail: Mail) -> bool:
        return self.service.sys.exists(self.queue.path(log, mail.queue_id))

    def _report(self, service: str, kind: int, mail: Mail) -> Report:
        envelope = mail.envelope
        return service, {
            "nrequest": kind, "flags": mail.flags if kind == bounce_log.TRACE else 0, "queue_name": "active",
            "queue_id": mail.queue_id, "encoding": envelope.attribute("encoding"), "sender": envelope.sender,
            "envelope_id": envelope.dsn_envelope_id, "ret_flags": envelope.dsn_return}

    def _warned(self, mail: Mail) -> None:
        """State in the file that the sender knows of the delay."""
        data = record.encode(record.WARN, f"{0:15d}")
        self.service.sys.pwrite(mail.fd, data, mail.envelope.warn_offset)

    def _close(self, mail: Mail) -> None:
        if mail.fd >= 0:
            self.service.sys.close(mail.fd)
            mail.fd = -1

    def _remove(self, mail: Mail) -> None:
        try:
            self.queue.remove("active", mail.queue_id)
        except SysError as error:
            if error.name != "ENOENT":
                self.service.log.fatal(f"qmgr_active_done_3_generic: remove {mail.queue_id} from active: {error}")
            self.service.log.warning(f"qmgr_active_done_3_generic: remove {mail.queue_id} from active: {error}")
            return
        if self._exists("defer", mail):
            self.queue.remove("defer", mail.queue_id)
        self.service.log.info(f"{mail.queue_id}: removed")

    def _defer(self, mail: Mail) -> None:
        """Back to the deferred queue, with the time of the next try as its modification time."""
        now = self.service.sys.clock()
        age = now // MILLION - mail.envelope.arrival // MILLION
        self.back_off(mail.queue_id, now, min(max(age, self.minimal), self.maximal))

    def back_off(self, queue_id: str, now: int, delay: float) -> None:
        """Move a file from the active to the deferred queue for `delay` seconds."""
        when = now // MILLION * MILLION + int(delay) * MILLION
        try:
            self.service.sys.utime(self.queue.path("active", queue_id), when, when)
            self.queue.rename(queue_id, "active", "deferred")
        except SysError as error:
            if error.name != "ENOENT":
                self.service.log.fatal(f"qmgr_active_defer: rename {queue_id} from active to deferred: {error}")
            self.service.log.warning(f"qmgr_active_defer: rename {queue_id} from active to deferred: {error}")
