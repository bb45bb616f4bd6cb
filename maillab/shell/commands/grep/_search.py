"""Reading files line by line, choosing lines and showing them."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from maillab.shell import pattern as patterns
from maillab.sim.host.errno import SysError
from maillab.sim.host.posix_regex import RegexError
from maillab.sim.host.stdio import Input, encode

if TYPE_CHECKING:
    from maillab.shell.commands.grep._matcher import Matcher
    from maillab.sim.host.process import Process

LOOK_AHEAD = 32768
LONGEST_LINE = 1 << 24


@dataclass
class Settings:
    """What the options say."""

    invert: bool = False
    count: bool = False
    quiet: bool = False
    silent: bool = False
    numbers: bool = False
    offsets: bool = False
    only: bool = False
    null: bool = False
    zero: bool = False
    tab: bool = False
    line_buffered: bool = False
    label: str = "(standard input)"
    names: str = ""
    include: list[str] = field(default_factory=list)
    exclude: list[str] = field(default_factory=list)
    exclude_dir: list[str] = field(default_factory=list)
    group_separator: str | None = "--"
    before: int = 0
    after: int = 0
    grouped: bool = False
    most: int | None = None
    colour: bool = False
    directories: str = "read"
    follow: bool = False
    binary: str = "binary"
    show_name: bool = False
    bare_names: bool = False

    @property
    def recursive(self) -> bool:
        """Are directories searched?"""
        return self.directories == "recurse"

    @property
    def lines_shown(self) -> bool:
        """Are lines shown at all?"""
        return not (self.quiet or self.names or self.count)


class Search:
    """One run over all files: `selected` and `failed` decide the exit status, `done` stops it early (-q)."""

    def __init__(self, sys: Process, called: str, matcher: Matcher, settings: Settings) -> None:
        self.sys = sys
        self.called = called
        self.matcher = matcher
        self.settings = settings
        self.selected = False
        self.failed = False
        self.done = False
        self.groups_shown = False
        self.output_identity = self._output_identity()

    def _output_identity(self) -> tuple[int, int] | None:
        try:
            status = self.sys.fstat(1)
        except SysError:
            return None
        return (status.dev, status.ino) if status.mode & 0o170000 == 0o100000 else None

    async def complain(self, text: str) -> None:
        """A message about a file; -s keeps it back when it is about a missing one."""
        await self.sys.stdout.flush()
        await self.sys.stderr.write(f"{self.called}: {text}\n")

    async def complain_binary(self, name: str) -> None:
        """What is said instead of a chosen line of a binary file."""
        await self.complain(f"{name}: binary file matches")

    async def trouble(self, name: str, error: SysError) -> None:
        """A file that cannot be read."""
        self.failed = True
        if not self.settings.silent:
            await self.complain(f"{name}: {error.strerror}")

    # --- which files

    async def operand(self, name: str) -> None:
        """One name of the command line."""
        if name == "-":
            await self._file(0, self.settings.label)
            return
        try:
            directory = self.sys.isdir(name)
        except SysError:
            directory = False
        base = name.rstrip("/").rpartition("/")[2]
        if not directory and self._skipped(base, directory=False):
            return
        if directory and self.settings.recursive:
            if not any(matches(glob, name.rstrip("/")) for glob in self.settings.exclude_dir):
                await self._tree(name)
        elif directory and self.settings.directories == "skip":
            return
        elif directory:
            await self.trouble(name, SysError("EISDIR", name))
        else:
            await self._open(name)

    def _skipped(self, base: str, *, directory: bool) -> bool:
        if directory:
            return any(matches(glob, base) for glob in self.settings.exclude_dir)
        if any(matches(glob, base) for glob in self.settings.exclude):
            return True
        return bool(self.settings.include) and not any(matches(glob, base) for glob in self.settings.include)

    async def _tree(self, folder: str) -> None:
        """Everything under a directory, in the order of the directory."""
        try:
            names = self.sys.listdir(folder)
        except SysError as error:
            await self.trouble(folder, error)
            return
        for base in names:
            path = base if self.settings.bare_names and folder == "." else f"{folder.rstrip('/')}/{base}"
            try:
                status = self.sys.stat(path) if self.settings.follow else self.sys.lstat(path)
            except SysError as error:
                await self.trouble(path, error)
                continue
            kind = status.mode & 0o170000
            if kind == 0o040000 and not self._skipped(base, directory=True):
                await self._tree(path)
            elif kind == 0o100000 and not self._skipped(base, directory=False):
                await self._open(path)
            if self.done:
                return

    async def _open(self, name: str) -> None:
        try:
            fd = self.sys.open(name, "r")
        except SysError as error:
            await self.trouble(name, error)
            return
        try:
            await self._file(fd, name)
        finally:
            self.sys.close(fd)

    # --- one file

    async def _file(self, fd: int, name: str) -> None:
        settings = self.settings
        try:
            status = self.sys.fstat(fd)
            same = (status.dev, status.ino) == self.output_identity
            if same and status.size > 0 and settings.lines_shown and settings.most != 0:
                await self.complain(f"{name}: input file is also the output")
                self.failed = True
                return
            chosen = await Lines(self, fd, name).run()
        except SysError as error:
            await self.trouble(name, error)
            return
        except RegexError as error:
            self.failed = True
            await self.complain(str(error).lower())
            return
        self.selected = self.selected or chosen > 0
        self.done = settings.quiet and self.selected
        if settings.quiet:
            return
        if settings.names:
            if (chosen > 0) == (settings.names == "files-with-matches"):
                await self.sys.stdout.write(self.coloured("35", encode(name)) + (b"\0" if settings.null else b"\n"))
        elif settings.count:
            await self.sys.stdout.write(self.name_prefix(name, b":") + b"%d\n" % chosen)

    def coloured(self, code: str, data: bytes) -> bytes:
        """Some bytes in a colour, when colours are wanted."""
        return b"\33[%sm\33[K%s\33[m\33[K" % (code.encode(), data) if self.settings.colour and data else data

    def name_prefix(self, name: str, separator: bytes) -> bytes:
        """The file's name before a line."""
        if not self.settings.show_name:
            return b""
        mark = b"\0" if self.settings.null else self.coloured("36", separator)
        return self.coloured("35", encode(name)) + mark


