"""bounce - Postfix delivery status reports

SYNOPSIS
    bounce [generic Postfix daemon options]

DESCRIPTION
    Keeps the notes on what became of recipients, one file a message, in the directories that carry the names under which it
    serves: bounce (failed), defer (to be tried again), trace (reports that the sender asked for). When the queue manager asks
    for it, turns the notes into a message to the sender, with copies to the postmaster that notify_classes asks for.

    The texts come from bounce_template_file or are built in (bounce(5)). A message with the empty sender is never bounced to
    anybody but the postmaster, and a message from double_bounce_sender is dropped.

CONFIGURATION PARAMETERS
    2bounce_notice_recipient, bounce_notice_recipient, delay_notice_recipient, bounce_size_limit, bounce_template_file,
    double_bounce_sender, header_from_format, mail_name, maximal_queue_lifetime, notify_classes, soft_bounce

BUGS
    One notification a recipient (VERP) is sent as one notification a message. Messages in UTF-8 addresses get the same report
    types as others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError
from maillab.sim.postfix._server import Hooks, Service, single_server
from maillab.sim.postfix.bounce import notice as notices
from maillab.sim.postfix.bounce import template as templates
from maillab.sim.postfix.bounce.notice import Notice, Report
from maillab.sim.postfix.lib import attr, bounce_log, deliver_request
from maillab.sim.postfix.lib.post_mail import Post
from maillab.sim.postfix.lib.queue_file import NEW_MODE

if TYPE_CHECKING:
    from maillab.sim.host.process import Process
    from maillab.sim.mail.dsn import Dsn
    from maillab.sim.postfix.lib.queue_file import Recipient
    from maillab.sim.postfix.lib.vstream import Stream

INSTALLED = {"postfix": "/usr/lib/postfix/sbin/bounce"}


class Bounce:
    """The service: `serve` answers one request."""

    def __init__(self) -> None:
        self.templates: dict[str, templates.Template] = {}

    async def start(self, service: Service) -> None:
        """Read the texts."""
        self.templates = templates.load(service.sys, service.log, service.params)

    async def serve(self, service: Service, stream: Stream) -> None:
        """Read one request, do it, say whether it was done."""
        request = await attr.receive(stream)
        kind = int(request.get("nrequest", "-1"))
        if kind == bounce_log.APPEND:
            done = await self._append(service, request)
        elif kind in (bounce_log.FLUSH, bounce_log.VERP):
            done = await self._failure(service, request)
        elif kind == bounce_log.WARN:
            done = await self._warn(service, request)
        elif kind == bounce_log.ONE:
            done = await self._one(service, request)
        elif kind == bounce_log.TRACE:
            done = await self._trace(service, request)
        else:
            service.log.warning(f"unknown command: {kind}")
            done = False
        attr.send(stream, status=0 if done else -1)

    async def _append(self, service: Service, request: dict[str, str]) -> bool:
        """Add a note to the log."""
        recipient, dsn = bounce_log.recipient_from(request)
        queue = deliver_request.layout(service.sys, service.params)
        path = queue.path(service.name, request["queue_id"])
        try:
            try:
                fd = service.sys.open(path, "a", NEW_MODE)
            except SysError as error:
                if error.name != "ENOENT":
                    raise
                queue.make_folders(path)
                fd = service.sys.open(path, "a", NEW_MODE)
            await service.sys.flock(fd, "ex")
            await service.sys.write(fd, bounce_log.note(recipient, dsn).encode("utf-8", "surrogateescape"))
            service.sys.close(fd)
        except SysError as error:
            service.log.fatal(f"open file {service.name} {request['queue_id']}: {error}")
        return True

    def _report(self, service: Service, request: dict[str, str]) -> Report | None:
        report = Report(service, request["queue_id"], request["queue_name"], request["sender"], request["envelope_id"],
                        int(request["ret_flags"]), request["encoding"])
        if "recipient" in request:
            report.notes = [bounce_log.recipient_from(request)]
        else:
            try:
                report.notes = notices.read_notes(service, service.name, report.queue_id)
            except SysError as error:
                service.log.warning(f"open {service.name} {report.queue_id}: {error}")
                return None
        report.load()
        return report

    async def _failure(self, service: Service, request: dict[str, str]) -> bool:
        """Return mail to the sender."""
        report = self._report(service, request)
        done = report is None or await self._return(report)
        if done and not int(request["flags"]) & bounce_log.KEEP:
            self._forget(service, request["queue_id"])
        return done

    async def _one(self, service: Service, request: dict[str, str]) -> bool:
        """Return mail for one recipient, without a log."""
        report = self._report(service, request)
        return report is None or await self._return(report)

    async def _return(self, report: Report) -> bool:
        service, params = report.service, report.service.params
        classes = params["notify_classes"].replace(",", " ").split()
        if self._is_double_bounce(report):
            service.log.warning(f"{report.queue_id}: undeliverable postmaster notification discarded")
            return True
        if not report.sender:
            return "2bounce" not in classes or await self._send(
                report, templates.FAILURE, report.notes, "postmaster non-delivery", params["2bounce_notice_recipient"])
        notes = report.asked(4)
        if not await self._send(report, templates.FAILURE, notes, "sender non-delivery"):
            return False
        if notes and "bounce" in classes:
            await self._send(report, templates.FAILURE, notes, "postmaster non-delivery", params["bounce_notice_recipient"])
        return True

    async def _warn(self, service: Service, request: dict[str, str]) -> bool:
        """Tell the sender that mail is late."""
        report = self._report(service, request)
        if report is None or self._is_double_bounce(report):
            return True
        notes, classes = report.asked(8), service.params["notify_classes"].replace(",", " ").split()
        if report.sender and not await self._send(report, templates.DELAY, notes, "sender delay"):
            return False
        if notes and "delay" in classes:
            recipient = service.params["delay_notice_recipient"]
            return await self._send(report, templates.DELAY, notes, "postmaster delay", recipient)
        return True

    async def _trace(self, service: Service, request: dict[str, str]) -> bool:
        """Send the report that the sender asked for."""
        report = self._report(service, request)
        done = True
        if report is not None and report.sender and not self._is_double_bounce(report):
            asked = int(request["flags"]) & deliver_request.TRACE_MASK
            kind = templates.VERIFY if asked else templates.SUCCESS
            done = await self._send(report, kind, report.notes, "sender delivery status")
        if done:
            self._forget(service, request["queue_id"])
        return done

    async def _send(self, report: Report, kind: str, notes: list[tuple[Recipient, Dsn]],
                    label: str, postmaster: str = "") -> bool:
        """Send one notification to the sender, or to this postmaster; whether it was taken."""
        service = report.service
        origin = self._double_bounce(service) if postmaster else ""
        to = postmaster or report.sender
        post = await Post.open(service.sys, service.log, service.params, origin, to)
        if post is None:
            return False
        notice = Notice(report, self.templates[kind], post, bool(postmaster))
        if not notes:
            await notice.drop(to)
            return True
        short = notices.headers_only(report, self.templates[kind], bool(postmaster))
        if not await notice.write(to, notes, short):
            return False
        service.log.info(f"{report.queue_id}: {label} notification: {post.queue_id}")
        return True

    def _double_bounce(self, service: Service) -> str:
        name = service.params["double_bounce_sender"]
        return name if "@" in name else f"{name}@{service.params['myhostname']}"

    def _is_double_bounce(self, report: Report) -> bool:
        return report.sender.lower() == self._double_bounce(report.service).lower()

    def _forget(self, service: Service, queue_id: str) -> None:
        path = deliver_request.layout(service.sys, service.params).path(service.name, queue_id)
        try:
            service.sys.unlink(path)
        except SysError as error:
            if error.name != "ENOENT":
                service.log.fatal(f"remove {service.name} {queue_id}: {error}")


async def main(sys: Process, argv: list[str]) -> int:
    bounce = Bounce()
    return await single_server(sys, argv, bounce.serve, Hooks(pre_jail=bounce.start))
