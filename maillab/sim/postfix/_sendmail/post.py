"""Posting a message with postdrop(1): envelope, content, and the recipients found in the headers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.host.accounts import getpwuid
from maillab.sim.host.errno import SysError
from maillab.sim.mail.tok822 import addresses
from maillab.sim.postfix._sendmail.options import VERIFY, Options
from maillab.sim.postfix.lib import attr, record
from maillab.sim.postfix.lib.deliver_request import RECORD, USER_PROBE
from maillab.sim.postfix.lib.msg import Fatal, Msg
from maillab.sim.postfix.lib.params import Params
from maillab.sim.postfix.lib.vstream import Closed, Stream

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

EX_TEMPFAIL = 75
HEADERS = ("to", "cc", "bcc")


class Poster:
    """Posts one message."""

    def __init__(self, sys: Process, log: Msg, params: Params, options: Options) -> None:
        self.sys = sys
        self.log = log
        self.params = params
        self.options = options
        entry = getpwuid(sys, sys.uid)
        self.user = entry.name if entry is not None else ""
        self.gecos = entry.gecos if entry is not None else ""
        self.size = 0
        self.found: dict[str, list[str]] = {}

    def fatal(self, text: str) -> Fatal:
        """An error that names the user."""
        return Fatal(f"{self.user}({self.sys.uid}): {text}", EX_TEMPFAIL)

    @property
    def sender(self) -> str:
        """The envelope sender."""
        return self.options.sender if self.options.sender is not None else self.user

    def fullname(self) -> str:
        """The full name: -F, $NAME, or the account's."""
        if self.options.fullname is not None:
            return self.options.fullname
        return self.sys.env.get("NAME") or self.gecos.partition(",")[0].replace("&", self.user.capitalize())

    async def run(self) -> int:
        """Post the message. Raises Fatal."""
        if not self.user:
            raise Fatal(f"{self.sys.uid}: no login name found for user ID {self.sys.uid}", EX_TEMPFAIL)
        recipients = [address for word in self.options.operands for address in addresses(word) if address]
        body = await self.content(recipients)
        extracted: list[str] = []
        if self.options.extract:
            extracted = self.extracted()
            if not extracted and not recipients:
                raise self.fatal("No recipient addresses found in message header")
        elif not recipients:
            raise self.fatal("Recipient addresses must be specified on the command line or via the -t option")
        pid, stream = self.spawn()
        try:
            await attr.receive(stream)
        except Closed as closed:
            stream.close()
            await self.reap(pid)
            raise self.fatal(f"unable to execute {self.command} -r: Application error") from closed
        try:
            stream.put(self.envelope(recipients) + body + self.trailer(extracted))
            answer = await attr.receive(stream)
            status = int(answer.get("status", "1"))
        except Closed:
            status = 1
        stream.close()
        await self.sys.waitpid(pid)
        if status:
            self.refused()
        return 0

    @property
    def command(self) -> str:
        """The program that takes the message."""
        return f"{self.params['command_directory']}/postdrop"

    async def reap(self, pid: int) -> None:
        """Wait for postdrop, and say how it failed."""
        _, status = await self.sys.waitpid(pid)
        if status is not None and (status.signal or status.code):
            self.log.warning(f'command "{self.command} -r" exited with status {status.signal or status.code}')

    def refused(self) -> None:
        """postdrop did not take the message. Raises Fatal."""
        limit = self.params.integer("message_size_limit")
        if limit and self.size > limit:
            self.log.warning("mail_stream_cleanup: close error")
            raise self.fatal("message file too big")
        raise self.fatal("queue file write error")

    def spawn(self) -> tuple[int, Stream]:
        """Start postdrop between two pipes."""
        sys = self.sys
        from_child, child_out = sys.pipe()
        child_in, to_child = sys.pipe()
        path = self.command
        fds = {0: child_in, 1: child_out, 2: 2}
        try:
            pid = sys.spawn(path, [path, "-r"], env=sys.env, fds=fds)
        except SysError as error:
            reason = error.strerror

            async def stillborn(child: Process) -> int:
                log = Msg(child, self.log.program, stderr=True, spoken=self.log.spoken)
                log.last_words(Fatal(f"execvp {path}: {reason}"))
                await log.flush()
                return 1

            pid = sys.fork(stillborn)
        sys.close(child_in)
        sys.close(child_out)
        return pid, Stream(sys, from_child, out_fd=to_child)

    def envelope(self, recipients: list[str]) -> bytes:
        """The records before the content."""
        options = self.options
        parts = [record.encode(record.FULLNAME, self.fullname()), record.encode(record.FROM, self.sender)]
        flags = USER_PROBE if options.mode == VERIFY else RECORD if options.verbose == 1 else 0
        if flags:
            parts.append(record.encode(record.ATTRIBUTE, f"trace_flags={flags}"))
        if options.encoding:
            parts.append(record.encode(record.ATTRIBUTE, f"encoding={options.encoding}"))
        parts.append(record.encode(record.ATTRIBUTE, f"rewrite_context={'remote' if options.filtered else 'local'}"))
        if options.return_flags:
            parts.append(record.encode(record.DSN_RETURN, str(options.return_flags)))
        if options.envelope_id:
            parts.append(record.encode(record.DSN_ENVELOPE_ID, options.envelope_id))
        parts += [self.recipient(address) for address in recipients]
        parts.append(record.encode(record.MESSAGE))
        return b"".join(parts)

    def recipient(self, address: str) -> bytes:
        """The records of one recipient."""
        notify = record.encode(record.DSN_NOTIFY, str(self.options.notify)) if self.options.notify else b""
        return notify + record.encode(record.RECIPIENT, address)

    def trailer(self, recipients: list[str]) -> bytes:
        """The records after the content."""
        return record.encode(record.EXTRACTED) + b"".join(self.recipient(address) for address in recipients) + record.encode(record.END)

    async def content(self, recipients: list[str]) -> bytes:
        """The content as records, from the standard input; a probe has one of its own."""
        if self.options.mode == VERIFY:
            headers = (f"From: {self.sender}", "Subject: probe", f"To: {', '.join(recipients)}")
            return b"".join(record.encode(record.NORMAL, header) for header in headers)
        limit = self.params.integer("line_length_limit")
        parts: list[bytes] = []
        data = (await self.sys.stdin.read()) if not self.sys.isatty(0) else await self._typed()
        lines = data.split(b"\n")
        if lines and lines[-1] == b"":
            lines.pop()
        if lines and lines[0].lstrip(b">").startswith(b"From "):
            lines.pop(0)
        for index, line in enumerate(lines):
            text = line[:-1] if line.endswith(b"\r") else line
            if text == b"." and self.options.dots_end:
                lines = lines[:index]
                break
            lines[index] = text
            parts.append(record.encode_line(text, limit))
            self.size += len(text) + 2
        if self.options.extract:
            self._headers(lines)
        return b"".join(parts)

    async def _typed(self) -> bytes:
        """From a terminal, a line with a dot ends the message at once."""
        lines: list[bytes] = []
        while True:
            line = await self.sys.stdin.readline()
            if not line or (line.rstrip(b"\r\n") == b"." and self.options.dots_end):
                return b"".join(lines)
            lines.append(line)

    def _headers(self, lines: list[bytes]) -> None:
        """Remember the address headers."""
        name = ""
        for line in lines:
            if line[:1] in (b" ", b"\t") and name:
                self.found[name][-1] += " " + line.decode("utf-8", "surrogateescape")
                continue
            head, colon, rest = line.partition(b":")
            if not colon or not head.strip() or b" " in head.strip():
                return
            name = head.strip().lower().decode("utf-8", "surrogateescape")
            self.found.setdefault(name, []).append(rest.decode("utf-8", "surrogateescape"))

    def extracted(self) -> list[str]:
        """The recipients of the headers; of Resent- ones when there are any."""
        resent = any(name.startswith("resent-") for name in self.found)
        names = tuple(f"resent-{name}" for name in HEADERS) if resent else HEADERS
        return [address for name in names for text in self.found.get(name, []) for address in addresses(text) if address]
