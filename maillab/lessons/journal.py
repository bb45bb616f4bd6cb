"""The journal: the input log of a lab. With its header it rebuilds the identical world, so it is at once a saved game, a
submission, a bug report and an undo.

A journal is a text file, one record a line. The first line names the format, the second is the header (what to build), the
others are the inputs, each with the microsecond of virtual time it came at:

    maillab journal 1
    5f1c09aa {"lesson": "40-aliases/10-newaliases", "seed": 1, "world": "..."}
    91b3e77d 1300000 julien/0 type "newaliases\\r"

Each line starts with the CRC-32 of all that precedes it and of itself: a cut, edited or reordered journal is noticed at
the first bad line, and everything before it is still good.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from maillab.lessons.errors import MaillabError

MAGIC = "maillab journal 1"
SIZE_MAX = 32 << 20
KINDS = {"type": str, "resize": list, "open": int, "time": int}


@dataclass(frozen=True)
class Entry:
    """One input: at a microsecond, on a terminal (`host/number`; "" for the world), of a kind, with its value.

    Kinds: `type` (text, undecodable bytes as surrogates), `resize` ([rows, columns]), `open` (a further terminal: its
    number), `time` (the clock simply went on to here: 0).
    """

    when: int
    terminal: str
    kind: str
    value: Any


@dataclass
class Header:
    """What to build before the inputs: the lesson's name ("" outside of lessons), the seed, the world file's text."""

    lesson: str = ""
    seed: int = 1
    world: str = ""
    rows: int = 24
    cols: int = 80
    version: str = ""


@dataclass
class Journal:
    """A header and its inputs, in order."""

    header: Header
    entries: list[Entry] = field(default_factory=list)

    def text(self) -> str:
        """The whole file."""
        return "".join(_lines(self.header, self.entries))

    def end(self) -> int:
        """The microsecond of the last input."""
        return self.entries[-1].when if self.entries else 0

    def before(self, count: int) -> Journal:
        """The journal without its last `count` lines typed (an undo): cut before the return key that began them."""
        starts = [n for n, entry in enumerate(self.entries) if entry.kind == "type" and "\r" in entry.value]
        if count <= 0:
            return Journal(self.header, list(self.entries))
        if count > len(starts):
            return Journal(self.header, [])
        cut = starts[-count]
        while cut > 0 and self.entries[cut - 1].kind == "type" and "\r" not in self.entries[cut - 1].value:
            cut -= 1
        return Journal(self.header, self.entries[:cut])


def _encode(value: object) -> str:
    return json.dumps(value, ensure_ascii=True)


def _sum(crc: int, body: str) -> int:
    return zlib.crc32(body.encode("ascii"), crc)


def _line(crc: int, body: str) -> tuple[int, str]:
    crc = _sum(crc, body)
    return crc, f"{crc:08x} {body}\n"


def _body(entry: Entry) -> str:
    return f"{entry.when} {entry.terminal or '-'} {entry.kind} {_encode(entry.value)}"


def _lines(header: Header, entries: list[Entry]) -> Iterator[str]:
    yield MAGIC + "\n"
    crc = zlib.crc32(MAGIC.encode())
    for body in (_encode(vars(header)), *map(_body, entries)):
        crc, line = _line(crc, body)
        yield line


class JournalWriter:
    """A journal file that grows with each input."""

    def __init__(self, path: Path, journal: Journal):
        text = journal.text()
        fresh = path.with_name(path.name + ".new")
        fresh.write_text(text, encoding="ascii")
        fresh.replace(path)
        self._crc = int(text.rstrip("\n").rpartition("\n")[2][:8], 16)
        self._file = path.open("a", encoding="ascii")

    def add(self, entry: Entry) -> None:
        """Append one input; it is on the disk when this returns."""
        self._crc, line = _line(self._crc, _body(entry))
        self._file.write(line)
        self._file.flush()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def parse_journal(data: bytes, name: str) -> tuple[Journal, MaillabError | None]:
    """Read a journal: what is intact, and what stopped the reading (None: all is good).

    Raises MaillabError when not even the header is intact.
    """
    if len(data) > SIZE_MAX:
        raise MaillabError(name, 0, f"the journal is larger than {SIZE_MAX >> 20} MiB", "record a shorter session")
    if not data.startswith(MAGIC.encode() + b"\n"):
        raise MaillabError(name, 1, "this is no maillab journal", "hand in the .journal file that the lab wrote")
    lines = data.decode("ascii", "replace").split("\n")
    complete = lines.pop() == ""
    crc = zlib.crc32(MAGIC.encode())
    if len(lines) < 2:
        raise MaillabError(name, 2, "the journal is cut before its header ends", "hand in the whole file")
    crc, body = _checked(crc, lines[1], name, 2, complete or len(lines) > 2)
    journal = Journal(_header(body, name))
    for number, line in enumerate(lines[2:], 3):
        try:
            crc, body = _checked(crc, line, name, number, True)
            journal.entries.append(_entry(body, journal.end(), name, number))
        except MaillabError as error:
            return journal, error
    if not complete:
        cut = MaillabError(name, len(lines) + 1, "the journal is cut in the middle of a line", "hand in the whole file")
        return journal, cut
    return journal, None


def _checked(crc: int, line: str, name: str, number: int, whole: bool) -> tuple[int, str]:
    body = line[9:]
    if not whole or not body.isascii() or line[8:9] != " " or f"{(crc := _sum(crc, body)):08x}" != line[:8]:
        raise MaillabError(name, number, "the checksum does not match: cut or changed", "hand in the file as the lab wrote it")
    return crc, body


def _header(body: str, name: str) -> Header:
    try:
        return Header(**json.loads(body))
    except (ValueError, TypeError):
        raise MaillabError(name, 2, "the header is of another format", "use the version of maillab that wrote it") from None


def _entry(body: str, last: int, name: str, number: int) -> Entry:
    parts = body.split(" ", 3)
    try:
        when, terminal, kind, value = int(parts[0]), parts[1], parts[2], json.loads(parts[3])
    except (ValueError, IndexError):
        kind, when, terminal, value = "", 0, "", None
    if kind not in KINDS or not isinstance(value, KINDS[kind]) or when < last:
        raise MaillabError(name, number, "an input is of another format", "use the version of maillab that wrote it")
    return Entry(when, "" if terminal == "-" else terminal, kind, value)
