"""forward - mail that local gives back to the mail system for other recipients, one new message for each sender"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.mail.dsn import Dsn
from maillab.sim.mail.rfc822_date import mail_date
from maillab.sim.postfix.lib import cleanup_user, mail_copy, queue_file, record
from maillab.sim.postfix.lib.deliver_request import DEFERRED, OK
from maillab.sim.postfix.lib.post_mail import Submission
from maillab.sim.postfix.lib.vstream import Closed

if TYPE_CHECKING:
    from maillab.sim.postfix.local.attributes import Attributes
    from maillab.sim.postfix.local.delivery import Delivery

FLAGS = cleanup_user.FLAG_BOUNCE | cleanup_user.FLAG_INTERNAL


class Forwarder:
    """The new messages that one recipient of a request makes."""

    def __init__(self, delivery: Delivery) -> None:
        self.delivery = delivery
        self.open: dict[tuple[str, str], Submission] = {}
        self.failed = False

    async def add(self, attributes: Attributes) -> int:
        """Add a recipient to the message for its sender."""
        key = (attributes.delivered, attributes.sender)
        submission = self.open.get(key)
        try:
            if submission is None:
                submission = await self._begin(attributes)
                if submission is None:
                    self.failed = True
                    return DEFERRED
                self.open[key] = submission
            recipient = attributes.recipient
            if recipient.dsn_original:
                await submission.put(record.ATTRIBUTE, f"dsn_orig_rcpt={recipient.dsn_original}")
            if recipient.notify:
                await submission.put(record.ATTRIBUTE, f"notify_flags={recipient.notify}")
            if recipient.original:
                await submission.put(record.ORIGINAL_RECIPIENT, recipient.original)
            await submission.put(record.RECIPIENT, recipient.address)
        except Closed:
            self.failed = True
            return DEFERRED
        return OK

    async def _begin(self, attributes: Attributes) -> Submission | None:
        service, request = self.delivery.service, self.delivery.request
        submission = await Submission.open(service.sys, service.log, service.params, FLAGS)
        if submission is None:
            return None
        put = submission.put
        await put(record.TIME, queue_file.time_data(request.times.incoming))
        for name, value in request.client.items():
            await put(record.ATTRIBUTE, f"{name}={value}")
        if request.encoding:
            await put(record.ATTRIBUTE, f"encoding={request.encoding}")
        if request.envelope_id:
            await put(record.ATTRIBUTE, f"envelope_id={request.envelope_id}")
        if request.return_flags:
            await put(record.ATTRIBUTE, f"ret_flags={request.return_flags}")
        await put(record.FROM, attributes.sender)
        return submission

    async def finish(self, attributes: Attributes, status: int) -> int:
        """Send the messages off, or throw them away when something else went wrong; log where the recipient went."""
        submissions, self.open = self.open, {}
        if self.failed:
            status = DEFERRED
        result = OK
        for (delivered, _), submission in submissions.items():
            if status != OK:
                submission.abandon()
                continue
            if not await self._send(submission, delivered):
                result = DEFERRED
            else:
                dsn = Dsn("2.0.0", f"forwarded as {submission.queue_id}")
                result |= await self.delivery.reporter.sent(self.delivery.facts, attributes.recipient,
                                                            self.delivery.relay, dsn.acted("relayed"))
        if self.failed or (result != OK and status == OK):
            dsn = Dsn("4.3.0", "unable to forward message")
            return await self.delivery.reporter.deferred(self.delivery.facts, attributes.recipient, self.delivery.relay, dsn)
        return result

    async def _send(self, submission: Submission, delivered: str) -> bool:
        """The content, with a trace of where it has been."""
        service, request = self.delivery.service, self.delivery.request
        params = service.params
        try:
            await submission.put(record.MESSAGE)
            await submission.put(record.NORMAL, f"Received: by {params['myhostname']} ({params['mail_name']})")
            await submission.put(record.NORMAL, f"\tid {submission.queue_id}; {mail_date(service.sys.clock())}")
            if "forward" in params["prepend_delivered_header"].replace(",", " ").split():
                await submission.put(record.NORMAL, f"Delivered-To: {mail_copy.delivered_form(request, delivered)}")
            for kind, data in record.RecordReader(request.data, request.offset):
                if kind not in (record.NORMAL, record.CONTINUED):
                    break
                await submission.put(kind, data)
            await submission.put(record.EXTRACTED)
        except Closed:
            return False
        status, _ = await submission.finish()
        return status == 0
