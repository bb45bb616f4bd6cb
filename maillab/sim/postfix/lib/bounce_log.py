"""bounce_log - the notes on recipients in the directories bounce, defer and trace, and the requests to the services that keep them

A note is an empty line, a line for people, `name=value` lines, and an empty line; one file a message, under the name of its
queue file. The bounce service alone writes them; showq reads those of deferred mail. Observed: files of Postfix 3.7.11.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError
from maillab.sim.mail.dsn import Dsn
from maillab.sim.postfix.lib import attr
from maillab.sim.postfix.lib.queue_file import Recipient
from maillab.sim.postfix.lib.vstream import Closed, TimedOut

if TYPE_CHECKING:
    from maillab.sim.host.process import Process
    from maillab.sim.postfix.lib.msg import Msg

APPEND, FLUSH, WARN, VERP, ONE, TRACE = range(6)
"""The requests of the bounce, defer and trace services."""
KEEP = 1
"""Request flag: leave the log as it is."""
TIMEOUT = 3600.0


def note(recipient: Recipient, dsn: Dsn) -> str:
    """The text of one note."""
    address = recipient.address
    lines = ["", f"<{address}>: {dsn.reason}", f"recipient={address}"]
    if recipient.original and recipient.original.lower() != address.lower():
        lines.append(f"original_recipient={recipient.original}")
    if recipient.offset > 0:
        lines.append(f"offset={recipient.offset}")
    fields = (("dsn_orig_rcpt", recipient.dsn_original), ("notify_flags", recipient.notify or ""),
              ("status", dsn.status), ("action", dsn.action), ("diag_type", dsn.diagnostic_type),
              ("diag_text", dsn.diagnostic_text), ("mta_type", dsn.mta_type), ("mta_mname", dsn.mta_name),
              ("reason", dsn.reason))
    lines += [f"{name}={value}" for name, value in fields if value != ""]
    return "\n".join(lines) + "\n\n"


def notes(data: bytes) -> Iterator[tuple[Recipient, Dsn]]:
    """The recipients of a log and what happened to them. Lines that are none of ours are passed over."""
    values: dict[str, str] = {}
    for line in [*data.decode("utf-8", "surrogateescape").split("\n"), ""]:
        name, equals, value = line.partition("=")
        if line.startswith("<") and ">: " in line and not values:
            continue
        if equals:
            values[name] = value
        elif values:
            yield _note(values)
            values = {}


def _note(values: dict[str, str]) -> tuple[Recipient, Dsn]:
    get = values.get
    recipient = Recipient(_number(get("offset", "0")), get("recipient", "(recipient address unavailable)"),
                          get("original_recipient", ""), get("dsn_orig_rcpt", ""), _number(get("notify_flags", "0")))
    dsn = Dsn(get("status", "4.0.0"), get("reason", "(description unavailable)"), get("action", "delayed"),
              get("diag_type", ""), get("diag_text", ""), get("mta_type", ""), get("mta_mname", ""))
    return recipient, dsn


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


def recipient_attributes(recipient: Recipient, dsn: Dsn) -> dict[str, attr.Value]:
    """A recipient and its fate as attributes of a request."""
    return {
        "original_recipient": recipient.original, "recipient": recipient.address, "offset": recipient.offset,
        "dsn_orig_rcpt": recipient.dsn_original, "notify_flags": recipient.notify, "status": dsn.status,
        "action": dsn.action, "reason": dsn.reason, "diag_type": dsn.diagnostic_type, "diag_text": dsn.diagnostic_text,
        "mta_type": dsn.mta_type, "mta_mname": dsn.mta_name}


def recipient_from(request: dict[str, str]) -> tuple[Recipient, Dsn]:
    """The reverse of recipient_attributes."""
    recipient = Recipient(int(request["offset"]), request["recipient"], request["original_recipient"],
                          request["dsn_orig_rcpt"], int(request["notify_flags"]))
    dsn = Dsn(request["status"], request["reason"], request["action"], request["diag_type"], request["diag_text"],
              request["mta_type"], request["mta_mname"])
    return recipient, dsn


async def ask(sys: Process, log: Msg, service: str, request: dict[str, attr.Value]) -> bool:
    """Send one request to the service (bounce, defer or trace); whether it did as told."""
    path = f"private/{service}"
    try:
        stream = await attr.connect(sys, path, TIMEOUT)
    except SysError as error:
        log.warning(f"connect to {path}: {error}")
        return False
    try:
        return (await attr.call(stream, **request)).get("status") == "0"
    except (Closed, TimedOut):
        log.warning(f"premature end-of-input on {path} socket while reading input attribute name")
        return False
    finally:
        stream.close()


async def append(sys: Process, log: Msg, service: str, queue_id: str, recipient: Recipient, dsn: Dsn) -> bool:
    """Add a note to a log; whether that worked."""
    request: dict[str, attr.Value] = {"nrequest": APPEND, "flags": 0, "queue_id": queue_id}
    return await ask(sys, log, service, request | recipient_attributes(recipient, dsn))
