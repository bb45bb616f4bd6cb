"""notice - one delivery status notification: a multipart/report (RFC 3464) with the reasons, the report and the message"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError
from maillab.sim.mail import dsn as codes
from maillab.sim.mail.dsn import Dsn
from maillab.sim.mail.rfc822_date import mail_date
from maillab.sim.postfix.bounce import template as templates
from maillab.sim.postfix.bounce.template import DELAY, FAILURE, Template
from maillab.sim.postfix.lib import bounce_log, deliver_request, queue_file, record

if TYPE_CHECKING:
    from maillab.sim.postfix._server import Service
    from maillab.sim.postfix.lib.post_mail import Post
    from maillab.sim.postfix.lib.queue_file import Recipient

LINE = 79
INDENT = 4


def wrap(text: str, length: int = LINE, indent: int = INDENT) -> list[str]:
    """Break a text at blanks into lines of at most `length` columns; lines after the first are indented."""
    lines: list[str] = []
    line, room = "", length
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > room:
            lines.append(line)
            line, room = word, length - indent
        else:
            line = f"{line} {word}" if line else word
    lines.append(line)
    return [lines[0].rstrip(), *(" " * indent + rest.rstrip() for rest in lines[1:])]


@dataclass(slots=True)
class Report:
    """The message that a notification is about and the notes on its recipients."""

    service: Service
    queue_id: str
    queue_name: str
    sender: str
    envelope_id: str
    return_flags: int
    encoding: str
    notes: list[tuple[Recipient, Dsn]] = field(default_factory=list)
    data: bytes = b""
    offset: int = 0
    size: int = 0
    arrival: int = 0

    def load(self) -> None:
        """Read the queue file; a file that is gone leaves the notification without an original."""
        sys = self.service.sys
        path = deliver_request.layout(sys, self.service.params).path(self.queue_name, self.queue_id)
        try:
            self.data = sys.slurp(path)
            message = queue_file.parse(self.data)
        except (SysError, record.MalformedRecord):
            return
        self.offset, self.size, self.arrival = message.data_offset, message.size, message.arrival

    def asked(self, flag: int, default: bool = True) -> list[tuple[Recipient, Dsn]]:
        """The notes on recipients whose NOTIFY has this flag (or who have none and `default` is true)."""
        return [(one, dsn) for one, dsn in self.notes if (one.notify & flag if one.notify else default)]


class Notice:
    """Writes one notification about `report` with `template` to `post`."""

    def __init__(self, report: Report, template: Template, post: Post, postmaster: bool) -> None:
        self.report = report
        self.template = template
        self.post = post
        self.postmaster = postmaster
        params = report.service.params
        self.params = params
        self.boundary = f"{report.queue_id}.{report.service.sys.clock() // 1_000_000}/{params['myhostname']}"
        utf8 = params.version >= (3, 0) and params.boolean("smtputf8_enable")
        self.charset = "utf-8" if utf8 and template.charset.lower() == "us-ascii" else template.charset
        self.encoding = "8bit" if utf8 else report.encoding

    async def write(self, recipient: str, notes: list[tuple[Recipient, Dsn]], headers_only: bool) -> bool:
        """Write it all; whether cleanup took it."""
        await self._header(recipient)
        await self._text(notes)
        await self._status(notes)
        await self._original(headers_only)
        await self.post.lines("", f"--{self.boundary}--")
        return await self.post.close()

    async def drop(self, recipient: str) -> None:
        """Begin it, find nobody to tell of, and hang up: cleanup has seen a header by then."""
        await self._header(recipient)
        await self._text([])
        await self.post.submission.stream.flush()
        self.post.submission.abandon()

    async def _header(self, recipient: str) -> None:
        template = self.template
        lines = [f"From: {template.sender or self._from()}",
                 f"Subject: {template.postmaster_subject if self.postmaster else template.subject}",
                 f"To: {recipient}"]
        if self.params.version >= (2, 5):
            lines.append(f"Auto-Submitted: {'auto-generated' if self.postmaster else 'auto-replied'}")
        lines += ["MIME-Version: 1.0", "Content-Type: multipart/report; report-type=delivery-status;",
                  f"\tboundary=\"{self.boundary}\""]
        await self.post.lines(*lines, *self._encoding(), "", "This is a MIME-encapsulated message.")

    def _from(self) -> str:
        standard = self.params.version >= (3, 3) and self.params["header_from_format"] == "standard"
        return "Mail Delivery System <MAILER-DAEMON>" if standard else "MAILER-DAEMON (Mail Delivery System)"

    def _encoding(self) -> list[str]:
        return [f"Content-Transfer-Encoding: {self.encoding}"] if self.encoding else []

    async def _text(self, notes: list[tuple[Recipient, Dsn]]) -> None:
        await self.post.lines("", f"--{self.boundary}", "Content-Description: Notification",
                              f"Content-Type: text/plain; charset={self.charset}", *self._encoding(), "")
        if not self.postmaster:
            await self.post.lines(*templates.expand(self.report.service.log, self.params, self.template))
        for one, dsn in notes:
            differs = one.original and one.original.lower() != one.address.lower()
            name = f"<{one.address}> (expanded from <{one.original}>)" if differs else f"<{one.address}>"
            await self.post.lines("", *wrap(f"{name}: {dsn.reason}"))

    async def _status(self, notes: list[tuple[Recipient, Dsn]]) -> None:
        report, host = self.report, self.params["myhostname"]
        name = self.params["mail_name"]
        lines = ["", f"--{self.boundary}", "Content-Description: Delivery report",
                 "Content-Type: message/delivery-status", "", f"Reporting-MTA: dns; {host}"]
        if report.envelope_id:
            lines.append(f"Original-Envelope-Id: {report.envelope_id}")
        lines += [f"X-{name}-Queue-ID: {report.queue_id}", f"X-{name}-Sender: rfc822; {self._sender()}"]
        if report.arrival:
            lines.append(f"Arrival-Date: {mail_date(report.arrival)}")
        await self.post.lines(*lines)
        for one, dsn in notes:
            await self.post.lines(*self._recipient(one, dsn))

    def _sender(self) -> str:
        return self.report.sender or f"MAILER-DAEMON@{self.params['myhostname']}"

    def _recipient(self, one: Recipient, dsn: Dsn) -> list[str]:
        lines = ["", f"Final-Recipient: rfc822; {one.address}"]
        if one.dsn_original:
            lines.append(f"Original-Recipient: {one.dsn_original}")
        elif one.original:
            lines.append(f"Original-Recipient: rfc822; {one.original}")
        lines += [f"Action: {'failed' if self.template.kind == FAILURE else dsn.action}", f"Status: {dsn.status}"]
        if dsn.mta_type and dsn.mta_name:
            lines.append(f"Remote-MTA: {dsn.mta_type}; {dsn.mta_name}")
        if dsn.diagnostic_type and dsn.diagnostic_text:
            lines += wrap(f"Diagnostic-Code: {dsn.diagnostic_type}; {dsn.diagnostic_text}")
        else:
            lines += wrap(f"Diagnostic-Code: X-{self.params['mail_name']}; {dsn.reason}")
        if self.template.kind == DELAY and self.report.arrival:
            lifetime = self.params.seconds("maximal_queue_lifetime")
            lines.append(f"Will-Retry-Until: {mail_date(self.report.arrival + int(lifetime * 1_000_000))}")
        return lines

    async def _original(self, headers_only: bool) -> None:
        report = self.report
        if not report.offset:
            return
        undelivered = "Undelivered " if self.template.kind in (FAILURE, DELAY) else ""
        kind = "text/rfc822-headers" if headers_only else "message/rfc822"
        await self.post.lines("", f"--{self.boundary}",
                              f"Content-Description: {undelivered}Message{' Headers' if headers_only else ''}",
                              f"Content-Type: {kind}", *self._encoding(), "", f"Return-Path: <{self._sender()}>")
        for line in record.content_lines(record.RecordReader(report.data, report.offset)):
            if headers_only and not line:
                break
            await self.post.line(line)


def headers_only(report: Report, template: Template, postmaster: bool) -> bool:
    """Whether the notification holds only the headers of the message."""
    if template.kind != FAILURE or report.return_flags == codes.RETURN_HEADERS:
        return True
    limit = report.service.params.integer("bounce_size_limit")
    return (postmaster and report.sender != "") or bool(limit and report.size > limit)


def read_notes(service: Service, folder: str, queue_id: str) -> list[tuple[Recipient, Dsn]]:
    """The notes of a log. Raises SysError."""
    path = deliver_request.layout(service.sys, service.params).path(folder, queue_id)
    return list(bounce_log.notes(service.sys.slurp(path)))
