"""Tables in Berkeley DB files: what hash and btree have in common.

The file is opened once (before a daemon enters its jail) and read again when it has changed. Keys and values end with a NUL byte,
or, as written by other programs, with none: the first lookup that finds decides, and then all keys are written so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from maillab.sim.host.errno import SysError
from maillab.sim.postfix.lib.hash_db import DbError
from maillab.sim.postfix.lib.table import FileStamp, Spec, Table, Unavailable

Reader = Callable[[bytes], dict[bytes, bytes]]
MILLION = 1_000_000
BDB_MESSAGE = "BDB0641 __db_meta_setup: {0}: {1}"

_cache: dict[tuple[Reader, bytes], dict[bytes, bytes]] = {}
CACHE_LIMIT = 32


def parse(reader: Reader, data: bytes) -> dict[bytes, bytes]:
    """The entries of a file; the same bytes are parsed once. Raises DbError."""
    found = _cache.get((reader, data))
    if found is None:
        found = reader(data)
        if len(_cache) >= CACHE_LIMIT:
            del _cache[next(iter(_cache))]
        _cache[(reader, data)] = found
    return found


class DatabaseTable(Table):
    """An open .db file."""

    def __init__(self, spec: Spec, reader: Reader) -> None:
        super().__init__(spec)
        self.reader = reader
        self.path = f"{spec.name}.db"
        try:
            self.fd = self.sys.open(self.path, "r")
        except SysError as error:
            raise Unavailable(f"open database {self.path}: {error.strerror}") from error
        self.stamp = FileStamp(self.sys, self.path)
        self.loaded: tuple[int, int] | None = None
        self.data: dict[bytes, bytes] = {}
        stat = self.sys.fstat(self.fd)
        self.owner = stat.uid
        try:
            self._load()
        except DbError as error:
            shown = self.path if self.path.startswith("/") else f"./{self.path}"
            if self.log.stderr:
                self.log.pending.append(BDB_MESSAGE.format(shown, error) + "\n")
            raise Unavailable(f"open database {self.path}: Invalid argument") from error
        self._age(spec, stat.mtime)

    def _age(self, spec: Spec, mtime: int) -> None:
        """Say that the text file is younger than the database, when it has been so for a moment."""
        try:
            source = self.sys.stat(spec.name)
        except SysError:
            return
        if source.mtime // MILLION > mtime // MILLION and source.mtime // MILLION < self.sys.clock() // MILLION - 100:
            self.log.warning(f"database {self.path} is older than source file {spec.name}")

    def _load(self) -> None:
        stat = self.sys.fstat(self.fd)
        if self.loaded != (stat.mtime, stat.size):
            self.data = parse(self.reader, self.sys.pread(self.fd, stat.size, 0))
            self.loaded = (stat.mtime, stat.size)

    async def lookup(self, key: str) -> str | None:
        try:
            self._load()
        except DbError:
            return None
        name = self.folded(key).encode("utf-8", "surrogateescape")
        value = self.data.get(name + b"\0")
        if value is None:
            value = self.data.get(name)
        return None if value is None else value.removesuffix(b"\0").decode("utf-8", "surrogateescape")

    def entries(self) -> Iterator[tuple[str, str]]:
        self._load()
        for key, value in self.data.items():
            yield tuple(item.removesuffix(b"\0").decode("utf-8", "surrogateescape") for item in (key, value))  # type: ignore[misc]

    def changed(self) -> bool:
        return self.stamp.changed()
