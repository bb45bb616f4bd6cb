"""tar - an archiving utility

SYNOPSIS
    tar {c|x|t|r|u|d}[OPTIONS] [ARCHIVE] [FILE]...

DESCRIPTION
    GNU tar 1.34: create, extract, list, append, update, compare and delete members of archives in GNU format, with -f -v -z -j -J -C
    -T -O -k -p -h -P --exclude --strip-components --wildcards --numeric-owner. What is compressed is recognized when it is read.

EXIT STATUS
    0; 1 some files differ; 2 a fatal error, or some file could not be handled.

BUGS
    An archive is held in memory whole. Incremental archives, volumes, sparse files and remote archives are refused.
"""

from __future__ import annotations

import tarfile
from typing import TYPE_CHECKING

from maillab.shell.commands.tar._archive import SUFFIXES, Member, NotAnArchive, compress, decompress, finished, kind_of, members
from maillab.shell.commands.tar._create import Creator, compare
from maillab.shell.commands.tar._extract import Extractor
from maillab.shell.commands.tar._names import Operands, chosen, excluded
from maillab.shell.commands.tar._tar_help import HELP, VERSION
from maillab.shell.modes import mode_string
from maillab.shell.options import Given, UsageError, gnu
from maillab.sim.host.errno import SysError
from maillab.sim.host.stdio import Input
from maillab.sim.kernel import calendar

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"tar": "/bin/tar"}

OPTIONS = gnu(
    "-A,--catenate,--concatenate -c,--create -d,--diff,--compare --delete -r,--append -t,--list -u,--update -x,--extract,--get "
    "-f,--file= -v,--verbose -z,--gzip,--gunzip,--ungzip -j,--bzip2 -J,--xz -Z,--compress -a,--auto-compress "
    "-C,--directory= -T,--files-from= -X,--exclude-from= --exclude= -O,--to-stdout -k,--keep-old-files "
    "-p,--preserve-permissions,--same-permissions "
    "-h,--dereference -P,--absolute-names -m,--touch -o,--no-same-owner --same-owner --numeric-owner --no-recursion "
    "--strip-components= --wildcards --no-wildcards --overwrite -b,--blocking-factor= --null -w,--interactive -S,--sparse "
    "-W,--verify -l,--check-links -U,--unlink-first --remove-files --usage",
)
OPERATIONS = ("catenate", "create", "diff", "delete", "append", "list", "update", "extract")
REFUSED = ("catenate", "compress", "null", "interactive", "sparse", "verify", "remove-files", "usage")
HINT = "Try 'tar --help' or 'tar --usage' for more information.\n"
NO_OPERATION = "You must specify one of the '-Acdtrux', '--delete' or '--test-label' options"
TWO_OPERATIONS = "You may not specify more than one '-Acdtrux', '--delete' or  '--test-label' option"
NOT_AN_ARCHIVE = "This does not look like a tar archive"
FATAL = 2


class Give(Exception):
    """A fatal error: the messages, and whether the advice to look at --help follows."""

    def __init__(self, *messages: str, hint: bool = False) -> None:
        super().__init__(*messages)
        self.messages = messages
        self.hint = hint


