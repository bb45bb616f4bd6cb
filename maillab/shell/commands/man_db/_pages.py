"""Finding manual pages on the simulated disk, and the whatis database."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, Final, NamedTuple

from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INDEX: Final = "/var/cache/man/index.db"
SECTIONS: Final = ("1", "n", "l", "8", "3", "0", "2", "5", "4", "9", "6", "7")
TREES: Final = ("/usr/local/man", "/usr/local/share/man", "/usr/share/man")
PAGE = re.compile(r"(.+)\.([0-9nl]\w*)(?:\.gz)?\Z")


class Page(NamedTuple):
    """A page: `section` with its suffix (`8postfix`)."""

    name: str
    section: str
    path: str


class Entry(NamedTuple):
    """A line of the whatis database."""

    name: str
    section: str
    description: str


def find_pages(sys: Process, name: str, sections: list[str]) -> list[Page]:
    """The pages of a name, in the order in which man prefers them. `sections`: asked for, [] for all."""
    found = []
    for section in sections or SECTIONS:
        for tree in TREES:
            folder = f"{tree}/man{section[0]}"
            if not sys.isdir(folder):
                continue
            for entry in sorted(sys.listdir(folder)):
                page = PAGE.match(entry) if entry.startswith(name) else None
                if page and page[1] == name and page[2].startswith(section):
                    found.append(Page(name, page[2], f"{folder}/{entry}"))
    return found


def read_page(sys: Process, path: str) -> str:
    """The source of a page. Raises SysError."""
    data = sys.slurp(path)
    if data.startswith(b"\x1f\x8b"):
        try:
            data = zlib.decompress(data, 31)
        except zlib.error:
            raise SysError("EIO", path) from None
    return data.decode("utf-8", "surrogateescape")


def read_index(sys: Process) -> list[Entry]:
    """The whatis database, sorted by name and section; pages that were removed since do not count."""
    try:
        text = sys.slurp(INDEX).decode("utf-8", "surrogateescape")
    except SysError:
        return []
    return [Entry(*line.split("\t", 2)) for line in text.splitlines() if line.count("\t") >= 2]


def in_section(entry: Entry, sections: list[str]) -> bool:
    """Whether an entry belongs to one of the sections asked for (all when none is)."""
    return not sections or any(entry.section.startswith(section) for section in sections)


def format_entry(entry: Entry) -> str:
    """`postfix (1)          - Postfix control program`."""
    return f"{f'{entry.name} ({entry.section})':<20} - {entry.description}\n"
