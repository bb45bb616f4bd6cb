"""record - the typed records of which queue files are made

A record is one type octet, the length of its data in groups of seven bits (least significant first, the high bit says
that more groups follow), and the data. The letters are those that postcat shows by name (observed: Postfix 3.7.11).
Everything here works on bytes in memory; `queue_file` knows which records a queue file holds and in what order.
"""

from __future__ import annotations

from collections.abc import Iterator

EOF = ""                       # what a reader returns after the last octet
SIZE = "C"                     # message size, content offset, recipient count, manager options, content length, smtputf8
TIME = "T"                     # arrival time
CREATE_TIME = "c"              # when the file was created: local writes it on mail that it forwards
FULLNAME = "F"                 # full name of the sender
INSPECTOR = "I"                # content inspector
FILTER = "L"                   # content filter (in the envelope segments)
FROM = "S"                     # envelope sender
DONE = "D"                     # recipient that needs no more deliveries
RECIPIENT = "R"                # envelope recipient
ORIGINAL_RECIPIENT = "O"       # the next recipient as it was first given
CANCELED = "/"                 # recipient that was taken back
WARN = "W"                     # when to warn the sender of a delay
ATTRIBUTE = "A"                # name=value
KILLED = "K"
REDIRECT = ">"                 # deliver to this address instead
FLAGS = "f"                    # flags of cleanup (hold and so on)
DELAY = "d"                    # seconds to wait before the first delivery
MESSAGE = "M"                  # content follows
CONTINUED = "L"                # piece of a content line (in the content segment)
NORMAL = "N"                   # content line, or its end
DELETED_TEXT = "w"             # room without meaning
EXTRACTED = "X"                # envelope records extracted from the content follow
RETURN_RECEIPT = "r"
ERRORS_TO = "e"
PRIORITY = "P"
POINTER = "p"                  # the reader goes on at this offset
VERP = "V"
DSN_RETURN = "<"               # RET=, a number
DSN_ENVELOPE_ID = "i"          # ENVID=
DSN_ORIGINAL_RECIPIENT = "o"   # ORCPT= of the next recipient
DSN_NOTIFY = "n"               # NOTIFY= of the next recipient, a number
MILTER_COUNT = "m"
END = "E"                      # end of the queue file

NAMES = {
    EOF: "end-of-file", SIZE: "message_size", TIME: "message_arrival_time", CREATE_TIME: "queue_file_create_time",
    FULLNAME: "sender_fullname", INSPECTOR: "content_inspector", FROM: "sender", DONE: "done_recipient",
    RECIPIENT: "recipient", ORIGINAL_RECIPIENT: "original_recipient", CANCELED: "canceled_recipient",
    WARN: "warning_message_time", ATTRIBUTE: "named_attribute", KILLED: "killed_record", REDIRECT: "redirect_to",
    FLAGS: "flags", DELAY: "delay", MESSAGE: "message_content", CONTINUED: "unterminated_text", NORMAL: "regular_text",
    DELETED_TEXT: "deleted_text", EXTRACTED: "extracted_info", RETURN_RECEIPT: "return_receipt",
    ERRORS_TO: "errors_to", PRIORITY: "priority", POINTER: "pointer_record", VERP: "verp_delimiters",
    DSN_RETURN: "dsn_return_flags", DSN_ENVELOPE_ID: "dsn_envelope_id", DSN_ORIGINAL_RECIPIENT: "dsn_orig_rcpt",
    DSN_NOTIFY: "dsn_notify_flags", MILTER_COUNT: "milter_count", END: "message_end",
}
"""What postcat -v calls a type (an envelope `L` is a content_filter there)."""

POINTER_FORMAT = "%15d"
MAX_FORWARD_JUMPS = 100        # a reader that follows more pointers in a row is in a loop


class MalformedRecord(Exception):
    """The octets do not form a record."""