class Tar:
    """One run of tar."""

    def __init__(self, sys: Process, given: Given, operands: Operands) -> None:
        self.sys = sys
        self.given = given
        self.operands = operands
        self.status = 0
        self.failed = False
        self.verbose = given.count("verbose")
        self.absolute = given.has("absolute-names")
        self.excludes = given.values("exclude")
        self.archive = given.last("file", "-") or "-"
        self.warned: list[str] = []
        self.width = 19
        self.archive_identity: tuple[int, int] | None = None
        self.to_stderr = self.archive == "-" and given.has("create")

    async def warn(self, text: str) -> None:
        """A message; nothing more."""
        await self.sys.stdout.flush()
        await self.sys.stderr.write(f"tar: {text}\n")

    async def warn_once(self, text: str) -> None:
        """A message that is not repeated."""
        if text not in self.warned:
            self.warned.append(text)
            await self.warn(text)

    async def trouble(self, text: str) -> None:
        """A message about something that failed; the run goes on."""
        self.failed = True
        self.status = FATAL
        await self.warn(text)

    def below(self, name: str) -> str:
        """A member's path, in the folder of the last -C."""
        folder = self.operands.folder
        return f"{folder}/{name}" if folder and not name.startswith("/") else name

    async def member_name(self, name: str) -> str:
        """A file's name as it is stored: no leading slash, nothing up to a `..`."""
        if self.absolute:
            return name
        prefix = name[: len(name) - len(name.lstrip("/"))]
        if "/../" in f"/{name}/":
            prefix = name[: f"{name}/".rindex("../") + 3]
        if prefix:
            await self.warn_once(f"Removing leading `{prefix}' from member names")
        return name[len(prefix) :] or "."

    async def stripped(self, name: str) -> str:
        """A member's name as it is extracted."""
        name = await self.member_name(name)
        count = int(self.given.last("strip-components", "0") or 0)
        return "/".join(name.split("/")[count:]) if count else name

    # --- what is shown

    async def show_created(self, shown: str, info: tarfile.TarInfo) -> None:
        """-v while an archive is made."""
        if self.verbose:
            line = self.listing(info, shown) if self.verbose > 1 else shown
            await (self.sys.stderr if self.to_stderr else self.sys.stdout).write(line + "\n")

    def listing(self, info: tarfile.TarInfo, name: str) -> str:
        """A member as tv shows it."""
        kind = {tarfile.DIRTYPE: "d", tarfile.SYMTYPE: "l", tarfile.LNKTYPE: "h", tarfile.FIFOTYPE: "p"}.get(info.type, "-")
        numeric = self.given.has("numeric-owner")
        user = info.uname if info.uname and not numeric else str(info.uid)
        group = info.gname if info.gname and not numeric else str(info.gid)
        size = str(info.size)
        pad = len(user) + 1 + len(group) + 1 + len(size)
        self.width = max(self.width, pad)
        when = calendar.strftime("%Y-%m-%d %H:%M", int(info.mtime) * 1_000_000)
        line = f"{mode_string(info.mode, kind)} {user}/{group} {size:>{self.width - pad + len(size)}} {when} {name}"
        if info.issym():
            line += f" -> {info.linkname}"
        elif info.islnk():
            line += f" link to {info.linkname}"
        return line

    # --- reading and writing the archive

    def compression(self) -> str:
        """The compressor asked for."""
        asked = self.given.latest("gzip", "bzip2", "xz")
        if asked is None and self.given.has("auto-compress"):
            return next((kind for suffix, kind in SUFFIXES.items() if self.archive.endswith(suffix)), "")
        return asked or ""

    def need(self, kind: str) -> None:
        """The compressor must be installed."""
        if kind and not any(self.sys.exists(f"{folder}/{kind}") for folder in self.sys.env.get("PATH", "/bin").split(":")):
            raise Give(f"(child): {kind}: Cannot exec: No such file or directory", "(child): Error is not recoverable: exiting now",
                       "Child returned status 2", "Error is not recoverable: exiting now")  # fmt: skip

    async def load(self) -> list[Member]:
        """The members of the archive."""
        try:
            if self.archive == "-":
                data = await self.sys.stdin.read()
            else:
                fd = self.sys.open(self.archive, "r")
                data = await Input(self.sys, fd).read()
                self.sys.close(fd)
        except SysError as error:
            if error.name == "EISDIR":
                raise Give(f"{self.archive}: Cannot read: {error.strerror}", "At beginning of tape, quitting now",
                           "Error is not recoverable: exiting now") from None  # fmt: skip
            refusal: tuple[str, ...] = f"{self.archive}: Cannot open: {error.strerror}", "Error is not recoverable: exiting now"
            if self.given.has("gzip", "bzip2", "xz"):
                refusal = f"(child): {refusal[0]}", f"(child): {refusal[1]}", "Child returned status 2", refusal[1]
            raise Give(*refusal) from None
        kind = self.given.latest("gzip", "bzip2", "xz") or kind_of(data)
        if kind:
            self.need(kind)
            try:
                data = decompress(data, kind)
            except NotAnArchive as error:
                await self.sys.stderr.write(f"{error}\n")
                raise Give(f"Child returned status {2 if kind == 'bzip2' else 1}", "Error is not recoverable: exiting now") from None
        found, sound = members(data)
        if not sound:
            await self.trouble(NOT_AN_ARCHIVE)
            if len(data) >= 1024:
                await self.warn("Skipping to next header")
        return found

    async def store(self, body: bytes) -> None:
        """Write the archive."""
        data = compress(finished(body), self.compression())
        if self.archive == "-":
            await self.sys.stdout.write(data)
        else:
            fd = self.sys.open(self.archive, "w")
            await self.sys.write(fd, data)
            self.sys.close(fd)

    # --- the operations

    async def create(self) -> None:
        """c."""
        if not self.operands.names and not self.given.has("files-from"):
            raise Give("Cowardly refusing to create an empty archive", hint=True)
        self.need(self.compression())
        if self.archive == "-" and self.sys.isatty(1):
            raise Give("Refusing to write archive contents to terminal (missing -f option?)", "Error is not recoverable: exiting now")
        if self.archive != "-":
            try:
                self.sys.close(self.sys.open(self.archive, "w"))
            except SysError as error:
                raise Give(f"{self.archive}: Cannot open: {error.strerror}", "Error is not recoverable: exiting now") from None
            status = self.sys.stat(self.archive)
            self.archive_identity = (status.dev, status.ino)
        await self.store(await Creator(self).add_all(self.operands))

    async def append(self) -> None:
        """r and u."""
        found = await self.load() if self.sys.exists(self.archive) else []
        if self.given.has("update"):
            newest = {member.info.name: member.info.mtime for member in found}
            self.operands.names = [
                (folder, name) for folder, name in self.operands.names
                if not self.sys.exists(name) or newest.get(name.strip("/"), -1) < self.sys.stat(name).mtime // 1_000_000
            ]  # fmt: skip
        await self.store(b"".join(member.raw for member in found) + await Creator(self).add_all(self.operands))

    async def use(self) -> None:
        """t, x, d and --delete: the members that the operands choose."""
        found = await self.load()
        wanted = [name for _, name in self.operands.names]
        picked = await self.pick(found, wanted)
        if self.given.has("list"):
            for member in picked:
                line = self.listing(member.info, member.name) if self.verbose else member.name
                await self.sys.stdout.write(line + "\n")
        elif self.given.has("diff"):
            await compare(self, picked)
        elif self.given.has("delete"):
            await self.store(b"".join(member.raw for member in found if member not in picked))
        else:
            await self.extract(picked)
        for name in wanted:
            if not any(chosen(name, member.info.name, wildcards=self.given.has("wildcards")) for member in found):
                await self.trouble(f"{name}: Not found in archive")

    async def pick(self, found: list[Member], wanted: list[str]) -> list[Member]:
        """The members that the operands name and no pattern excludes."""
        wild = self.given.has("wildcards")
        if self.given.has("list", "diff") and not self.absolute and any(member.info.name.startswith("/") for member in found):
            await self.warn_once("Removing leading `/' from member names")
        return [
            member for member in found
            if (not wanted or any(chosen(name, member.info.name, wildcards=wild) for name in wanted))
            and not excluded(self.excludes, member.info.name)
        ]  # fmt: skip

    async def extract(self, picked: list[Member]) -> None:
        """x."""
        if self.operands.folder and not self.sys.isdir(self.operands.folder):
            raise Give(f"{self.operands.folder}: Cannot open: No such file or directory", "Error is not recoverable: exiting now")
        extractor = Extractor(self)
        for member in picked:
            if self.verbose:
                line = self.listing(member.info, member.name) if self.verbose > 1 else member.name
                await (self.sys.stderr if self.given.has("to-stdout") else self.sys.stdout).write(line + "\n")
            await extractor.extract(member)
        await extractor.finish()