class Lines:
    """The lines of one file: chosen, counted, shown with their context."""

    def __init__(self, search: Search, fd: int, name: str) -> None:
        self.search = search
        self.settings = search.settings
        self.matcher = search.matcher
        self.name = name
        self.input = search.sys.stdin if fd == 0 else Input(search.sys, fd)
        self.binary = False
        self.earlier: deque[tuple[int, int, bytes]] = deque(maxlen=self.settings.before)
        self.after = 0
        self.shown = 0
        self.chosen = 0

    async def run(self) -> int:
        """Read to the end (or as far as needed); how many lines were chosen."""
        settings, end = self.settings, b"\0" if self.settings.zero else b"\n"
        number, offset = 0, 0
        while settings.most is None or self.chosen < settings.most or self.after:
            data = await self.input.readline(LONGEST_LINE, end)
            if not data:
                break
            if number == 0 and await self._is_binary(data):
                return 0
            number += 1
            if len(data) >= LONGEST_LINE:
                self.search.failed = True
                await self.search.complain("memory exhausted")
                break
            line = data[:-1] if data.endswith(end) else data
            if await self._line(number, offset, line):
                break
            offset += len(data)
        return self.chosen

    async def _is_binary(self, first: bytes) -> bool:
        """Decide whether the file is binary; True when it shall not be searched at all."""
        strange = b"\0" in (first + self.input.buffered())[:LOOK_AHEAD] and not self.settings.zero
        self.binary = strange and self.settings.binary == "binary"
        return strange and self.settings.binary == "without-match"

    async def _line(self, number: int, offset: int, line: bytes) -> bool:
        """One line; True when the rest need not be read."""
        settings = self.settings
        text = self.matcher.decode(line)
        spent = settings.most is not None and self.chosen >= settings.most
        found = None if spent else self.matcher.search(text)
        if spent or (found is None) != settings.invert:
            if settings.lines_shown and not self.binary:
                await self._context(number, offset, line)
            return False
        self.chosen += 1
        if settings.quiet or settings.names:
            return True
        if settings.count:
            return False
        if self.binary or (self.matcher.utf8 and self.settings.binary == "binary" and not is_text(line)):
            await self.search.complain_binary(self.name)
            return True
        await self._leading(number)
        if settings.only:
            await self._parts(number, offset, text, found)
        else:
            await self._show(number, offset, self._painted(line, text, found), b":")
        self.shown = number
        self.after = settings.after
        return False

    async def _leading(self, number: int) -> None:
        """The lines before a chosen one, and the separator of groups."""
        settings = self.settings
        first = number - len(self.earlier)
        if settings.grouped and self.search.groups_shown and (self.shown == 0 or first > self.shown + 1):
            if settings.group_separator is not None:
                mark = self.search.coloured("36", encode(settings.group_separator))
                await self.search.sys.stdout.write(mark + b"\n")
        self.search.groups_shown = True
        for earlier in self.earlier:
            if not settings.only:
                await self._show(*earlier, b"-")
        self.earlier.clear()

    async def _context(self, number: int, offset: int, line: bytes) -> None:
        """A line that was not chosen: after a chosen one it is shown, else kept in case it comes before one."""
        if self.after:
            self.after -= 1
            if not self.settings.only:
                await self._show(number, offset, line, b"-")
            self.shown = number
        else:
            self.earlier.append((number, offset, line))

    async def _parts(self, number: int, offset: int, text: str, found: tuple[int, int] | None) -> None:
        """-o: each match that is not empty."""
        while found is not None and not self.settings.invert:
            begin, end = found
            if end > begin:
                part = self.search.coloured("01;31", self.matcher.encode(text[begin:end]))
                await self._show(number, offset + len(self.matcher.encode(text[:begin])), part, b":")
            at = end if end > begin else end + 1
            found = self.matcher.search(text, at) if at <= len(text) else None

    def _painted(self, line: bytes, text: str, found: tuple[int, int] | None) -> bytes:
        """The line with its matches in colour."""
        if not self.settings.colour or self.settings.invert:
            return line
        out, at = b"", 0
        while found is not None:
            begin, end = found
            out += self.matcher.encode(text[at:begin]) + self.search.coloured("01;31", self.matcher.encode(text[begin:end]))
            at = end
            following = end if end > begin else end + 1
            found = self.matcher.search(text, following) if following <= len(text) else None
        return out + self.matcher.encode(text[at:])

    async def _show(self, number: int, offset: int, line: bytes, separator: bytes) -> None:
        search, settings = self.search, self.settings
        mark = search.coloured("36", separator)
        head = search.name_prefix(self.name, separator)
        width = 4 if settings.tab and settings.numbers else 0
        if settings.numbers:
            head += search.coloured("32", b"%*d" % (0 if not width else 1, number)) + mark
        if settings.offsets:
            head += search.coloured("32", b"%d" % offset) + mark
        if settings.tab and head:
            head += b"\t"
        await search.sys.stdout.write(head + line + (b"\0" if settings.zero else b"\n"))
        if settings.line_buffered:
            await search.sys.stdout.flush()


def is_text(sample: bytes) -> bool:
    """Is this valid UTF-8?"""
    try:
        sample.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def matches(glob: str, name: str) -> bool:
    """Does a file's name match a --include or --exclude pattern?"""
    return patterns.compile(glob).matches(name)
