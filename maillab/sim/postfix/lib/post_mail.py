"""post_mail - messages that the mail system itself writes, handed to cleanup

The client reads the name of the new queue file, sends flags, then records (time, sender, recipient, content), and reads the
verdict. `Post` writes a notice from scratch; `Submission` is the bare dialogue, for those who bring their own records.
Observed: Postfix 3.7.11.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError
from maillab.sim.mail.rfc822_date import mail_date
from maillab.sim.postfix.lib import attr, cleanup_user, queue_file, record
from maillab.sim.postfix.lib.vstream import Closed, Stream, TimedOut

if TYPE_CHECKING:
    from maillab.sim.host.process import Process
    from maillab.sim.postfix.lib.msg import Msg
    from maillab.sim.postfix.lib.params import Params

FLUSH_OCTETS = 65536


class Submission:
    """One dialogue with cleanup. Make it with `open`; `put` records; `finish` gives (status, reason), 0 is success."""

    def __init__(self, stream: Stream, queue_id: str) -> None:
        self.stream = stream
        self.queue_id = queue_id
        self._octets = 0

    @classmethod
    async def open(cls, sys: Process, log: Msg, params: Params, flags: int) -> Submission | None:
        """Connect to cleanup; None (with a warning) when it does not answer."""
        path = f"public/{params['cleanup_service_name']}"
        try:
            stream = await attr.connect(sys, path, params.seconds("ipc_timeout"))
        except SysError as error:
            log.warning(f"connect #1 to subsystem {path}: {error}")
            return None
        try:
            name = (await attr.receive(stream)).get("queue_id", "")
        except (Closed, TimedOut):
            log.warning(f"premature end-of-input on {path} socket while reading input attribute name")
            stream.close()
            return None
        attr.send(stream, flags=flags)
        return cls(stream, name)

    async def put(self, kind: str, data: bytes | str = b"") -> None:
        """Send one record. Raises Closed when cleanup has gone."""
        octets = record.encode(kind, data)
        self.stream.put(octets)
        self._octets += len(octets)
        if self._octets > FLUSH_OCTETS:
            self._octets = 0
            await self.stream.flush()

    async def finish(self) -> tuple[int, str]:
        """Send the end record and await the verdict."""
        try:
            await self.put(record.END)
            answer = await attr.receive(self.stream)
            return int(answer.get("status", cleanup_user.WRITE)), answer.get("reason", "")
        except (Closed, TimedOut):
            return cleanup_user.WRITE, "premature end-of-input from cleanup socket while reading input attribute name"
        finally:
            self.stream.close()

    def abandon(self) -> None:
        """Hang up: cleanup throws the message away."""
        self.stream.close()


class Post:
    """A notice written line by line."""

    def __init__(self, submission: Submission) -> None:
        self.submission = submission
        self.queue_id = submission.queue_id

    @classmethod
    async def open(cls, sys: Process, log: Msg, params: Params, sender: str, recipient: str,
                   flags: int = cleanup_user.FLAG_INTERNAL) -> Post | None:
        """Begin a notice: envelope, Received: and Date: headers; None when cleanup does not answer."""
        submission = await Submission.open(sys, log, params, flags)
        if submission is None:
            return None
        post = cls(submission)
        now = sys.clock()
        put = submission.put
        try:
            await put(record.TIME, queue_file.time_data(now))
            await put(record.ATTRIBUTE, "rewrite_context=local")
            await put(record.FROM, sender)
            await put(record.RECIPIENT, recipient)
            await put(record.MESSAGE)
            await post.line(f"Received: by {params['myhostname']} ({params['mail_name']})")
            await post.line(f"\tid {post.queue_id}; {mail_date(now)}")
            await post.line(f"Date: {mail_date(now)}")
        except Closed:
            submission.abandon()
            return None
        return post

    async def line(self, text: str | bytes = "") -> None:
        """Write one line of content."""
        await self.submission.put(record.NORMAL, text)

    async def lines(self, *texts: str) -> None:
        """Write several lines."""
        for text in texts:
            await self.line(text)

    async def close(self) -> bool:
        """End the notice; whether cleanup took it."""
        try:
            await self.submission.put(record.EXTRACTED)
        except Closed:
            return False
        return (await self.submission.finish())[0] == 0
