"""gzip, gunzip, zcat - compress or expand files

SYNOPSIS
    gzip [OPTION]... [FILE]...
    gunzip [OPTION]... [FILE]...
    zcat [OPTION]... [FILE]...

DESCRIPTION
    GNU gzip 1.12: -c -d -f -k -l -n -N -q -r -S -t -v -1 ... -9. Files are replaced by FILE.gz and keep their owner, mode and time.

EXIT STATUS
    0; 1 an error; 2 a warning.

BUGS
    Old formats (compress, pack, lzh) are not expanded. The compressed bytes are those of zlib.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.gzip._format import Contents, FormatError, compress, decompress, overhead
from maillab.shell.commands.gzip._gzip_help import HELP, VERSION
from maillab.shell.options import UsageError, fail, gnu
from maillab.sim.host.errno import SysError
from maillab.sim.host.stdio import Input
from maillab.sim.kernel import calendar

if TYPE_CHECKING:
    from maillab.shell.options import Given
    from maillab.sim.host.inode import Stat
    from maillab.sim.host.process import Process

INSTALLED = {"gzip": ["/bin/gzip", "/bin/gunzip", "/bin/zcat"]}

OPTIONS = gnu(
    "-a,--ascii -b,--bits= -c,--stdout,--to-stdout -d,--decompress,--uncompress -f,--force -h,--help -k,--keep -l,--list "
    "-L,--license -m,--no-time -M,--time -n,--no-name -N,--name -q,--quiet,--silent -r,--recursive -S,--suffix= -t,--test "
    "-v,--verbose -V,--version -1,--fast -2 -3 -4 -5 -6 -7 -8 -9,--best --rsyncable --synchronous",
    standard=False,
)
SUFFIXES = (".gz", "-gz", ".z", "-z", "_z", ".Z", ".tgz", ".taz")
ERROR, WARNING = 1, 2


class Gzip:
    """One run."""

    def __init__(self, sys: Process, given: Given, called: str) -> None:
        self.sys = sys
        self.given = given
        base = called.rpartition("/")[2]
        self.to_stdout = given.has("stdout") or base == "zcat"
        self.testing = given.has("test")
        self.listing = given.has("list")
        self.expanding = given.has("decompress") or base in ("gunzip", "zcat") or self.testing or self.listing
        self.suffix = given.last("suffix", ".gz") or ".gz"
        level = given.latest("fast", "2", "3", "4", "5", "6", "7", "8", "best")
        self.level = {"fast": 1, "best": 9, None: 6}.get(level) or int(level or 6)
        self.status = 0
        self.totals = [0, 0]
        self.listed = 0
        self.overhead = 0

    async def note(self, text: str, status: int = ERROR) -> None:
        """A message and what it does to the exit status."""
        if status == WARNING:
            self.status = self.status or WARNING
            if self.given.has("quiet"):
                return
        else:
            self.status = ERROR
        await self.sys.stdout.flush()
        await self.sys.stderr.write(text)

    async def operand(self, name: str) -> None:
        """One file name."""
        if name == "-":
            await self.stream()
            return
        path = name
        try:
            path = self.existing(name)
            status = self.sys.stat(path)
        except SysError as error:
            await self.note(f"gzip: {self.reported(name)}: {error.strerror}\n")
            return
        if status.kind == "d":
            await self.directory(path)
        elif status.kind != "-" and not self.to_stdout:
            await self.note(f"gzip: {path} is not a directory or a regular file - ignored\n", WARNING)
        elif await self.accepts(path, status):
            await self.file(path, status)

    def existing(self, name: str) -> str:
        """The file meant: when expanding, with a suffix if the bare name does not exist."""
        if self.expanding and not self.sys.exists(name):
            for suffix in (self.suffix, *SUFFIXES):
                if self.sys.exists(name + suffix):
                    return name + suffix
        self.sys.stat(name)
        return name

    def reported(self, name: str) -> str:
        """The name in a message about a missing file."""
        return name if not self.expanding or name.endswith(SUFFIXES) else name + self.suffix

    async def directory(self, path: str) -> None:
        """A directory: all that is in it with -r."""
        if not self.given.has("recursive"):
            await self.note(f"gzip: {path} is a directory -- ignored\n", WARNING)
            return
        for base in self.sys.listdir(path):
            await self.operand(f"{path.rstrip('/')}/{base}")

    async def accepts(self, path: str, status: Stat) -> bool:
        """Are name and links of a file such that it can be replaced?"""
        if self.to_stdout:
            return True
        if not self.given.has("force") and not self.testing and not self.listing:
            if self.sys.lstat(path).kind == "l":
                await self.note(f"gzip: {path}: Too many levels of symbolic links\n")
                return False
            if status.nlink > 1:
                links = status.nlink - 1
                await self.note(f"gzip: {path} has {links} other link{'s' if links > 1 else ''} -- file ignored\n", WARNING)
                return False
        named = path.endswith((self.suffix, *SUFFIXES))
        if self.expanding and not named and not self.testing and not self.listing:
            await self.note(f"gzip: {path}: unknown suffix -- ignored\n", WARNING)
            return False
        if not self.expanding and named and not self.given.has("force"):
            suffix = next(suffix for suffix in (self.suffix, *SUFFIXES) if path.endswith(suffix))
            await self.note(f"gzip: {path} already has {suffix} suffix -- unchanged\n", WARNING)
            return False
        return True

    def target(self, path: str) -> str:
        """The name of the file that is made."""
        if not self.expanding:
            return path + self.suffix
        for suffix in (self.suffix, ".tgz", ".taz", *SUFFIXES):
            if path.endswith(suffix):
                return path[: -len(suffix)] + (".tar" if suffix in (".tgz", ".taz") else "")
        return path

    async def file(self, path: str, status: Stat) -> None:
        """One regular file."""
        try:
            raw = self.sys.slurp(path)
        except SysError as error:
            await self.note(f"gzip: {path}: {error.strerror}\n")
            return
        base = path.rpartition("/")[2]
        keep_name = not self.given.has("no-name")
        if self.expanding:
            contents = await self.expand(raw, path)
            if contents is None:
                return
            data, plain, packed = contents.data, len(contents.data), len(raw) - contents.overhead
        else:
            data = compress(raw, self.level, base if keep_name else "", status.mtime // 1_000_000 if keep_name else 0)
            plain, packed = len(raw), len(data) - overhead(base if keep_name else "")
        if self.testing:
            await self.verbose(f"{path}:\t OK\n")
            return
        if self.to_stdout:
            await self.sys.stdout.write(data)
            return
        target = self.target(path)
        if await self.replace(path, target, data, status):
            action = "created" if self.given.has("keep") else "replaced with"
            await self.verbose(f"{path}:\t{ratio(plain, packed)} -- {action} {target}\n")

    async def expand(self, raw: bytes, name: str) -> Contents | None:
        """The contents of compressed data; -l shows them. None after an error."""
        try:
            contents = decompress(raw)
        except FormatError as error:
            if self.given.has("force") and self.to_stdout:
                return Contents(raw, "", 0, 0, 0)
            await self.note(f"\ngzip: {name}: {error}\n")
            return None
        if self.listing:
            await self.list(name, contents, len(raw))
            return None
        return contents

    async def list(self, name: str, contents: Contents, packed: int) -> None:
        """-l."""
        plain = len(contents.data)
        verbose = self.given.has("verbose")
        if self.listed == 0 and not self.given.has("quiet"):
            await self.sys.stdout.write("method  crc     date  time  " if verbose else "")
            await self.sys.stdout.write("         compressed        uncompressed  ratio uncompressed_name\n")
        self.listed += 1
        self.totals[0] += packed
        self.totals[1] += plain
        self.overhead = contents.overhead
        if verbose:
            when = calendar.strftime("%b %e %H:%M", contents.time * 1_000_000 or self.sys.clock())
            await self.sys.stdout.write(f"defla {contents.crc:08x} {when} ")
        shown = "stdout" if name == "stdin" else self.target(name)
        if self.given.has("name") and contents.name:
            shown = contents.name
        await self.sys.stdout.write(f"{packed:>19} {plain:>19} {ratio(plain, packed - contents.overhead)} {shown}\n")

    async def verbose(self, text: str) -> None:
        """-v."""
        if self.given.has("verbose"):
            await self.sys.stderr.write(text)

    async def replace(self, path: str, target: str, data: bytes, status: Stat) -> bool:
        """Write the new file, with the old one's owner, mode and time, and remove the old one."""
        if self.sys.exists(target) and not self.given.has("force") and not await self.agreed(target):
            return False
        try:
            if self.sys.exists(target):
                self.sys.unlink(target)
            self.sys.spew(target, data, "x", 0o600)
            self.sys.chmod(target, status.mode & 0o777)
            if self.sys.euid == 0:
                self.sys.chown(target, status.uid, status.gid)
            self.sys.utime(target, status.atime, status.mtime)
            if not self.given.has("keep"):
                self.sys.unlink(path)
        except SysError as error:
            await self.note(f"gzip: {target}: {error.strerror}\n")
            return False
        return True

    async def agreed(self, target: str) -> bool:
        """Ask before an existing file is overwritten; without a terminal the answer is no."""
        await self.sys.stderr.write(f"gzip: {target} already exists;")
        answer = b"n"
        if self.sys.isatty(0):
            await self.sys.stderr.write(" do you wish to overwrite (y or n)? ")
            answer = await self.sys.stdin.readline()
        if answer[:1] in (b"y", b"Y"):
            return True
        await self.note("\tnot overwritten\n", WARNING)
        return False

    async def stream(self) -> None:
        """Standard input to standard output."""
        if not self.given.has("force") and not self.listing and self.sys.isatty(0 if self.expanding else 1):
            what = "read from" if self.expanding else "written to"
            action = "-d" if self.expanding else "-f"
            await self.note(
                f"gzip: compressed data not {what} a terminal. Use {'-f' if action else ''} to force "
                f"{'decompression' if self.expanding else 'compression'}.\nFor help, type: gzip -h\n"
            )
            return
        raw = await Input(self.sys, 0).read()
        if not self.expanding:
            await self.sys.stdout.write(compress(raw, self.level, "", 0))
            return
        contents = await self.expand(raw, "stdin")
        if contents is not None and not self.testing:
            await self.sys.stdout.write(contents.data)

    async def finish(self) -> None:
        """The totals of -l."""
        if self.listed > 1:
            packed, plain = self.totals
            blank = " " * 28 if self.given.has("verbose") else ""
            await self.sys.stdout.write(f"{blank}{packed:>19} {plain:>19} {ratio(plain, packed - self.overhead)} (totals)\n")


def ratio(plain: int, body: int) -> str:
    """How much smaller the compressed data is, `body` being its size without header and trailer."""
    percent = 0.0 if plain == 0 else 100.0 * (plain - body) / plain
    return f"{percent:5.1f}%"


async def main(sys: Process, argv: list[str]) -> int:
    """gzip."""
    try:
        given = OPTIONS.parse(argv)
    except UsageError as error:
        await fail(sys, ["gzip"], str(error), hint="Try `gzip --help' for more information.\n")
    if given.has("help", "version", "license"):
        await sys.stdout.write((HELP if given.has("help") else VERSION).replace("{prog}", "gzip"))
        return 0
    gzip = Gzip(sys, given, argv[0])
    for name in given.operands or ["-"]:
        await gzip.operand(name)
    await gzip.finish()
    return gzip.status