def modern(argv: list[str]) -> list[str]:
    """The old style (`tar xzf FILE`): the letters of the first word take their arguments from the words after it."""
    if len(argv) < 2 or argv[1].startswith("-") or not argv[1]:
        return argv
    words = [argv[0]]
    rest = argv[2:]
    takes = {letter for option in OPTIONS.table for letter in option.letters if option.argument == "="}
    for letter in argv[1]:
        words.append(f"-{letter}")
        if letter in takes:
            if not rest:
                raise Give(f"Old option '{letter}' requires an argument.", hint=True)
            words.append(rest.pop(0))
    return words + rest


async def read_operands(sys: Process, argv: list[str]) -> tuple[Given, Operands]:
    """The command line: names belong to the -C before them."""
    given, operands = Given(), Operands()
    names: list[str] = []
    for found in OPTIONS.scan(modern(argv), names):
        for name in names:
            operands.add(name)
        names.clear()
        given.found.append(found)
        if found.name == "directory":
            operands.enter(found.value or "")
        elif found.name in ("files-from", "exclude-from"):
            await take_list(sys, given, operands, found.name, found.value or "")
    for name in names:
        operands.add(name)
    return given, operands


async def take_list(sys: Process, given: Given, operands: Operands, option: str, name: str) -> None:
    """-T and -X."""
    from maillab.shell.options import Found

    try:
        data = await sys.stdin.read() if name == "-" else sys.slurp(name)
    except SysError as error:
        raise Give(f"{name}: Cannot open: {error.strerror}", "Error is not recoverable: exiting now") from None
    for line in data.decode("utf-8", "surrogateescape").split("\n"):
        if line and option == "files-from":
            operands.add(line)
        elif line:
            given.found.append(Found("exclude", line, "--exclude"))


async def run(sys: Process, argv: list[str]) -> int:
    """The whole run; raises Give."""
    try:
        given, operands = await read_operands(sys, argv)
    except UsageError as error:
        raise Give(str(error), hint=True) from None
    if given.has("help", "version"):
        await sys.stdout.write((HELP if given.has("help") else VERSION).replace("{prog}", argv[0]))
        return 0
    for name in REFUSED:
        if given.has(name):
            raise Give(f"--{name} is not simulated")
    operations = [name for name in OPERATIONS if given.has(name)]
    if len(operations) != 1:
        raise Give(TWO_OPERATIONS if operations else NO_OPERATION, hint=True)
    tar = Tar(sys, given, operands)
    if given.has("create"):
        await tar.create()
    elif given.has("append", "update"):
        await tar.append()
    else:
        await tar.use()
    if tar.failed:
        await tar.warn("Exiting with failure status due to previous errors")
    return tar.status


async def main(sys: Process, argv: list[str]) -> int:
    """tar."""
    try:
        return await run(sys, argv)
    except Give as error:
        await sys.stdout.flush()
        for message in error.messages:
            separator = " " if message.startswith("(child)") else ": "
            await sys.stderr.write(f"tar{separator}{message}\n")
        await sys.stderr.write(HINT if error.hint else "")
        return FATAL
