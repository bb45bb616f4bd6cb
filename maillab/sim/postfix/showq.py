"""showq - list the Postfix mail queue

SYNOPSIS
    showq [generic Postfix daemon options]

DESCRIPTION
    Tells who asks on public/showq what is in the queue: for each message its name, queue, arrival time, size, sender, and its
    undelivered recipients with the reason for the delay, where there is one. postqueue makes a listing of it.

CONFIGURATION PARAMETERS
    enable_long_queue_ids, hash_queue_depth, hash_queue_names

BUGS
    None known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError
from maillab.sim.postfix._server import Service, single_server
from maillab.sim.postfix.lib import attr, bounce_log, deliver_request, queue_file, record

if TYPE_CHECKING:
    from maillab.sim.host.process import Process
    from maillab.sim.postfix.lib.queue_file import Message, Queue
    from maillab.sim.postfix.lib.vstream import Stream

INSTALLED = {"postfix": "/usr/lib/postfix/sbin/showq"}

QUEUES = ("maildrop", "active", "incoming", "deferred", "hold")
EXPIRED_MODE = 0o010
UNEXPLAINED = "reason unavailable"


async def serve(service: Service, stream: Stream) -> None:
    """List all queues. Raises Fatal when a queue directory cannot be read."""
    queue = deliver_request.layout(service.sys, service.params)
    for name in QUEUES:
        try:
            for queue_id in queue.names(name):
                _message(service, stream, queue, name, queue_id)
        except SysError as error:
            await stream.flush()
            service.log.fatal(f"scan_dir_push: open directory {name}: {error.strerror}")
    stream.put(b"\0")
    await stream.flush()


def _message(service: Service, stream: Stream, queue: Queue, name: str, queue_id: str) -> None:
    """Tell of one message, unless it is gone, unfinished or unreadable."""
    path = queue.path(name, queue_id)
    try:
        status = service.sys.lstat(path)
        if status.mode & queue_file.READY_MODE != queue_file.READY_MODE:
            return
        message = queue_file.parse(service.sys.slurp(path))
    except (SysError, record.MalformedRecord):
        return
    arrival = message.arrival or status.mtime
    if name == "maildrop":
        arrival = status.mtime
    attr.send(stream, queue_name=name, queue_id=queue_id, time=arrival // 1_000_000,
              size=message.size or status.size, forced_expire=int(bool(status.mode & EXPIRED_MODE)), sender=message.sender)
    for address, reason in _recipients(service, queue, queue_id, message):
        attr.send(stream, recipient=address, reason=reason)
    stream.put(b"\0")


def _recipients(service: Service, queue: Queue, queue_id: str, message: Message) -> list[tuple[str, str]]:
    """The recipients that have a reason to wait, then the others."""
    try:
        data = service.sys.slurp(queue.path("defer", queue_id))
    except SysError:
        return [(one.address, "") for one in message.recipients]
    found = [(one.address, dsn.reason) for one, dsn in bounce_log.notes(data)]
    known = {address.lower() for address, _ in found}
    reason = UNEXPLAINED if service.params.version >= (3, 1) else ""
    return found + [(one.address, reason) for one in message.recipients if one.address.lower() not in known]


async def main(sys: Process, argv: list[str]) -> int:
    return await single_server(sys, argv, serve)
