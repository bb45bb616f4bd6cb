"""Making and changing the indexed files of hash and btree tables: what postmap and postalias do under their locks.

edit = MapFile.open(sys, log, params, "hash", "/etc/aliases", options)      raises Fatal
await edit.lock(); edit.put("root", "toto"); edit.save()
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError
from maillab.sim.postfix.lib.hash_db import DbError
from maillab.sim.postfix.lib.table import Unavailable, module_of, supported

if TYPE_CHECKING:
    from maillab.sim.host.process import Process
    from maillab.sim.postfix.lib.msg import Msg
    from maillab.sim.postfix.lib.params import Params


@dataclass
class Handling:
    """How entries are written. `duplicates`: "warn", "ignore" or "replace"; `nul`: keys and values end with a NUL byte."""

    fold: bool = True
    duplicates: str = "warn"
    nul: bool = True


class MapFile:
    """An indexed file open for writing."""

    def __init__(self, sys: Process, log: Msg, kind: str, name: str, fd: int, handling: Handling) -> None:
        self.sys = sys
        self.log = log
        self.module = module_of(kind)
        self.path = name + self.module.SUFFIX
        self.fd = fd
        self.handling = handling
        self.entries: dict[bytes, bytes] = {}

    @classmethod
    def open(cls, sys: Process, log: Msg, params: Params, kind: str, name: str, handling: Handling, mode: int) -> MapFile:
        """Open or create the file. Raises Fatal."""
        module = module_of(kind)
        if not supported(params, kind):
            log.fatal(_unknown(params, kind))
        if not hasattr(module, "write"):
            log.fatal(
                f"unsupported dictionary type: {kind} does not support bulk-mode creation."
                if params.version >= (3, 0)
                else f"unsupported dictionary type: {kind}"
            )
        path = name + module.SUFFIX
        existed = sys.exists(path)
        try:
            fd = sys.open(path, "rw", mode)
        except SysError as error:
            log.fatal(f"open {'' if existed else 'database '}{path}: {error.strerror}")
        return cls(sys, log, kind, name, fd, handling)

    async def lock(self) -> None:
        """Wait until nobody else writes (or reads) the file."""
        await self.sys.flock(self.fd, "ex")

    def load(self) -> None:
        """Keep what the file holds. Raises Unavailable."""
        size = self.sys.fstat(self.fd).size
        if size:
            try:
                self.entries = dict(self.module.read(self.sys.pread(self.fd, size, 0)))
            except DbError as error:
                raise Unavailable(f"open database {self.path}: Invalid argument") from error

    def put(self, key: str, value: str, *, plain: bool = False) -> None:
        """Add an entry; one that exists already is handled as told. `plain`: no folding, no NUL byte."""
        end = b"" if plain or not self.handling.nul else b"\0"
        name = key if plain or not self.handling.fold else key.lower()
        stored = name.encode("utf-8", "surrogateescape") + end
        if stored in self.entries and not plain and self.handling.duplicates != "replace":
            if self.handling.duplicates == "warn":
                self.log.warning(f'{self.path}: duplicate entry: "{name}"')
            return
        self.entries[stored] = value.encode("utf-8", "surrogateescape") + end

    def delete(self, key: str) -> bool:
        """Remove an entry; False when there is none."""
        name = (key.lower() if self.handling.fold else key).encode("utf-8", "surrogateescape")
        for stored in (name + b"\0", name):
            if stored in self.entries:
                del self.entries[stored]
                return True
        return False

    def save(self) -> None:
        """Write the file. Raises Fatal (a full disk)."""
        data = self.module.write(self.entries)
        try:
            self.sys.ftruncate(self.fd, 0)
            self.sys.pwrite(self.fd, data, 0)
            self.sys.fsync(self.fd)
        except SysError as error:
            self.log.fatal(f"write {self.path}: {error.strerror}")

    def close(self) -> None:
        """Close the file, which gives the lock back."""
        self.sys.close(self.fd)


def _unknown(params: Params, kind: str) -> str:
    if params.table.packaged:
        separator = "." if params.version >= (3, 0) else ":"
        return f"unsupported dictionary type: {kind}{separator} Is the postfix-{kind} package installed?"
    return f"unsupported dictionary type: {kind}"
