"""deliver_request - what the queue manager asks of a delivery agent, and what the agent answers

The agent speaks first: status 0 says that it is ready. Then comes one request (a list of attributes, and one list for each
recipient), and the agent answers with its status and, when the whole destination failed, why. Observed: Postfix 3.7.11.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError
from maillab.sim.mail.dsn import Dsn
from maillab.sim.postfix.lib import attr, queue_file, queue_id
from maillab.sim.postfix.lib.queue_file import Queue, Recipient
from maillab.sim.postfix.lib.vstream import Closed, TimedOut

if TYPE_CHECKING:
    from maillab.sim.host.process import Process
    from maillab.sim.postfix._server import Service
    from maillab.sim.postfix.lib.params import Params
    from maillab.sim.postfix.lib.vstream import Stream

MARK_DONE = 1 << 0            # mark finished recipients in the queue file
BOUNCE = 1 << 1               # unused by the agents, part of the default
DEFAULT = MARK_DONE | BOUNCE
PROBE = 1 << 8                # address verification by the mail system
USER_PROBE = 1 << 9           # sendmail -bv: report, do not deliver
RECORD = 1 << 10              # sendmail -v: deliver and report
TRACE_MASK = PROBE | USER_PROBE | RECORD
TRACE_ONLY = PROBE | USER_PROBE

OK, DEFERRED, CRASH = 0, -1, -2

CLIENT_ATTRIBUTES = ("log_client_name", "log_client_address", "log_client_port", "log_protocol_name", "log_helo_name",
                     "sasl_method", "sasl_username", "sasl_sender", "rewrite_context", "log_ident")


@dataclass(slots=True)
class Times:
    """When a message passed the stages that a log line tells apart (microseconds; 0: not yet)."""

    incoming: int = 0
    active: int = 0
    handoff: int = 0
    setup: int = 0


@dataclass(slots=True)
class Request:
    """One delivery request. `hop` says why the whole destination failed, when it did."""

    queue_name: str
    queue_id: str
    flags: int
    offset: int
    size: int
    nexthop: str
    encoding: str
    smtputf8: int
    sender: str
    envelope_id: str
    return_flags: int
    times: Times
    client: dict[str, str]
    recipients: list[Recipient] = field(default_factory=list)
    fd: int = -1
    hop: Dsn | None = None
    data: bytes = b""
    folds_delivered: bool = False
    """Whether Delivered-To: is written in lower case."""

    def content(self) -> bytes:
        """The content of the message, with newlines as line ends."""
        return queue_file.content(self.data, self.offset)

    def completed(self, sys: Process, recipient: Recipient) -> None:
        """Mark a recipient as done in the queue file, when the queue manager wants that."""
        if self.flags & MARK_DONE and recipient.offset > 0:
            queue_file.mark_done(sys, self.fd, recipient.offset)


def layout(sys: Process, params: Params) -> Queue:
    """The queue directories as main.cf lays them out."""
    hashed = tuple(params["hash_queue_names"].replace(",", " ").split())
    long_names = params.version >= (2, 9) and params.boolean("enable_long_queue_ids")
    return Queue(sys, hashed, params.integer("hash_queue_depth"), long_names)


def encode(request: Request) -> bytes:
    """The octets of a request."""
    head: dict[str, attr.Value] = {
        "flags": request.flags, "queue_name": request.queue_name, "queue_id": request.queue_id,
        "data_offset": request.offset, "data_size": request.size, "nexthop": request.nexthop,
        "encoding": request.encoding, "smtputf8": request.smtputf8, "sender": request.sender,
        "envelope_id": request.envelope_id, "ret_flags": request.return_flags, "incoming": request.times.incoming,
        "active": request.times.active, **request.client, "rcpt_count": len(request.recipients),
    }
    parts = [attr.encode(head)]
    for recipient in request.recipients:
        parts.append(attr.encode({
            "original_recipient": recipient.original, "recipient": recipient.address, "offset": recipient.offset,
            "dsn_orig_rcpt": recipient.dsn_original, "notify_flags": recipient.notify}))
    return b"".join(parts)


async def receive(service: Service, stream: Stream) -> Request | None:
    """Greet the queue manager, read one request and open its queue file; None when that cannot be done.

    Raises Closed when the client leaves without a request.
    """
    attr.send(stream, status=OK)
    head = await attr.receive(stream)
    times = Times(int(head["incoming"]), int(head["active"]), service.sys.clock())
    request = Request(
        head["queue_name"], head["queue_id"], int(head["flags"]), int(head["data_offset"]), int(head["data_size"]),
        head["nexthop"], head["encoding"], int(head["smtputf8"]), head["sender"], head["envelope_id"],
        int(head["ret_flags"]), times, {name: head[name] for name in CLIENT_ATTRIBUTES if name in head})
    for _ in range(int(head["rcpt_count"])):
        one = await attr.receive(stream)
        request.recipients.append(Recipient(int(one["offset"]), one["recipient"], one["original_recipient"],
                                            one["dsn_orig_rcpt"], int(one["notify_flags"])))
    return request if await _open(service, request) else None


async def _open(service: Service, request: Request) -> bool:
    sys = service.sys
    if request.queue_name not in queue_id.QUEUES or not queue_id.valid_id(request.queue_id):
        service.log.warning(f"bad queue file: {request.queue_name}/{request.queue_id}")
        return False
    path = layout(sys, service.params).path(request.queue_name, request.queue_id)
    try:
        request.fd = sys.open(path, "r+")
        await sys.flock(request.fd, "sh", block=False)
        request.data = sys.pread(request.fd, sys.fstat(request.fd).size, 0)
    except SysError as error:
        service.log.warning(f"open {request.queue_name} {request.queue_id}: {error}")
        if request.fd >= 0:
            sys.close(request.fd)
        return False
    return True


async def answer(service: Service, stream: Stream, request: Request | None, status: int) -> None:
    """End a request: close the queue file and tell the queue manager how it went."""
    if request is not None and request.fd >= 0:
        service.sys.close(request.fd)
        request.fd = -1
    hop = request.hop if request is not None else None
    if hop is None:
        attr.send(stream, status=status)
    else:
        attr.send(stream, status=status, dsn=hop.status, reason=hop.reason, diag_type=hop.diagnostic_type,
                  diag_text=hop.diagnostic_text, mta_type=hop.mta_type, mta_mname=hop.mta_name)
    await stream.flush()


Deliver = Callable[["Service", Request], Awaitable[int]]


async def serve(service: Service, stream: Stream, deliver: Deliver) -> None:
    """What a delivery agent does with one connection of the queue manager."""
    request = await receive(service, stream)
    status = DEFERRED
    if request is not None:
        request.folds_delivered = service.params.version < (3, 0)
        status = await deliver(service, request)
    await answer(service, stream, request, status)


async def deliver_pass(service: Service, request: Request, recipient: Recipient, transport: str) -> int | None:
    """Hand one recipient to another transport (`name:nexthop`); its status, None when it cannot be reached."""
    name, _, nexthop = transport.partition(":")
    path = f"private/{name}"
    try:
        stream = await attr.connect(service.sys, path, service.params.seconds("ipc_timeout"))
    except SysError as error:
        service.log.warning(f"connect to {path}: {error}")
        return None
    passed = replace(request, nexthop=nexthop or request.nexthop, recipients=[replace(recipient, offset=0)], hop=None,
                     flags=request.flags & ~MARK_DONE)
    try:
        await attr.receive(stream)
        stream.put(encode(passed))
        return int((await attr.receive(stream)).get("status", "-1"))
    except (Closed, TimedOut):
        service.log.warning(f"premature end-of-input on {path} socket while reading input attribute name")
        return None
    finally:
        stream.close()
