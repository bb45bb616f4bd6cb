"""A message on its way into the queue: what is known of it and the queue file as it grows."""

from __future__ import annotations

from dataclasses import dataclass, field

from maillab.sim.postfix.lib import cleanup_user, queue_file, record

SIZE_RECORD = 2 + len(queue_file.size_data(0, 0, 0))


@dataclass
class Message:
    """Everything cleanup knows of one message. `content` are encoded records."""

    queue_id: str
    path: str
    fd: int
    created: int
    flags: int = 0
    errors: int = 0
    reason: str = ""
    sender: str | None = None
    fullname: str = ""
    arrival: int = 0
    filter: str = ""
    redirect: str = ""
    passed: bool = False
    first_recipient: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    bcc: list[str] = field(default_factory=list)
    envelope: list[bytes] = field(default_factory=list)
    content: list[bytes] = field(default_factory=list)
    extracted: list[bytes] = field(default_factory=list)
    recipients: list[queue_file.Recipient] = field(default_factory=list)
    seen_recipients: dict[tuple[str, ...], None] = field(default_factory=dict)
    original: str | None = None
    dsn_original: str = ""
    notify: int = 0
    headers_seen: dict[str, None] = field(default_factory=dict)
    hops: int = 0
    content_size: int = 0
    smtputf8: int = 0
    in_content: bool = False
    in_extracted: bool = False

    @property
    def context(self) -> str:
        """The rewriting context of the headers: local, remote, or something else for none."""
        return self.attributes.get("rewrite_context", "local")

    @property
    def doomed(self) -> bool:
        """Whether nothing that follows matters: the message is refused for good, or thrown away."""
        if self.flags & cleanup_user.FLAG_DISCARD:
            return True
        return bool(self.errors & (~cleanup_user.BOUNCEABLE if self.flags & cleanup_user.FLAG_BOUNCE else -1))

    def put(self, kind: str, data: bytes | str = b"") -> None:
        """Add a record to the current segment."""
        encoded = record.encode(kind, data)
        if self.in_extracted:
            self.extracted.append(encoded)
        elif self.in_content:
            self.content.append(encoded)
            self.content_size += len(encoded)
        else:
            self.envelope.append(encoded)

    def put_line(self, line: bytes, limit: int) -> None:
        """Add a content line."""
        encoded = record.encode_line(line, limit)
        self.content.append(encoded)
        self.content_size += len(encoded)

    def image(self, fields: int) -> bytes:
        """The whole queue file."""
        envelope = b"".join(self.envelope)
        message = record.encode(record.MESSAGE)
        offset = 2 + len(queue_file.size_data(0, 0, 0, fields=fields)) + len(envelope) + len(message)
        content = b"".join(self.content)
        size = queue_file.size_data(len(content), offset, len(self.recipients), 0, len(content), self.smtputf8, fields=fields)
        parts = [record.encode(record.SIZE, size), envelope, message, content, record.encode(record.EXTRACTED), *self.extracted]
        parts.append(record.encode(record.END))
        return b"".join(parts)


def records(buffer: bytes, at: int) -> tuple[list[tuple[str, bytes]], int]:
    """The whole records that a buffer holds from an offset on, and the offset of what is left; stops after END."""
    found: list[tuple[str, bytes]] = []
    size = len(buffer)
    while at + 1 < size:
        kind = buffer[at]
        length = buffer[at + 1]
        start = at + 2
        if length & 0x80:
            length &= 0x7F
            shift = 7
            while True:
                if start >= size:
                    return found, at
                octet = buffer[start]
                start += 1
                length |= (octet & 0x7F) << shift
                shift += 7
                if not octet & 0x80:
                    break
        end = start + length
        if end > size:
            break
        found.append((chr(kind), buffer[start:end]))
        at = end
        if kind == 0x45:
            break
    return found, at
