"""postcat - show Postfix queue file contents

SYNOPSIS
    postcat [-bdehnoqv] [-c config_dir] [files...]

DESCRIPTION
    Prints the records of queue files (of standard input without files): -e the envelope, -h the header, -b the body of the
    message, all by default. -q takes queue file names and searches the queue for them. -d shows record types as numbers,
    -o offsets, -v what -o does and more words.

BUGS
    -n (raw content with CRLF) is not simulated; -v shows the offsets only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError
from maillab.sim.kernel.calendar import strftime
from maillab.sim.postfix.lib import deliver_request, queue_id, record
from maillab.sim.postfix.lib.command import options_or_usage, run_command
from maillab.sim.postfix.lib.params import Params

if TYPE_CHECKING:
    from maillab.sim.host.process import Process
    from maillab.sim.postfix.lib.msg import Msg
    from maillab.sim.postfix.lib.queue_file import Queue

INSTALLED = {"postfix": "/usr/sbin/postcat"}

ENVELOPE, HEADER, BODY = 1, 2, 4
FIRST = (record.SIZE, record.TIME, record.CREATE_TIME, record.FULLNAME, record.FROM, record.ATTRIBUTE, record.FILTER)
SEGMENTS = {record.MESSAGE: "MESSAGE CONTENTS", record.EXTRACTED: "HEADER EXTRACTED", record.END: "MESSAGE FILE END"}
NOT_IN_CONTENT = {record.FILTER: "content_filter"}
USAGE = ("usage: {0} [-b (body text)] [-c config_dir] [-d (decimal record type)] [-e (envelope records)] [-h (header text)] "
         "[-q (access queue)] [-v] [file(s)...]")
OLD_USAGE = "usage: {0} [-c config_dir] [-d (decimal record type)] [-o] [-q (access queue)] [-v] [file(s)...]"


async def main(sys: Process, argv: list[str]) -> int:
    async def body(log: Msg) -> int:
        return await _run(sys, argv, log)

    return await run_command(sys, argv, body)


async def _run(sys: Process, argv: list[str], log: Msg) -> int:
    options, files = options_or_usage(log, argv, "bc:deehoqv", USAGE.format(argv[0]))
    letters = "".join(letter for letter, _ in options)
    parts = (ENVELOPE * ("e" in letters)) | (HEADER * ("h" in letters)) | (BODY * ("b" in letters))
    printer = Printer(sys, log, parts or ENVELOPE | HEADER | BODY, "d" in letters, "o" in letters or "v" in letters)
    folder = dict(options).get("c")
    if "q" not in letters:
        for path in files:
            try:
                data = sys.slurp(path)
            except SysError as error:
                log.fatal(f"open {path}: {error}")
            await printer.show(path, data)
        if not files:
            await printer.show("stdin", await sys.stdin.read())
        return 0
    params = Params.load(sys, log, (), folder) if folder else Params.load(sys, log)
    sys.chdir(params["queue_directory"])
    queue = deliver_request.layout(sys, params)
    for name in files:
        if not queue_id.valid_id(name):
            log.fatal(f"bad mail queue ID: {name}")
        path, data = _find(sys, log, queue, name)
        await printer.show(path, data)
    return 0


def _find(sys: Process, log: Msg, queue: Queue, name: str) -> tuple[str, bytes]:
    """The path and the octets of a queue file. Raises Fatal."""
    failure = SysError("ENOENT", name)
    for folder in queue_id.QUEUES:
        path = queue.path(folder, name)
        try:
            return path, sys.slurp(path)
        except SysError as error:
            failure = error
    return log.fatal(f"open queue file {name}: {failure.strerror}")


class Printer:
    """Prints queue files."""

    def __init__(self, sys: Process, log: Msg, parts: int, numbers: bool, offsets: bool) -> None:
        self.sys = sys
        self.log = log
        self.parts = parts
        self.numbers = numbers
        self.offsets = offsets

    async def show(self, name: str, data: bytes) -> None:
        """Print one file, or a warning when it is none of ours."""
        reader = record.RecordReader(data, follow=False)
        segment = ENVELOPE
        first = True
        unterminated = False
        try:
            while True:
                kind, value = reader.get()
                if first and (kind not in FIRST or not kind):
                    self.log.warning(f"{name}: input is not a valid queue file")
                    return
                if first and self.parts & ENVELOPE:
                    await self.sys.stdout.write(f"*** ENVELOPE RECORDS {name} ***\n")
                first = False
                if not kind:
                    return
                segment, unterminated = await self._record(name, kind, value, reader, segment, unterminated)
                if kind == record.END:
                    return
        except record.MalformedRecord as error:
            if first:
                self.log.warning(f"{name}: input is not a valid queue file")
            else:
                self.log.warning(str(error))

    async def _record(self, name: str, kind: str, value: bytes, reader: record.RecordReader, segment: int,
                      unterminated: bool) -> tuple[int, bool]:
        """Print one record; the segment that follows, and whether a line goes on."""
        if kind == record.MESSAGE:
            if self.parts & ENVELOPE:
                await self._marker(kind, name, reader.start)
            return HEADER, False
        if kind in (record.EXTRACTED, record.END):
            if self.parts & ENVELOPE:
                await self._marker(kind, name, reader.start)
            return ENVELOPE, False
        text = value.decode("utf-8", "surrogateescape")
        if segment == ENVELOPE:
            if self.parts & ENVELOPE:
                await self.sys.stdout.write(self._place(kind, reader.start) + self._envelope(kind, text) + "\n")
            return ENVELOPE, False
        if kind == record.POINTER:
            if int(text or "0") > 0:
                reader.at = int(text)
            return segment, unterminated
        if kind not in (record.NORMAL, record.CONTINUED):
            return segment, unterminated
        return await self._content(kind, text, reader.start, segment, unterminated)

    async def _content(self, kind: str, text: str, start: int, segment: int, unterminated: bool) -> tuple[int, bool]:
        blank = segment == HEADER and kind == record.NORMAL and not text and not unterminated
        if blank:
            segment = BODY
            wanted = self.parts & BODY
        else:
            wanted = self.parts & segment
        if wanted:
            name = f"{record.NAMES[kind]}: " if self.offsets else ""
            end = "\n" if kind == record.NORMAL or self.offsets else ""
            place = self._place(kind, start) if not unterminated or self.offsets else ""
            await self.sys.stdout.write(f"{place}{name}{text}{end}")
        return segment, kind == record.CONTINUED

    async def _marker(self, kind: str, name: str, start: int) -> None:
        await self.sys.stdout.write(f"{self._place(kind, start)}*** {SEGMENTS[kind]} {name} ***\n")

    def _place(self, kind: str, start: int) -> str:
        place = f"{start:9} " if self.offsets else ""
        return place + (f"{ord(kind):3} " if self.numbers else "")

    def _envelope(self, kind: str, text: str) -> str:
        """An envelope record in words."""
        if kind == record.ATTRIBUTE and text.startswith("create_time="):
            return f"create_time: {_date(text[12:])}"
        label = NOT_IN_CONTENT.get(kind) or record.NAMES.get(kind, f"unknown_record_type_{ord(kind)}")
        if kind in (record.TIME, record.WARN):
            return f"{label}: {_date(text)}"
        return f"{label}: {text}"


def _date(text: str) -> str:
    seconds = text.split()[0] if text.split() else "0"
    return strftime("%a %b %e %H:%M:%S %Y", int(seconds) * 1_000_000) if seconds.isdigit() else text
