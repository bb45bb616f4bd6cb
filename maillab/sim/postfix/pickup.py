"""pickup - Postfix local mail pickup

SYNOPSIS
    pickup [generic Postfix daemon options]

DESCRIPTION
    Waits for hints (from postdrop, or master's timer) that mail has been dropped into the maildrop directory, and feeds it to
    cleanup. Files that are not complete (not executable by their owner) are left alone; a file that cleanup does not take now
    stays for later. Logs `ID: uid=N from=<SENDER>`.

    Parameters: queue_directory, content_filter, receive_override_options, enable_original_recipient.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError
from maillab.sim.mail.rfc822_date import mail_date
from maillab.sim.postfix._server import Hooks, Service, trigger_server
from maillab.sim.postfix.lib import cleanup_user, queue_file, record
from maillab.sim.postfix.lib.post_mail import Submission
from maillab.sim.postfix.lib.queue_id import valid_id
from maillab.sim.postfix.lib.vstream import Closed

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"postfix": "/usr/lib/postfix/sbin/pickup"}
ENVELOPE = (
    record.FROM,
    record.RECIPIENT,
    record.FULLNAME,
    record.ATTRIBUTE,
    record.WARN,
    record.DSN_RETURN,
    record.DSN_ENVELOPE_ID,
    record.DSN_NOTIFY,
    record.VERP,
    record.DSN_ORIGINAL_RECIPIENT,
)
EXTRACTED = (record.RECIPIENT, record.ATTRIBUTE, record.DSN_NOTIFY)
ALLOWED_ATTRIBUTES = ("encoding", "dsn_orig_rcpt", "notify_flags", "ret_flags", "envelope_id", "rewrite_context", "trace_flags", "smtputf8")


class Pickup:
    """One pickup process."""

    async def handle(self, service: Service, data: bytes) -> None:
        """Scan maildrop until nothing more can be done."""
        while await self.scan(service):
            pass

    async def scan(self, service: Service) -> int:
        """Pick up every complete file; how many."""
        sys, done = service.sys, 0
        for name in sys.listdir("maildrop"):
            path = f"maildrop/{name}"
            try:
                stat = sys.stat(path)
            except SysError:
                continue
            if stat.mode & 0o100 and valid_id(name) and stat.size:
                done += await self.file(service, name, path, stat.uid)
        return done

    async def file(self, service: Service, name: str, path: str, uid: int) -> bool:
        """Feed one file to cleanup and remove it; False when it stays."""
        try:
            data = service.sys.slurp(path)
        except SysError as error:
            service.log.warning(f"open input file {path}: {error.strerror}")
            return False
        flags = cleanup_user.FLAG_BOUNCE | cleanup_user.FLAG_EXTERNAL
        overrides = service.params.words("receive_override_options")
        if "no_header_body_checks" in overrides:
            flags &= ~cleanup_user.FLAG_FILTER
        if "no_address_mappings" in overrides:
            flags &= ~(cleanup_user.FLAG_MAP | cleanup_user.FLAG_BCC)
        submission = await Submission.open(service.sys, service.log, service.params, flags)
        if submission is None:
            return False
        try:
            await self.copy(service, submission, data, uid)
        except record.MalformedRecord as error:
            service.log.warning(f"{path}: malformed record: {error}")
            submission.abandon()
            service.sys.rename(path, f"corrupt/{name}")
            return False
        except Closed:
            submission.abandon()
            status, reason = cleanup_user.WRITE, ""
        else:
            status, reason = await submission.finish()
        if status:
            if not reason:
                service.log.warning(f"{path}: error writing {submission.queue_id}: {cleanup_user.detail(status)[2]}")
            if not status & cleanup_user.BAD:
                return False
        service.sys.unlink(path)
        return True

    async def copy(self, service: Service, submission: Submission, data: bytes, uid: int) -> None:
        """The three segments, with the Received: header before the content."""
        reader = record.RecordReader(data)
        arrival = service.sys.clock()
        sender, pending = "", []
        for kind, value in reader:
            if kind == record.TIME:
                seconds, _, micro = value.partition(b" ")
                arrival = int(seconds) * queue_file.MILLION + int(micro or b"0")
            elif kind == record.FROM:
                sender = value.decode("utf-8", "surrogateescape")
                pending.append((kind, value))
            elif kind == record.ATTRIBUTE and value.partition(b"=")[0].decode("latin-1") not in ALLOWED_ATTRIBUTES:
                continue
            elif kind in ENVELOPE:
                pending.append((kind, value))
            elif kind == record.MESSAGE:
                break
            elif kind == record.END:
                raise record.MalformedRecord("no content")
        service.log.info(f"{submission.queue_id}: uid={uid} from=<{sender}>")
        await submission.put(record.TIME, queue_file.time_data(arrival))
        await submission.put(record.ATTRIBUTE, "log_message_origin=local")
        if service.params["content_filter"]:
            await submission.put(record.FILTER, service.params["content_filter"])
        for kind, value in pending:
            await submission.put(kind, value)
        await submission.put(record.MESSAGE)
        await self.received(service, submission, uid, arrival)
        await self.rest(submission, reader)

    async def received(self, service: Service, submission: Submission, uid: int, arrival: int) -> None:
        """The Received: header of local mail."""
        params = service.params
        await submission.put(record.NORMAL, f"Received: by {params['myhostname']} ({params['mail_name']}, from userid {uid})")
        await submission.put(record.NORMAL, f"\tid {submission.queue_id}; {mail_date(arrival)}")

    async def rest(self, submission: Submission, reader: record.RecordReader) -> None:
        """The content and the extracted segment."""
        content = True
        for kind, value in reader:
            if content and kind in (record.NORMAL, record.CONTINUED):
                await submission.put(kind, value)
            elif kind == record.EXTRACTED:
                content = False
                await submission.put(kind)
            elif kind == record.END:
                if content:
                    await submission.put(record.EXTRACTED)
                return
            elif not content and kind in EXTRACTED:
                await submission.put(kind, value)
        raise record.MalformedRecord("unexpected end")


async def main(sys: Process, argv: list[str]) -> int:
    """Run under master(8)."""
    daemon = Pickup()
    return await trigger_server(sys, argv, daemon.handle, Hooks(solitary=True))
