"""The lines sed reads: one stream of all files (or one a file), with a look ahead of one line, and editing in place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.sed._execute import Panic, Target
from maillab.sim.host.errno import SysError
from maillab.sim.host.stdio import Input, Output

if TYPE_CHECKING:
    from maillab.shell.commands.sed._execute import Editor
    from maillab.sim.host.process import Process

LONGEST_LINE = 1 << 24


class Lines:
    """The input. `separate` is -s, `suffix` not None is -i (with what it adds to the names of backups)."""

    def __init__(self, sys: Process, called: str, names: list[str], *, separate: bool, suffix: str | None, end: bytes) -> None:
        self.sys = sys
        self.called = called
        self.names = list(reversed(names))
        self.separate = separate or suffix is not None
        self.suffix = suffix
        self.end = end
        self.line_end = end
        self.number = 0
        self.name = "-"
        self.failed = False
        self.status = 2
        self.temporary = ""
        self.temporary_fd = -1
        self.editor: Editor | None = None
        self.replacing: Target | None = None
        self.reader: Input | None = None
        self.fd = -1
        self.path = ""
        self.ahead: bytes | None = None

    async def take(self) -> bytes | None:
        """The next line without its end; None at the end of all input."""
        while True:
            if self.reader is None and not await self._open_next():
                return None
            line = await self._read()
            if line:
                break
            await self._close()
        self.number += 1
        self.line_end = self.end if line.endswith(self.end) else b""
        return line[: len(line) - len(self.line_end)]

    async def _read(self) -> bytes:
        if self.ahead is not None:
            line, self.ahead = self.ahead, None
            return line
        assert self.reader is not None
        try:
            line = await self.reader.readline(LONGEST_LINE, self.end)
        except SysError as error:
            raise Panic(f"read error on {self.name}: {error.strerror}", 4) from None
        if len(line) >= LONGEST_LINE:
            raise Panic("couldn't allocate memory", 4)
        return line

    async def is_last(self) -> bool:
        """Is the present line the last one (of its file with -s and -i)?"""
        while True:
            if self.reader is not None:
                if self.ahead is None:
                    self.ahead = await self._read() or None
                if self.ahead is not None:
                    return False
            if self.separate:
                return self.reader is not None or not self.names
            if self.reader is not None:
                await self._close()
            if not await self._open_next():
                return True

    async def _complain(self, text: str) -> None:
        self.failed = True
        await self.sys.stdout.flush()
        await self.sys.stderr.write(f"{self.called}: {text}\n")

    async def _open_next(self) -> bool:
        """Go on to the next file that can be read."""
        while self.names:
            name = self.names.pop()
            if name == "-" and self.suffix is None:
                self.name, self.fd, self.reader = "-", -1, self.sys.stdin
            elif not await self._open(name):
                continue
            if self.separate:
                self.number = 0
                self._reset_ranges()
            return True
        return False

    def _reset_ranges(self) -> None:
        for command in self.editor.commands if self.editor is not None else []:
            command.active = False
            command.until = -1

    async def _open(self, name: str) -> bool:
        try:
            if self.suffix is not None and self.sys.exists(name) and not self.sys.isfile(name):
                self.status = 4
                await self._complain(f"couldn't edit {name}: not a regular file")
                return False
            self.fd = self.sys.open(name, "r")
        except SysError as error:
            await self._complain(f"can't read {name}: {error.strerror}")
            return False
        self.name = self.path = name
        self.reader = Input(self.sys, self.fd)
        if self.suffix is not None:
            self._start_replacing(name)
        return True

    def _start_replacing(self, name: str) -> None:
        """-i writes to a new file beside the old one."""
        folder = name.rpartition("/")[0]
        letters = "".join(self.sys.random.choice("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") for _ in range(6))
        self.temporary = f"{folder + '/' if '/' in name else './'}sed{letters}"
        status = self.sys.stat(name)
        try:
            fd = self.sys.open(self.temporary, "x", 0o600)
            self.sys.chown(self.temporary, status.uid, status.gid)
            self.sys.chmod(self.temporary, status.mode & 0o7777)
        except SysError as error:
            if error.name != "EPERM":
                raise Panic(f"couldn't open temporary file {self.temporary}: {error.strerror}", 4) from None
        self.temporary_fd = fd
        self.replacing = Target(Output(self.sys, fd))

    async def abandon(self) -> None:
        """q: the file edited in place ends here."""
        if self.replacing is not None:
            await self._close()

    async def _close(self) -> None:
        """Done with the present file; with -i the new one takes its place."""
        if self.fd > 2:
            self.sys.close(self.fd)
        self.reader, self.fd = None, -1
        if self.replacing is None:
            return
        await self.replacing.output.flush()
        self.sys.close(self.temporary_fd)
        self.replacing = None
        try:
            if self.suffix:
                self.sys.rename(self.path, self._backup(self.path))
            self.sys.rename(self.temporary, self.path)
        except SysError as error:
            raise Panic(f"cannot rename {self.temporary}: {error.strerror}", 4) from None

    def _backup(self, path: str) -> str:
        """The backup's name: a suffix is added, a `*` in it stands for the file's own name."""
        folder, slash, base = path.rpartition("/")
        assert self.suffix is not None
        if "*" not in self.suffix:
            return path + self.suffix
        name = self.suffix.replace("*", base)
        return name if "/" in name else folder + slash + name
