"""The work of ls: gathering files, ordering them, walking down, and handing them to the layouts."""

from __future__ import annotations

import fnmatch
from collections import deque
from dataclasses import dataclass
from functools import cmp_to_key
from typing import Any

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.commands.coreutils._ls_layout import Layout
from maillab.shell.commands.coreutils._ls_settings import Settings
from maillab.shell.commands.coreutils._names import join
from maillab.shell.commands.coreutils._version_order import version_compare
from maillab.shell.quotearg import quote
from maillab.sim.host.errno import SysError
from maillab.sim.host.inode import Stat
from maillab.sim.host.stdio import encode


@dataclass
class Entry:
    """One file of a listing. `stat` is None when it is not known; `target` is where a symbolic link leads."""

    name: str
    path: str
    stat: Stat | None = None
    kind: str = "-"
    target: str = ""
    target_stat: Stat | None = None
    link_ok: bool = True

    def is_directory(self) -> bool:
        """Is it a directory, or a link to one?"""
        return self.kind == "d" or (self.target_stat is not None and self.target_stat.kind == "d")


class Lister:
    """One run of ls."""

    def __init__(self, command: Command, settings: Settings):
        self.command = command
        self.sys = command.sys
        self.settings = settings
        self.layout = Layout(command, settings)
        self.titles = False
        self.printed = False
        s = settings
        self.needs_stat = (
            s.format == "long" or s.sort in ("time", "size") or s.inode or s.blocks or s.recursive or bool(s.indicator)
            or s.colors is not None or s.directories_first
        )  # fmt: skip

    async def run(self, operands: list[str]) -> int:
        """List the operands; the exit status."""
        settings = self.settings
        entries = [entry for name in operands or ["."] if (entry := await self._operand(name))]
        files, directories = entries, []
        if not settings.directory_itself:
            files = [entry for entry in entries if entry.kind != "d"]
            directories = [entry for entry in entries if entry.kind == "d"]
        self._sort(files)
        self._sort(directories)
        self.titles = settings.recursive or len(operands) > 1
        if files:
            await self.layout.show(files)
            self.printed = True
            self.titles = True
        pending = deque(entry.path for entry in directories)
        top = set(pending) if operands else {"."}
        while pending:
            path = pending.popleft()
            below = await self._directory(path, path in top)
            pending.extendleft(reversed(below))
        return self.command.status

    async def _fail(self, message: str, error: SysError, serious: bool) -> None:
        """Complain; status 2 for an operand, 1 for what was found on the way."""
        await self.command.note(message, error)
        self.command.status = max(self.command.status, 2 if serious else 1)

    async def _operand(self, name: str) -> Entry | None:
        """An operand, its link followed as the settings say."""
        follow = self.settings.dereference
        try:
            if follow in ("always", "command-line"):
                stat = self.sys.stat(name)
            else:
                stat = self.sys.lstat(name)
                if stat.kind == "l" and follow == "command-line-directory":
                    try:
                        there = self.sys.stat(name)
                        stat = there if there.kind == "d" else stat
                    except SysError:
                        pass
        except SysError as error:
            await self._fail(f"cannot access {self._shown(name)}", error, True)
            return None
        entry = Entry(name, name, stat, stat.kind)
        await self._look_at_link(entry)
        return entry

    def _shown(self, name: str) -> str:
        """A name in a complaint (versions before 8.25 do not quote it)."""
        return self.command.file(name) if self.command.version >= (8, 25) else name

    async def _directory(self, path: str, operand: bool) -> list[str]:
        """List a directory; returns the directories to list next (-R)."""
        try:
            names = self.sys.listdir(path)
        except SysError as error:
            await self._fail(f"cannot open directory {self._shown(path)}", error, operand)
            return []
        entries = []
        for name in self._selected(names):
            entries.append(await self._entry(name, name if path == "." else join(path, name)))
        self._sort(entries)
        if self.titles:
            title = quote(path, self.settings.style, utf8=self.command.utf8, also=":")
            await self.sys.stdout.write(f"{chr(10) if self.printed else ''}{title}:\n")
        self.printed = True
        if self.settings.format == "long" or self.settings.blocks:
            total = sum(entry.stat.blocks * 512 for entry in entries if entry.stat)
            await self.sys.stdout.write(f"total {self.settings.block_size.show(total)}{self.settings.end}")
        await self.layout.show(entries)
        if not self.settings.recursive:
            return []
        return [join(path, entry.name) for entry in entries if entry.kind == "d" and entry.name not in (".", "..")]

    def _selected(self, names: list[str]) -> list[str]:
        settings = self.settings
        if settings.hidden == "all":
            names = [".", "..", *names]
        elif not settings.hidden:
            names = [name for name in names if not name.startswith(".")]
            names = [name for name in names if not _matches(name, settings.hide)]
        return [name for name in names if not _matches(name, settings.ignore)]

    async def _entry(self, name: str, path: str) -> Entry:
        """A name found in a directory."""
        entry = Entry(name, path)
        if not self.needs_stat:
            return entry
        try:
            entry.stat = self.sys.stat(path) if self.settings.dereference == "always" else self.sys.lstat(path)
            entry.kind = entry.stat.kind
        except SysError as error:
            await self._fail(f"cannot access {self._shown(path)}", error, False)
            entry.kind = self._kind(path)
            return entry
        await self._look_at_link(entry)
        return entry

    def _kind(self, path: str) -> str:
        """What the directory itself says of an entry that cannot be looked at."""
        try:
            return self.sys.lstat(path).kind
        except SysError:
            return "?"

    async def _look_at_link(self, entry: Entry) -> None:
        settings = self.settings
        if entry.kind != "l" or not (settings.format == "long" or settings.colors or settings.directories_first):
            return
        try:
            entry.target = self.sys.readlink(entry.path)
        except SysError as error:
            await self._fail(f"cannot read symbolic link {self._shown(entry.path)}", error, False)
        try:
            entry.target_stat = self.sys.stat(entry.path)
        except SysError:
            entry.link_ok = False

    # --- order -----------------------------------------------------------------------------------------------------------

    def _sort(self, entries: list[Entry]) -> None:
        settings = self.settings
        if settings.sort != "none":
            entries.sort(key=self._key(), reverse=settings.reverse)
        if settings.directories_first and settings.sort != "none":
            entries.sort(key=lambda entry: not entry.is_directory())

    def _key(self) -> Any:
        match self.settings.sort:
            case "time":
                stamp = {"mtime": "mtime", "ctime": "ctime", "atime": "atime", "birth": "ctime"}[self.settings.time]
                return lambda entry: (-(getattr(entry.stat, stamp) if entry.stat else 0), encode(entry.name))
            case "size":
                return lambda entry: (-(entry.stat.size if entry.stat else 0), encode(entry.name))
            case "extension":
                return lambda entry: (_extension(entry.name), encode(entry.name))
            case "version":
                return cmp_to_key(lambda a, b: version_compare(encode(a.name), encode(b.name)) or _compare(a.name, b.name))
            case "width":
                return lambda entry: (len(self.layout.text(entry)[0]), encode(entry.name))
            case _:
                return lambda entry: encode(entry.name)


def _compare(one: str, two: str) -> int:
    return (encode(one) > encode(two)) - (encode(one) < encode(two))


def _extension(name: str) -> bytes:
    dot = name.rfind(".")
    return encode(name[dot:]) if dot >= 0 else b""


def _matches(name: str, patterns: list[str]) -> bool:
    """Does a pattern of -I or --hide match (a leading dot only explicitly)?"""
    return any(fnmatch.fnmatchcase(name, pattern.replace("[^", "[!")) and (name[0] != "." or pattern[:1] == ".") for pattern in patterns)
