"""Lookup tables: what every `tables/TYPE.py` offers, and how a `type:name` is opened.

A type is a module of `maillab.sim.postfix.tables` with `def open_table(spec: Spec) -> Table`, and optionally
`SINCE = (3, 0)` and `UNTIL` (the versions of Postfix that have it), `DYNAMIC = True` (a package of its own brings it where
Postfix is a
package) and `SOURCE_SINCE` (the version whose plain build from source has it). A table that cannot be opened raises
`Unavailable` with the reason.

    table = open_table(sys, log, params, "hash:/etc/aliases")     raises Unavailable
    value = await table.lookup("root")                            None: not found; raises TableError when the answer is not known

A daemon that opens a table with `open_or_surrogate` gets, since Postfix 2.9, a table that complains when it is used.
Source: dict_open(3) as seen from outside: the log lines of postmap, smtpd, local and cleanup of 2.5.1 and 3.7.11.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process
    from maillab.sim.postfix.lib.msg import Msg
    from maillab.sim.postfix.lib.params import Params

PACKAGE_NAME = "maillab.sim.postfix.tables"
DYNAMIC_MAPS = "dynamicmaps.cf"


class Unavailable(Exception):
    """A table that cannot be opened; the reason, as the log says it."""


class TableError(Exception):
    """A lookup without answer; `reason` is for postmap ("query error: REASON")."""

    def __init__(self, reason: str = "Application error") -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Spec:
    """A table to open: `fold` folds the case of keys, `writable` opens it for changes, `query_error` is what a bad table is
    logged with."""

    sys: Process
    log: Msg
    params: Params
    type: str
    name: str
    fold: bool = True
    writable: bool = False

    @property
    def title(self) -> str:
        """`type:name`, as it is written in main.cf."""
        return f"{self.type}:{self.name}"

    def open_other(self, title: str) -> Table:
        """Open another table for this one (unionmap, pipemap). Raises Unavailable."""
        return open_table(self.sys, self.log, self.params, title, fold=self.fold)


class Table:
    """An open table. `pattern`: its entries are patterns, to be matched with whole keys only."""

    pattern = False
    flags = "lock|fold_fix"

    def __init__(self, spec: Spec) -> None:
        self.sys = spec.sys
        self.log = spec.log
        self.title = spec.title
        self.fold = spec.fold
        self.owner: int | None = None

    async def lookup(self, key: str) -> str | None:
        """The value of a key, None when there is none. Raises TableError."""
        raise NotImplementedError

    def entries(self) -> Iterator[tuple[str, str]]:
        """All entries. Raises Unavailable for a type that cannot list them."""
        raise Unavailable(f"table {self.title}: sequence operation is not supported")

    def changed(self) -> bool:
        """Whether the file of the table was changed or replaced since it was opened."""
        return False

    def folded(self, key: str) -> str:
        """The key in lower case, when this table folds case."""
        return key.lower() if self.fold else key


class Surrogate(Table):
    """Stands for a table that could not be opened: complains at each lookup."""

    def __init__(self, spec: Spec, reason: str) -> None:
        super().__init__(spec)
        self.reason = reason

    async def lookup(self, key: str) -> str | None:
        self.log.warning(f"{self.title} is unavailable. {self.reason}")
        raise TableError


class FileStamp:
    """Holds a file open, to see later (from a jail, too) that it was written to, or removed, or replaced."""

    def __init__(self, sys: Process, path: str) -> None:
        self.sys = sys
        try:
            self.fd = sys.open(path)
            self.mtime = sys.fstat(self.fd).mtime
        except SysError:
            self.fd, self.mtime = -1, 0

    def changed(self) -> bool:
        """Whether the file was written to or has no name any more."""
        if self.fd < 0:
            return False
        now = self.sys.fstat(self.fd)
        return now.mtime != self.mtime or now.nlink == 0


def split_title(title: str) -> tuple[str, str]:
    """Type and name of `type:name`."""
    kind, _, name = title.partition(":")
    return kind, name


def read_text(spec: Spec) -> str:
    """The text of the table's file. Raises Unavailable."""
    try:
        return spec.sys.slurp(spec.name).decode("utf-8", "surrogateescape")
    except SysError as error:
        verb = "read" if error.name == "EISDIR" else "open"
        raise Unavailable(f"{verb} {spec.name}: {error.strerror}") from error


@lru_cache(maxsize=1)
def _modules() -> tuple[str, ...]:
    package = importlib.import_module(PACKAGE_NAME)
    return tuple(sorted(found.name for found in pkgutil.iter_modules(package.__path__) if not found.name.startswith("_")))


@cache
def module_of(kind: str) -> Any:
    """The module of a table type, None when there is no such type."""
    name = f"{kind}_" if f"{kind}_" in _modules() else kind
    return importlib.import_module(f"{PACKAGE_NAME}.{name}") if name in _modules() else None


def dynamic_types(params: Params) -> list[str]:
    """The types that dynamicmaps.cf and dynamicmaps.cf.d add to a Postfix of Debian."""
    found: list[str] = []
    directory = params["meta_directory"] or params.config_directory
    paths = [f"{directory}/{DYNAMIC_MAPS}"]
    try:
        paths += [f"{paths[0]}.d/{name}" for name in sorted(params.sys.listdir(f"{paths[0]}.d"))]
    except SysError:
        pass
    for path in paths:
        try:
            text = params.sys.slurp(path).decode("utf-8", "surrogateescape")
        except SysError:
            continue
        found += [line.split()[0] for line in text.split("\n") if line.strip() and not line.startswith("#")]
    return found


def supported(params: Params, kind: str) -> bool:
    """Whether this Postfix knows a table type."""
    module = module_of(kind)
    if module is None or params.version < getattr(module, "SINCE", (0,)) or params.version >= getattr(module, "UNTIL", (99,)):
        return False
    if params.table.packaged:
        return not getattr(module, "DYNAMIC", False) or kind in dynamic_types(params)
    return bool(params.version >= getattr(module, "SOURCE_SINCE", (0,)))


def supported_types(params: Params) -> list[str]:
    """What `postconf -m` lists."""
    return [kind for kind in sorted(name.rstrip("_") for name in _modules()) if supported(params, kind)]


def unsupported(params: Params, kind: str) -> str:
    """The sentence about a type that this Postfix does not know."""
    hint = f": Is the postfix-{kind} package installed?" if params.version < (3, 0) and params.table.packaged else ""
    return f"unsupported dictionary type: {kind}{hint}"


def open_table(sys: Process, log: Msg, params: Params, title: str, *, fold: bool = True, writable: bool = False) -> Table:
    """Open `type:name`. Raises Unavailable."""
    kind, name = split_title(title)
    if ":" not in title or not name:
        raise Unavailable(f'open dictionary: expecting "type:name" form instead of "{title}"')
    if not supported(params, kind):
        raise Unavailable(unsupported(params, kind))
    opener: Callable[[Spec], Table] = module_of(kind).open_table
    return opener(Spec(sys, log, params, kind, name, fold, writable))


def open_or_surrogate(sys: Process, log: Msg, params: Params, title: str) -> Table:
    """Open a table for a daemon: one that cannot be opened ends the program before Postfix 2.9, and complains when used since.
    Raises Fatal."""
    try:
        return open_table(sys, log, params, title)
    except Unavailable as error:
        reason = str(error)
    if (
        params.version < (2, 9)
        or params.boolean("daemon_table_open_error_is_fatal")
        or reason.startswith("open dictionary: expecting")
    ):
        log.fatal(reason)
    log.error(reason)
    kind, name = split_title(title)
    return Surrogate(Spec(sys, log, params, kind, name), reason)
