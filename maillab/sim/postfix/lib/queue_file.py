"""queue_file - queue files: made, moved, read, marked

A queue file is a row of records (see `record`) in three segments: the envelope (C size, T time, A attributes, S sender, R
recipients...), M and the content (N lines), X and what was extracted from the content, E. The permission bits tell its state: a
writer makes it 0600 and gives 0700 when the file is whole; the queue manager looks at nothing else. The paths are relative to
the queue directory, in which every program of Postfix works. Observed: files written by Postfix 3.7.11, read with postcat -v.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError
from maillab.sim.postfix.lib import queue_id, record

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

READY_MODE = 0o700
NEW_MODE = 0o600
MILLION = 1_000_000
RETRY_SECONDS = 10
SIZE_FIELDS = 6

ATTRIBUTE_RECORDS = {
    "dsn_orig_rcpt": record.DSN_ORIGINAL_RECIPIENT, "notify_flags": record.DSN_NOTIFY,
    "ret_flags": record.DSN_RETURN, "envelope_id": record.DSN_ENVELOPE_ID, "create_time": record.CREATE_TIME,
}
"""Named attributes that mean the same as a record of their own (queue files hold the attributes)."""


@dataclass(slots=True)
class Recipient:
    """One undelivered recipient of a queue file. `offset` is where its record starts."""

    offset: int = 0
    address: str = ""
    original: str = ""
    dsn_original: str = ""
    notify: int = 0


@dataclass(slots=True)
class Message:
    """What the envelope of a queue file says."""

    size: int = 0
    data_offset: int = 0
    recipient_count: int = 0
    options: int = 0
    content_length: int = 0
    smtputf8: int = 0
    arrival: int = 0                       # microseconds since 1970
    create_time: int = 0                   # when the file was made, as cleanup writes it
    warn_time: int = 0                     # seconds since 1970, 0: none
    warn_offset: int = 0
    sender: str = ""
    fullname: str = ""
    filter: str = ""
    inspector: str = ""
    redirect: str = ""
    verp: str = ""
    dsn_return: int = 0
    dsn_envelope_id: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    recipients: list[Recipient] = field(default_factory=list)
    complete: bool = False                 # the END record was there

    def attribute(self, name: str) -> str:
        """A named attribute, "" when it is not there."""
        return self.attributes.get(name, "")


def size_data(size: int, offset: int, recipients: int, options: int = 0, length: int = 0, smtputf8: int = 0,
              fields: int = SIZE_FIELDS) -> str:
    """The data of a SIZE record (`fields` is 5 before Postfix 3.0)."""
    return " ".join(f"{number:15d}" for number in (size, offset, recipients, options, length, smtputf8)[:fields])


def time_data(us: int) -> str:
    """The data of a TIME record."""
    return f"{us // MILLION} {us % MILLION:06d}"


def _time(text: str) -> int:
    seconds, _, rest = text.partition(" ")
    return int(seconds) * MILLION + (int(rest) if rest else 0)


def parse(data: bytes) -> Message:
    """Read the envelope and the extracted segment of a queue file. Raises record.MalformedRecord."""
    message = Message()
    reader = record.RecordReader(data)
    pending = Recipient()
    try:
        for kind, value in reader:
            if kind == record.MESSAGE:
                if message.data_offset + message.content_length < reader.at or not message.content_length:
                    _skip_content(reader)
                else:
                    reader.at = message.data_offset + message.content_length
            elif kind == record.END:
                message.complete = True
                break
            else:
                pending = _envelope(message, kind, value.decode("utf-8", "surrogateescape"), reader.start, pending)
    except (ValueError, IndexError) as error:
        raise record.MalformedRecord(str(error)) from error
    return message


def _skip_content(reader: record.RecordReader) -> None:
    for _ in record.content_lines(reader):
        pass


def _envelope(message: Message, kind: str, text: str, start: int, pending: Recipient) -> Recipient:
    """Apply one envelope record; `pending` gathers what belongs to the next recipient. Returns the new pending one."""
    if kind == record.ATTRIBUTE:
        name, _, value = text.partition("=")
        kind = ATTRIBUTE_RECORDS.get(name, kind)
        text = value if kind != record.ATTRIBUTE else text
    if kind == record.RECIPIENT:
        pending.address, pending.offset = text, start
        message.recipients.append(pending)
    elif kind == record.ORIGINAL_RECIPIENT:
        pending.original = text
        return pending
    elif kind == record.DSN_ORIGINAL_RECIPIENT:
        pending.dsn_original = text
        return pending
    elif kind == record.DSN_NOTIFY:
        pending.notify = int(text)
        return pending
    elif kind not in (record.DONE, record.CANCELED):
        _message_record(message, kind, text, start)
        return pending
    return Recipient()


def _message_record(message: Message, kind: str, text: str, start: int) -> None:
    if kind == record.SIZE:
        numbers = [int(word) for word in text.split()] + [0] * SIZE_FIELDS
        (message.size, message.data_offset, message.recipient_count, message.options, message.content_length,
         message.smtputf8) = numbers[:SIZE_FIELDS]
    elif kind == record.TIME:
        message.arrival = _time(text)
    elif kind == record.CREATE_TIME:
        message.create_time = _time(text)
    elif kind == record.WARN:
        message.warn_time, message.warn_offset = int(text), start
    elif kind == record.ATTRIBUTE:
        name, _, value = text.partition("=")
        message.attributes[name] = value
    elif kind in _TEXT_FIELDS:
        setattr(message, _TEXT_FIELDS[kind], text)
    elif kind == record.DSN_RETURN:
        message.dsn_return = int(text)


_TEXT_FIELDS = {
    record.FROM: "sender", record.FULLNAME: "fullname", record.FILTER: "filter", record.INSPECTOR: "inspector",
    record.REDIRECT: "redirect", record.VERP: "verp", record.DSN_ENVELOPE_ID: "dsn_envelope_id",
}


def content(data: bytes, offset: int) -> bytes:
    """The content that starts at this offset (just after the MESSAGE record), its lines ended with newlines."""
    lines = list(record.content_lines(record.RecordReader(data, offset)))
    lines.append(b"")
    return b"\n".join(lines)


class Queue:
    """The queue directories, seen from their parent (the working directory of the process)."""

    def __init__(self, sys: Process, hashed: tuple[str, ...] = ("deferred", "defer"), depth: int = 1,
                 long_names: bool = False) -> None:
        self.sys = sys
        self.hashed = hashed
        self.depth = depth
        self.long_names = long_names

    def path(self, queue: str, name: str) -> str:
        """The path of a file of this queue."""
        return queue_id.queue_path(queue, name, queue in self.hashed, self.depth)

    def enter_once(self, queue: str, mode: int = NEW_MODE) -> tuple[int, str, str]:
        """Make a new file: (descriptor open for writing, its name, its path). Raises SysError."""
        sys = self.sys
        while True:
            now = sys.clock()
            temporary = f"{queue}/{now % MILLION}.{sys.pid}"
            fd = sys.open(temporary, "x", mode)
            inode = sys.fstat(fd).ino
            name = queue_id.long_id(now, inode) if self.long_names else queue_id.short_id(now, inode)
            path = self.path(queue, name)
            if not sys.exists(path):
                self._rename(temporary, path)
                return fd, name, path
            sys.close(fd)
            sys.unlink(temporary)

    def rename(self, name: str, old: str, new: str) -> None:
        """Move a file from one queue to another. Raises SysError."""
        self._rename(self.path(old, name), self.path(new, name))

    def _rename(self, old: str, new: str) -> None:
        try:
            self.sys.rename(old, new)
        except SysError as error:
            if error.name != "ENOENT" or new.count("/") < 2 or not self.sys.exists(old):
                raise
            self.make_folders(new)
            self.sys.rename(old, new)

    def make_folders(self, path: str) -> None:
        """Make the hashed directories above a path."""
        parts = path.split("/")[:-1]
        for count in range(2, len(parts) + 1):
            folder = "/".join(parts[:count])
            if not self.sys.exists(folder):
                self.sys.mkdir(folder, READY_MODE)

    def remove(self, queue: str, name: str) -> None:
        """Remove a file. Raises SysError."""
        self.sys.unlink(self.path(queue, name))

    def names(self, queue: str) -> Iterator[str]:
        """The names of the files of a queue, in directory order, without those that are no queue file names."""
        for name in self.tree(queue):
            if queue_id.valid_id(name):
                yield name

    def tree(self, folder: str) -> Iterator[str]:
        """The last parts of the paths of all that is no directory under a folder (newest first, as tmpfs lists them)."""
        for name in reversed(self.sys.listdir(folder)):
            if len(name) == 1 and self.sys.isdir(f"{folder}/{name}"):
                yield from self.tree(f"{folder}/{name}")
            else:
                yield name

    def find(self, name: str, queues: tuple[str, ...] = queue_id.QUEUES) -> str:
        """The first of these queues in which a file of this name lies, "" when none has it."""
        for queue in queues:
            if self.sys.exists(self.path(queue, name)):
                return queue
        return ""


def mark_done(sys: Process, fd: int, offset: int) -> None:
    """State in the file that the recipient whose record starts there needs no more deliveries."""
    sys.pwrite(fd, record.DONE.encode(), offset)
