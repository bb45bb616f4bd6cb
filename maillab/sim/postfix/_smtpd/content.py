"""DATA and BDAT: the content of a message goes to cleanup, or to a proxy filter, line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.mail.address import quote_local
from maillab.sim.mail.rfc822_date import mail_date
from maillab.sim.mail.smtp_grammar import Word
from maillab.sim.postfix._smtpd.dialogue import Dialogue
from maillab.sim.postfix._smtpd.session import DATA, POLICY, PROTOCOL, RESOURCE, Reject
from maillab.sim.postfix.lib import cleanup_user, record
from maillab.sim.postfix.lib.post_mail import Submission
from maillab.sim.postfix.lib.vstream import Closed

if TYPE_CHECKING:
    from maillab.sim.postfix._smtpd.commands import Commands

ACTIVE, FAILED = "active", "failed"


class ContentReader:
    """Reads message content for one session."""

    def __init__(self, commands: Commands) -> None:
        self.commands = commands
        self.session = commands.session
        self.params = commands.params
        self.log = commands.service.log
        self.line_limit = commands.params.integer("line_length_limit")
        self.size_limit = commands.params.integer("message_size_limit")
        self.first = True
        self.room = 0

    # --- DATA --------------------------------------------------------------------------------------------------------

    async def data(self, dialogue: Dialogue, words: list[Word]) -> bool:
        """The DATA command."""
        commands, transaction = self.commands, self.session.transaction
        if transaction.bdat:
            return commands.bad(dialogue, "503 5.5.1 Error: DATA after BDAT")
        if transaction.recipients == 0:
            if transaction.sender is None:
                return commands.bad(dialogue, "503 5.5.1 Error: need RCPT command")
            return commands.bad(dialogue, "554 5.5.1 Error: no valid recipients")
        if len(words) != 1:
            return commands.bad(dialogue, "501 5.5.4 Syntax: DATA")
        await commands.checks.data()
        self._begin()
        await self._header()
        dialogue.reply("354 End data with <CR><LF>.<CR><LF>")
        await dialogue.flush()
        dialogue.stream.timeout = self.params.seconds("smtpd_timeout")
        await self._lines(dialogue)
        return await self._finish(dialogue, "")

    def _begin(self) -> None:
        self.first = True
        self.room = self.size_limit
        self.session.transaction.actual_size = 0

    async def _lines(self, dialogue: Dialogue) -> None:
        """Content lines up to the one that holds a dot alone."""
        stream = dialogue.stream
        while True:
            end = stream.buffer.rfind(b"\n", stream.start)
            if end < 0:
                if len(stream.buffer) - stream.start > 2 * self.line_limit:
                    await self._piece(stream.take_ready(self.line_limit))
                    continue
                await stream.more()
                continue
            chunk = stream.buffer[stream.start : end + 1]
            taken = 0
            for line in chunk.split(b"\n")[:-1]:
                taken += len(line) + 1
                text = line[:-1] if line.endswith(b"\r") else line
                if text == b".":
                    stream.start += taken
                    return
                await self._line(text[1:] if text.startswith(b".") else text)
            stream.start += taken

    async def _piece(self, data: bytes) -> None:
        submission = self.session.transaction.submission
        if submission is not None and not self.session.transaction.errors:
            await submission.put(record.CONTINUED, data)

    async def _line(self, line: bytes) -> None:
        """One content line, dots already removed."""
        transaction = self.session.transaction
        if self.first:
            if line.lstrip(b">").startswith(b"From "):
                line = b"X-Mailbox-Line: " + line
            else:
                self.first = False
                if line[:1] in (b" ", b"\t"):
                    await self._line(b"")
        if transaction.errors:
            return
        transaction.actual_size += len(line) + 2
        self.room -= len(line) + 2
        if self.size_limit and self.room < 0:
            transaction.errors |= cleanup_user.SIZE
            self.log.warning(f"{transaction.queue_id}: queue file size limit exceeded")
            return
        submission = transaction.submission
        if submission is None:
            return
        if len(line) < self.line_limit:
            await submission.put(record.NORMAL, line)
        else:
            submission.stream.put(record.encode_line(line, self.line_limit))

    async def _header(self) -> None:
        """The content segment begins: prepended headers and Received:."""
        submission = self.session.transaction.submission
        if submission is None:
            return
        try:
            await submission.put(record.MESSAGE)
            for text in (*self.session.transaction.prepend, *self._received()):
                for line in text.split("\n"):
                    await submission.put(record.NORMAL, line)
        except Closed:
            self.session.transaction.errors |= cleanup_user.WRITE

    def _received(self) -> list[str]:
        """The Received: header."""
        session, params = self.session, self.params
        transaction, client = session.transaction, session.client
        where = f"{params['myhostname']} ({params['mail_name']}"
        date = mail_date(transaction.arrival)
        if not self.commands.service.under_master:
            return [f"Received: by {where}, from userid {self.commands.service.sys.uid})", f"\tid {transaction.queue_id}; {date}"]
        lines = [f"Received: from {session.helo or client.name} ({client.name} [{client.rfc_address}])"]
        if session.sasl_username and params.boolean("smtpd_sasl_authenticated_header"):
            lines.append(f"\t(Authenticated sender: {session.sasl_username})")
        protocol = ("UTF8SMTP" if transaction.smtputf8 and session.protocol == "ESMTP" else session.protocol) + (
            "A" if session.sasl_username else ""
        )
        by = f"\tby {where}) with {protocol} id {transaction.queue_id}"
        if transaction.recipients == 1 and transaction.last_accepted:
            return [*lines, by, f"\tfor <{quote_local(transaction.last_accepted)}>; {date}"]
        return [*lines, by + ";", f"\t{date}"]

    async def _finish(self, dialogue: Dialogue, size: str) -> bool:
        """End of the message: the last checks, cleanup's verdict, the reply."""
        session, transaction = self.session, self.session.transaction
        where, session.where = session.where, "END-OF-MESSAGE"
        try:
            if not transaction.errors:
                await self.commands.checks.end_of_data()
        except Reject:
            await self.commands.reset()
            raise
        session.where = where
        status, reason = transaction.errors, ""
        submission: Submission | None = transaction.submission
        if submission is not None:
            transaction.submission = None
            if status:
                await self._give_up(submission)
            else:
                status, reason = await self._close(submission)
        name = transaction.queue_id
        await self.commands.reset()
        if not status:
            session.errors = 0
            session.junk = 0
            dialogue.reply(f"250 2.0.0 Ok:{size} queued as {name}")
            return True
        dialogue.reply(self._refusal(status, reason))
        return False

    async def _give_up(self, submission: Submission) -> None:
        """Let cleanup see what there was, and hang up."""
        try:
            await submission.stream.flush()
        except Closed:
            pass
        submission.abandon()

    async def _close(self, submission: Submission) -> tuple[int, str]:
        try:
            transaction = self.session.transaction
            await submission.put(record.EXTRACTED)
            if transaction.filter:
                await submission.put(record.FILTER, transaction.filter)
            if transaction.redirect:
                await submission.put(record.REDIRECT, transaction.redirect)
            flags = (cleanup_user.FLAG_HOLD if transaction.hold else 0) | (cleanup_user.FLAG_DISCARD if transaction.discard else 0)
            if flags:
                await submission.put(record.FLAGS, str(flags))
            for address in transaction.bcc:
                await submission.put(record.RECIPIENT, address)
        except Closed:
            submission.abandon()
            return cleanup_user.WRITE, ""
        return await submission.finish()

    def _refusal(self, status: int, reason: str) -> str:
        code, enhanced, text = cleanup_user.detail(status)
        kinds = {451: RESOURCE, 552: POLICY, 550: POLICY, 554: DATA}
        self.session.error_mask.add(kinds.get(code, PROTOCOL))
        if status & cleanup_user.CONTENT:
            return f"{'450' if reason.startswith('4') else code} {reason or f'{enhanced} {text}'}"
        return f"{code} {enhanced} Error: {text}"

    # --- BDAT --------------------------------------------------------------------------------------------------------

    async def bdat(self, dialogue: Dialogue, words: list[Word]) -> bool:
        """The BDAT command: the chunk follows at once."""
        session, transaction = self.session, self.session.transaction
        if "chunking" in session.ehlo_discard:
            raise Reject("521 5.5.1 Error: command not implemented")
        size = self._count(words)
        if size < 0:
            session.error_mask.add(PROTOCOL)
            raise Reject("521 5.5.4 Syntax: BDAT count [LAST]")
        refusal = self._bdat_refusal(size)
        if refusal:
            await self._skip(dialogue, size)
            transaction.bdat = FAILED
            return self.commands.bad(dialogue, refusal)
        if not transaction.bdat:
            try:
                await self.commands.checks.data()
            except Reject:
                await self._skip(dialogue, size)
                transaction.bdat = FAILED
                raise
            self._begin()
            await self._header()
            transaction.bdat = ACTIVE
        await self._chunk(dialogue, size)
        if len(words) < 3:
            dialogue.reply(f"250 2.0.0 Ok: {size} bytes")
            return True
        await self._last(transaction.bdat_left)
        total = transaction.bdat_size
        return await self._finish(dialogue, f" {total} bytes")

    def _count(self, words: list[Word]) -> int:
        good = len(words) in (2, 3) and words[1].isascii() and words[1].isdigit() and (len(words) == 2 or words[2].upper() == "LAST")
        return int(words[1]) if good else -1

    def _bdat_refusal(self, size: int) -> str:
        session, transaction = self.session, self.session.transaction
        if transaction.bdat == FAILED:
            return f"551 5.0.0 Discarded {size} bytes after earlier error"
        if transaction.recipients == 0:
            return "503 5.5.1 Error: need RCPT command" if transaction.sender is None else "554 5.5.1 Error: no valid recipients"
        if self.size_limit and transaction.bdat_size + size > self.size_limit:
            self.log.warning(f"{transaction.queue_id or 'NOQUEUE'}: BDAT request from {session.client.shown} exceeds message size limit")
            return "552 5.3.4 Chunk exceeds message size limit"
        return ""

    async def _skip(self, dialogue: Dialogue, size: int) -> None:
        while size:
            size -= len(await dialogue.stream.take(min(size, 65536)))

    async def _chunk(self, dialogue: Dialogue, size: int) -> None:
        transaction = self.session.transaction
        transaction.bdat_size += size
        data = transaction.bdat_left + await dialogue.stream.take(size)
        *lines, transaction.bdat_left = data.split(b"\n")
        for line in lines:
            await self._line(line[:-1] if line.endswith(b"\r") else line)

    async def _last(self, rest: bytes) -> None:
        if rest:
            await self._line(rest)