def encode(kind: str, data: bytes | str = b"") -> bytes:
    """One record. Text is written as UTF-8 (surrogate escapes give back the octets they stand for)."""
    if isinstance(data, str):
        data = data.encode("utf-8", "surrogateescape")
    length = len(data)
    if length < 0x80:
        return bytes((ord(kind), length)) + data
    header = bytearray(kind.encode())
    while length >= 0x80:
        header.append(length & 0x7F | 0x80)
        length >>= 7
    header.append(length)
    return bytes(header) + data


def encode_line(line: bytes, limit: int) -> bytes:
    """The records of one content line (without its newline): pieces of at most `limit` octets, the last one NORMAL."""
    if len(line) < limit:
        return encode(NORMAL, line)
    pieces = [line[at:at + limit] for at in range(0, len(line), limit)]
    ended = len(pieces[-1]) < limit
    out = b"".join(encode(CONTINUED, piece) for piece in (pieces[:-1] if ended else pieces))
    return out + encode(NORMAL, pieces[-1] if ended else b"")


def pointer(offset: int) -> bytes:
    """The data of a POINTER record (17 octets with its header, so that it can be overwritten in place)."""
    return (POINTER_FORMAT % offset).encode()


class RecordReader:
    """Reads records from octets held in memory, following pointers unless told not to.

    `at` is the offset of the next record; `start` that of the record last returned.
    """

    __slots__ = ("_jumps", "at", "data", "follow", "start")

    def __init__(self, data: bytes, at: int = 0, *, follow: bool = True) -> None:
        self.data = data
        self.at = at
        self.start = at
        self.follow = follow
        self._jumps = 0

    def get(self) -> tuple[str, bytes]:
        """The next record: (type, data), (EOF, b"") after the last one. Raises MalformedRecord."""
        while True:
            kind, value = self._raw()
            if kind == POINTER and self.follow:
                self._jump(value)
                continue
            if kind == DELETED_TEXT and self.follow:
                continue
            self._jumps = 0
            return kind, value

    def _raw(self) -> tuple[str, bytes]:
        data, at = self.data, self.at
        self.start = at
        try:
            kind = data[at]
        except IndexError:
            return EOF, b""
        try:
            octet = data[at + 1]
            at += 2
            length = octet & 0x7F
            shift = 7
            while octet & 0x80:
                if shift > 28:
                    raise MalformedRecord(f"bad length of record at {self.start}")
                octet = data[at]
                at += 1
                length |= (octet & 0x7F) << shift
                shift += 7
        except IndexError:
            raise MalformedRecord(f"unexpected EOF in length at {self.start}") from None
        value = data[at:at + length]
        if len(value) < length:
            raise MalformedRecord(f"unexpected EOF in data at {self.start}")
        self.at = at + length
        return chr(kind), value

    def _jump(self, value: bytes) -> None:
        try:
            offset = int(value)
        except ValueError:
            raise MalformedRecord(f"malformed pointer record value: {value!r}") from None
        if offset == 0:
            return
        self._jumps += 1
        if self._jumps > MAX_FORWARD_JUMPS or offset > len(self.data):
            raise MalformedRecord(f"too many jumps or bad pointer {offset}")
        self.at = offset

    def __iter__(self) -> Iterator[tuple[str, bytes]]:
        while True:
            kind, value = self.get()
            if kind == EOF:
                return
            yield kind, value


def content_lines(reader: RecordReader) -> Iterator[bytes]:
    """The lines of the content segment at which the reader stands, without newlines; stops after the segment.

    The record that ended the segment was consumed (EXTRACTED or END); a line without end is given as it is.
    """
    pending: list[bytes] = []
    while True:
        kind, value = reader.get()
        if kind == NORMAL:
            if pending:
                pending.append(value)
                value = b"".join(pending)
                pending = []
            yield value
        elif kind == CONTINUED:
            pending.append(value)
        else:
            if pending:
                yield b"".join(pending)
            return
