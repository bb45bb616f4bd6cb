"""The command line that postmap and postalias share: create, add to, query, delete from and list tables."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError
from maillab.sim.postfix.lib.map_file import Handling, MapFile
from maillab.sim.postfix.lib.params import CONFIG_ENV, Params
from maillab.sim.postfix.lib.table import Table, TableError, Unavailable, module_of, open_table

if TYPE_CHECKING:
    from maillab.sim.host.process import Process
    from maillab.sim.postfix.lib.msg import Msg

Fill = Callable[["Job", MapFile, str, str], None]
QueryStdin = Callable[["Job"], Awaitable[int]]


@dataclass
class Job:
    """One run of the command."""

    sys: Process
    log: Msg
    params: Params
    options: list[tuple[str, str]]
    operands: list[str]
    handling: Handling = field(default_factory=Handling)

    def has(self, letter: str) -> bool:
        """Was the option given?"""
        return any(found == letter for found, _ in self.options)

    def value(self, letter: str) -> str | None:
        """The argument of the last such option."""
        return next((value for found, value in reversed(self.options) if found == letter), None)

    def titles(self) -> list[tuple[str, str]]:
        """(type, name) of each operand."""
        kind = self.params["default_database_type"]
        return [(word.partition(":")[0], word.partition(":")[2]) if ":" in word else (kind, word) for word in self.operands]

    def open(self, kind: str, name: str) -> Table:
        """Open a table to read. Raises Fatal."""
        try:
            return open_table(self.sys, self.log, self.params, f"{kind}:{name}", fold=self.handling.fold)
        except Unavailable as error:
            self.log.fatal(str(error))


async def prepare(sys: Process, log: Msg, options: list[tuple[str, str]], operands: list[str]) -> Job:
    """Read main.cf and see how entries are to be handled. Raises Fatal."""
    for letter, value in options:
        if letter == "c":
            sys.env[CONFIG_ENV] = value
    params = await Params.read(sys, log)
    job = Job(sys, log, params, options, operands)
    for letter, _ in options:
        if letter == "f":
            job.handling.fold = False
        elif letter == "n":
            job.handling.nul = False
        elif letter == "N":
            job.handling.nul = True
        elif letter == "r":
            job.handling.duplicates = "replace"
        elif letter == "w":
            job.handling.duplicates = "ignore"
    return job


async def run_job(job: Job, usage: str, fill: Fill, query_stdin: QueryStdin) -> int:
    """Do what the options ask for. Raises Fatal."""
    if sum(1 for letter, _ in job.options if letter in "sqd") > 1:
        job.log.fatal("specify only one of -s -q or -d")
    headers = [letter for letter, _ in job.options if letter in "bhm"]
    if headers and job.value("q") != "-":
        job.log.fatal('specify -b -h or -m only with "-q -"')
    if not job.operands:
        job.log.fatal(usage)
    if job.has("s"):
        return await list_tables(job)
    if job.value("q") == "-":
        return await query_stdin(job)
    if (key := job.value("q")) is not None:
        return await query(job, key)
    if (key := job.value("d")) is not None:
        return await delete(job, key)
    for kind, name in job.titles():
        await create(job, kind, name, fill)
    return 0


async def ask(job: Job, table: Table, key: str) -> str | None:
    """One lookup. Raises Fatal when it has no answer."""
    try:
        value = await table.lookup(key)
    except TableError as error:
        await job.log.flush()
        job.log.fatal(f"table {table.title}: query error: {error.reason}")
    if value == "":
        job.log.warning(f"table {table.title}: key {key}: empty string result is not allowed")
        job.log.warning(f"table {table.title} should return NO RESULT in case of NOT FOUND")
    return value


async def query(job: Job, key: str) -> int:
    """Print the value of a key from the first table that has it; 1 when none has."""
    for kind, name in job.titles():
        value = await ask(job, job.open(kind, name), key)
        if value is not None:
            await job.log.flush()
            await job.sys.stdout.print(shown(job, value))
            return 0
    return 1


def shown(job: Job, value: str) -> str:
    """A value as it is printed: with -F, the file that it holds in base64."""
    if not job.has("F"):
        return value
    from binascii import Error, a2b_base64

    try:
        return a2b_base64(value, strict_mode=True).decode("utf-8", "surrogateescape")
    except (Error, ValueError):
        job.log.fatal(f"table {job.operands[0]}: malformed BASE64 value: {value[:30]}")


async def query_lines(job: Job) -> int:
    """Look up each line of the standard input: `key TAB value` for those that are found."""
    tables = [job.open(kind, name) for kind, name in job.titles()]
    found = False
    async for line in job.sys.stdin:
        key = line.rstrip(b"\n").decode("utf-8", "surrogateescape")
        found = await print_found(job, tables, key) or found
    return 0 if found else 1


async def print_found(job: Job, tables: list[Table], key: str) -> bool:
    """Print `key TAB value` from the first table that has the key."""
    for table in tables:
        value = await ask(job, table, key)
        if value is not None:
            await job.log.flush()
            await job.sys.stdout.print(f"{key}\t{shown(job, value)}")
            return True
    return False


async def list_tables(job: Job) -> int:
    """Print all entries of the first table."""
    kind, name = job.titles()[0]
    table = job.open(kind, name)
    separator = ":" if job.log.program == "postalias" else ""
    try:
        for key, value in table.entries():
            await job.sys.stdout.print(f"{key}{separator}\t{shown(job, value)}")
    except Unavailable as error:
        job.log.fatal(str(error))
    return 0


async def delete(job: Job, key: str) -> int:
    """Remove a key (with `-`, each line of the standard input) from the tables; 1 when none had it."""
    keys = [key]
    if key == "-":
        keys = [line.rstrip(b"\n").decode("utf-8", "surrogateescape") async for line in job.sys.stdin]
    found = False
    for kind, name in job.titles():
        if not hasattr(module_of(kind), "write"):
            job.open(kind, name)
            job.log.fatal(f"{kind}:{name} map requires O_RDONLY access mode")
        edit = _open_existing(job, kind, name)
        await edit.lock()
        edit.load()
        removed = [each for each in keys if edit.delete(each)]
        if removed:
            edit.save()
        edit.close()
        found = found or bool(removed)
    return 0 if found else 1


def _open_existing(job: Job, kind: str, name: str) -> MapFile:
    path = f"{name}{module_of(kind).SUFFIX}"
    try:
        fd = job.sys.open(path, "r+")
    except SysError as error:
        job.log.fatal(f"open database {path}: {error.strerror}")
    return MapFile(job.sys, job.log, kind, name, fd, job.handling)


async def create(job: Job, kind: str, name: str, fill: Fill) -> None:
    """Make a table from its text file; with -i, add the standard input to it; with -r or -w, the text file. Raises Fatal."""
    sys = job.sys
    text, mode, owner, path = "", 0o644, None, name
    if not job.has("i"):
        text, mode, owner = _source(job, path)
    if owner is not None and owner[0] != 0 and sys.euid == 0 and not job.has("o"):
        sys.setegid(owner[1])
        sys.seteuid(owner[0])
    old_mask = sys.umask(0o022 if job.has("p") else 0)
    edit = MapFile.open(sys, job.log, job.params, kind, name, job.handling, mode if not job.has("p") else 0o666)
    sys.umask(old_mask)
    await edit.lock()
    try:
        if job.has("i") or job.has("r") or job.has("w"):
            edit.load()
    except Unavailable as error:
        job.log.fatal(str(error))
    if job.has("i"):
        text, path = (await sys.stdin.read()).decode("utf-8", "surrogateescape"), "stdin"
    fill(job, edit, path, text)
    edit.save()
    edit.close()
    if sys.euid != sys.uid:
        sys.seteuid(sys.uid)
        sys.setegid(sys.gid)
    await job.log.flush()


def _source(job: Job, path: str) -> tuple[str, int, tuple[int, int]]:
    """Text, mode and owner of a text file; a directory reads as empty. Raises Fatal."""
    try:
        stat = job.sys.stat(path)
        data = b"" if stat.kind == "d" else job.sys.slurp(path)
    except SysError as error:
        job.log.fatal(f"open {path}: {error.strerror}")
    return data.decode("utf-8", "surrogateescape"), stat.mode & 0o644, (stat.uid, stat.gid)
