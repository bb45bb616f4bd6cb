"""flush - Postfix fast flush server

SYNOPSIS
    flush [generic Postfix daemon options]

DESCRIPTION
    Remembers, for each site of fast_flush_domains, which deferred messages wait for it (a file a site in the directory flush),
    and moves them back to the incoming queue when somebody asks: ETRN, `sendmail -qRsite`, `postqueue -s site`.
    `postqueue -i` moves a single message. Master wakes it up to forget what is older than fast_flush_purge_time.

CONFIGURATION PARAMETERS
    fast_flush_domains, fast_flush_purge_time, fast_flush_refresh_time

BUGS
    Sites are not refreshed: only purged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError
from maillab.sim.postfix._server import Service, single_server
from maillab.sim.postfix.lib import attr, deliver_request, queue_id
from maillab.sim.postfix.lib.flush_clnt import BAD, OK, UNKNOWN
from maillab.sim.postfix.lib.mail_trigger import mail_trigger
from maillab.sim.postfix.lib.queue_file import NEW_MODE, Queue

if TYPE_CHECKING:
    from maillab.sim.host.process import Process
    from maillab.sim.postfix.lib.vstream import Stream

INSTALLED = {"postfix": "/usr/lib/postfix/sbin/flush"}

FLUSH = "flush"
SCAN = b"I"


def site_file(site: str) -> str:
    """The name of a site's file: letters and digits in lower case, anything else as underscore."""
    return "".join(char if char.isalnum() and char.isascii() else "_" for char in site.strip("[]").lower())


async def serve(service: Service, stream: Stream) -> None:
    """Answer one request, or master's wake-up call."""
    await stream.more()
    if stream.peek()[:1] == b"W":
        _purge(service)
        return
    request = await attr.receive(stream)
    kind = request.get("request", "")
    queue = deliver_request.layout(service.sys, service.params)
    if kind == "add":
        status = await _add(service, queue, request.get("site", ""), request.get("queue_id", ""))
    elif kind == "send_site":
        status = await _send_site(service, queue, request.get("site", ""))
    elif kind == "send_file":
        status = await _send_file(service, queue, request.get("queue_id", ""))
    else:
        status = BAD
    attr.send(stream, status=status)


async def _add(service: Service, queue: Queue, site: str, name: str) -> int:
    """Note that a message waits for a site."""
    sys = service.sys
    if not queue_id.valid_id(name) or not site_file(site):
        return BAD
    path = queue.path(FLUSH, site_file(site))
    try:
        fd = sys.open(path, "a", NEW_MODE)
        await sys.flock(fd, "ex")
        await sys.write(fd, f"{name}\n".encode())
        sys.close(fd)
    except SysError as error:
        service.log.fatal(f"open fast flush logfile {path}: {error}")
    return OK


async def _send_site(service: Service, queue: Queue, site: str) -> int:
    """Move the messages of a site back to the incoming queue."""
    path = queue.path(FLUSH, site_file(site))
    try:
        listed = service.sys.slurp(path).decode("ascii", "replace").split()
        service.sys.unlink(path)
    except SysError:
        return OK
    for name in dict.fromkeys(listed):
        _requeue(service, queue, name)
    await _wake(service)
    return OK


async def _send_file(service: Service, queue: Queue, name: str) -> int:
    """Move one message back to the incoming queue."""
    if not queue_id.valid_id(name):
        return BAD
    found = _requeue(service, queue, name)
    await _wake(service)
    return OK if found else UNKNOWN


def _requeue(service: Service, queue: Queue, name: str) -> bool:
    """From deferred to incoming, due now."""
    sys = service.sys
    now = sys.clock()
    try:
        sys.utime(queue.path("deferred", name), now, now)
        queue.rename(name, "deferred", "incoming")
    except SysError:
        return False
    return True


async def _wake(service: Service) -> None:
    try:
        await mail_trigger(service.sys, f"public/{service.params['queue_service_name']}", SCAN)
    except SysError as error:
        service.log.warning(f"trigger queue manager: {error}")


def _purge(service: Service) -> None:
    """Forget sites that nobody asked for in a long time."""
    sys = service.sys
    age = int(service.params.seconds("fast_flush_purge_time") * 1_000_000)
    for name in sys.listdir(FLUSH):
        path = f"{FLUSH}/{name}"
        if sys.isfile(path) and sys.clock() - sys.stat(path).mtime > age:
            sys.unlink(path)


async def main(sys: Process, argv: list[str]) -> int:
    return await single_server(sys, argv, serve)
