"""The content of a message: headers checked, rewritten and completed; the text checked; both written to the queue file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.kernel.calendar import strftime
from maillab.sim.mail.address import quote_local
from maillab.sim.mail.rfc822_date import mail_date
from maillab.sim.mail.tok822 import ADDRESS, ATOM, Token, externalize, internalize, parse
from maillab.sim.postfix._cleanup import header_table
from maillab.sim.postfix._cleanup.addresses import AddressMaps
from maillab.sim.postfix._cleanup.checks import Checks
from maillab.sim.postfix._cleanup.message import Message
from maillab.sim.postfix._cleanup.mime import BODY, NESTED, PART, PRIMARY, MimeState
from maillab.sim.postfix.lib import cleanup_user, record

if TYPE_CHECKING:
    from maillab.sim.postfix._server import Service

FOLD_AT = 70


def fold(text: str) -> str:
    """As many addresses on a line as fit: newlines (one after each comma) become spaces or stay, with a tab after them."""
    lines = text.split("\n")
    out = [lines[0]]
    for line in lines[1:]:
        if len(out[-1]) + 1 + len(line) < FOLD_AT:
            out[-1] += " " + line
        else:
            out.append(line)
    return "\n\t".join(out)


class Content:
    """Handles the content records of the messages of one process."""

    def __init__(self, service: Service, maps: AddressMaps, checks: Checks) -> None:
        params = service.params
        self.log = service.log
        self.params = params
        self.maps = maps
        self.checks = checks
        self.line_limit = params.integer("line_length_limit")
        self.header_limit = params.integer("header_size_limit")
        self.hop_limit = params.integer("hopcount_limit")
        self.always_complete = params.version >= (2, 6) and params.boolean("always_add_missing_headers")
        self.undisclosed = params["undisclosed_recipients_header"]
        self.modern_from = params.version >= (3, 3) and params["header_from_format"] == "standard"
        drop = params["message_drop_headers"] if params.version >= (3, 0) else "bcc, content-length, resent-bcc, return-path"
        self.dropped = frozenset(drop.replace(",", " ").lower().split())
        self.smtputf8 = params.version >= (3, 0) and params.boolean("smtputf8_enable")


class Reader:
    """Reads the content of one message, record by record."""

    def __init__(self, content: Content, message: Message) -> None:
        self.content = content
        self.message = message
        self.mime = MimeState()
        self.checking = content.checks.any and bool(message.flags & cleanup_user.FLAG_FILTER)
        self.header: list[bytes] | None = None
        self.partial: list[bytes] = []
        self.in_headers = True

    async def take(self, kind: str, data: bytes) -> None:
        """A content record: a line or a piece of one."""
        if not self.in_headers and not self.checking:
            self.message.put(kind, data)
            return
        if kind == record.CONTINUED:
            if self.in_headers or self.mime.where != BODY:
                self.partial.append(data)
                return
            await self._body(kind, data)
            return
        if self.partial:
            data = b"".join([*self.partial, data])
            self.partial = []
        if self.in_headers or self.mime.where != BODY:
            await self._header_line(data)
        else:
            await self._body(kind, data)

    async def _header_line(self, line: bytes) -> None:
        if self.header is not None and line[:1] in (b" ", b"\t"):
            self.header.append(line)
            return
        await self._flush()
        split = header_table.split_header(line)
        if split is not None:
            self.header = [split[0] + b":" + split[1]]
            return
        await self._end_of_headers()
        self.message.put_line(b"", self.content.line_limit)
        if line:
            await self._body(record.NORMAL, line)

    async def _end_of_headers(self) -> None:
        if self.in_headers:
            self.in_headers = False
            await self._complete()
        self.mime.end_of_headers()

    async def finish(self) -> None:
        """The content ends."""
        if self.partial:
            await self.take(record.NORMAL, b"")
        await self._flush()
        if self.in_headers:
            await self._end_of_headers()

    async def _body(self, kind: str, data: bytes) -> None:
        if not self.checking:
            self.message.put(kind, data)
            return
        if self.mime.body_line(data) or self.mime.segment_size >= self.content.checks.body_limit:
            self.message.put(kind, data)
            return
        self.mime.segment_size += len(data) + 1
        lines = await self.content.checks.apply(self.message, BODY, data)
        if lines == [data]:
            self.message.put(kind, data)
        else:
            for line in lines:
                self.message.put_line(line, self.content.line_limit)

    async def _flush(self) -> None:
        """The header gathered so far is complete."""
        if self.header is None:
            return
        text = b"\n".join(self.header)
        self.header = None
        name, _, rest = text.partition(b":")
        lower = name.lower().decode("ascii", "replace")
        if lower == "content-type" and self.checking:
            self.mime.content_type(rest)
        if self.in_headers:
            await self._primary(lower, name, rest, text)
        else:
            await self._inner(lower, text)

    async def _inner(self, lower: str, text: bytes) -> None:
        where = PART if lower in header_table.MIME else NESTED if self.mime.where == NESTED else PART
        lines = await self.content.checks.apply(self.message, where, text) if lower in header_table.MIME or where == NESTED else [text]
        for line in lines:
            self._write(line)

    async def _primary(self, lower: str, name: bytes, rest: bytes, text: bytes) -> None:
        message, content = self.message, self.content
        if self.checking:
            where = PART if lower in header_table.MIME else PRIMARY
            lines = await content.checks.apply(message, where, text)
            for line in lines[:-1]:
                self._write(line)
            if not lines:
                return
            if lines[-1] != text:
                split = header_table.split_header(lines[-1])
                if split is None:
                    self._write(lines[-1])
                    return
                name, rest = split
                text, lower = name + b":" + rest, name.lower().decode("ascii", "replace")
        if lower in content.dropped:
            message.headers_seen.setdefault(lower)
            return
        if lower in ("message-id", "resent-message-id"):
            self._log_id(lower, rest)
        elif lower == "received":
            message.hops += 1
            if message.hops >= content.hop_limit:
                message.errors |= cleanup_user.HOPS
        message.headers_seen.setdefault(lower)
        if lower in header_table.SENDER or lower in header_table.RECIPIENT:
            text = await self._rewrite(lower, name, rest, text)
        self._write(text)

    def _log_id(self, lower: str, rest: bytes) -> None:
        value = rest.strip().decode("utf-8", "surrogateescape")
        self.content.log.info(f"{self.message.queue_id}: {lower}={value}")

    async def _rewrite(self, lower: str, name: bytes, rest: bytes, text: bytes) -> bytes:
        """An address header in standard form."""
        message, maps = self.message, self.content.maps
        context = message.context
        if context not in ("local", "remote"):
            return text
        kind = "header_sender" if lower in header_table.SENDER else "header_recipient"
        tokens = parse(rest.decode("utf-8", "surrogateescape"))
        changed = False
        for token in tokens:
            if token.kind != ADDRESS:
                continue
            old = internalize(token.tokens)
            new = await maps.rewrite(context, old)
            if message.flags & cleanup_user.FLAG_MAP:
                new = await maps.apply(message, new, kind)
            if new != old:
                token.tokens = [Token(ATOM, new)]
                changed = True
        if not changed:
            return text
        folded = fold(name.decode("ascii", "replace") + ": " + externalize(tokens, header=True))
        return folded.encode("utf-8", "surrogateescape")

    def _write(self, text: bytes) -> None:
        limit = self.content.line_limit
        for line in text.split(b"\n"):
            self.message.put_line(line, limit)

    async def _complete(self) -> None:
        """Headers that the client left out."""
        message, content = self.message, self.content
        seen = message.headers_seen
        resent = "resent-" if any(name in seen for name in header_table.RESENT) else ""
        prefix = "Resent-" if resent else ""
        if message.context in ("local", "remote") or content.always_complete:
            if resent + "message-id" not in seen:
                stamp = strftime("%Y%m%d%H%M%S", message.created)
                value = f"<{stamp}.{message.queue_id}@{content.params['myhostname']}>"
                self._write(f"{prefix}Message-Id: {value}".encode())
                content.log.info(f"{message.queue_id}: {resent}message-id={value}")
                seen[resent + "message-id"] = None
            if resent + "date" not in seen:
                self._write(f"{prefix}Date: {mail_date(message.arrival)}".encode())
            if resent + "from" not in seen:
                self._write(f"{prefix}From: {await self._author()}".encode("utf-8", "surrogateescape"))
        if "message-id" not in seen:
            content.log.info(f"{message.queue_id}: message-id=<>")
        if content.undisclosed and not any(name in seen for name in (*header_table.RECIPIENT, "resent-to")):
            self._write(content.undisclosed.encode())

    async def _author(self) -> str:
        """The text of a From header for the envelope sender."""
        message = self.message
        address = message.sender or ""
        if address:
            if message.flags & cleanup_user.FLAG_MAP:
                address = await self.content.maps.apply(message, address, "header_sender")
        else:
            return self.content.params["empty_address_recipient"]
        quoted = quote_local(address)
        name = message.fullname
        if not name:
            return quoted
        if not self.content.modern_from:
            return f"{quoted} ({name})"
        words = name.split()
        plain = all(word.isascii() and all(c.isalnum() or c in "!#$%&'*+-/=?^_`{|}~" for c in word) for word in words)
        shown = name if plain else '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
        return f"{shown} <{quoted}>"
