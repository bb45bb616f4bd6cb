"""tail -f: files that grow, are truncated, replaced, removed and come back (as tail says it when it polls)."""

from __future__ import annotations

from dataclasses import dataclass

from maillab.shell.commands.coreutils._command import Command
from maillab.sim.host.errno import SysError


@dataclass
class Followed:
    """A file being followed: `fd` None while its name cannot be opened; `size` is how far it was shown."""

    name: str
    fd: int | None
    size: int = 0
    identity: tuple[int, int] = (0, 0)
    reason: str = ""


class Follower:
    """The files a tail follows, by descriptor or by name."""

    def __init__(self, command: Command, headers: bool, by_name: bool, retry: bool):
        self.command = command
        self.sys = command.sys
        self.headers = headers
        self.by_name = by_name
        self.retry = retry
        self.files: list[Followed] = []
        self.titled: str | None = None

    async def title(self, name: str) -> None:
        """The line `==> name <==`, when it is wanted and another file was shown last."""
        if not self.headers or self.titled == name:
            return
        before = "" if self.titled is None else "\n"
        self.titled = name
        await self.sys.stdout.write(f"{before}==> {'standard input' if name == '-' else name} <==\n")

    async def add(self, name: str, fd: int | None) -> None:
        """Follow one more file, shown so far; fd None: it could not be opened."""
        if fd is None:
            if self.retry or self.by_name:
                self.files.append(Followed(name, None, reason="ENOENT"))
            return
        stat = self.sys.fstat(fd)
        size = self.sys.lseek(fd, 0, 1) if stat.kind == "-" else 0
        self.files.append(Followed(name, fd, size, (stat.dev, stat.ino)))

    async def follow(self, interval: float, pid: int | None) -> None:
        """Poll until killed, until no file remains, or until process `pid` is gone."""
        while self.files:
            for file in list(self.files):
                if self.by_name:
                    await self._look_again(file)
                if file in self.files and file.fd is not None:
                    await self._read(file)
            await self.sys.stdout.flush()
            if not any(file.fd is not None for file in self.files) and not self.retry:
                await self.command.die("no files remaining")
            if pid is not None and not self._alive(pid):
                return
            await self._pause(interval)

    async def _pause(self, interval: float) -> None:
        """Wait; a reader of our pipe that goes away ends us, as the real tail notices."""
        await self.sys.sleep(interval)

    def _alive(self, pid: int) -> bool:
        try:
            self.sys.kill(pid, 0)
        except SysError as error:
            return error.name == "EPERM"
        return True

    async def _read(self, file: Followed) -> None:
        assert file.fd is not None
        stat = self.sys.fstat(file.fd)
        if stat.kind == "-":
            if stat.size < file.size:
                await self.command.note(f"{self.command.odd(file.name)}: file truncated")
                file.size = 0
                self.sys.lseek(file.fd, 0)
            if stat.size == file.size:
                return
        async for block in self.command.blocks(file.fd, file.name):
            await self.title(file.name)
            await self.sys.stdout.write(block)
            file.size += len(block)

    async def _look_again(self, file: Followed) -> None:
        """By name: is it still the same file that the name means?"""
        name = self.command.file(file.name)
        try:
            stat = self.sys.stat(file.name)
            identity = (stat.dev, stat.ino)
            if file.fd is not None and identity == file.identity:
                return
            fd = self.sys.open(file.name)
        except SysError as error:
            if file.fd is not None or file.reason != error.name:
                await self.command.complain(f"{name} has become inaccessible", error)
                if file.fd is not None:
                    await self._read(file)
                    self.sys.close(file.fd)
                file.fd, file.reason = None, error.name
                if not self.retry and not self.by_name:
                    self.files.remove(file)
            return
        if file.fd is None:
            await self.command.note(f"{name} has appeared;  following new file")
        else:
            await self._read(file)
            await self.command.note(f"{name} has been replaced;  following new file")
            self.sys.close(file.fd)
        file.fd, file.size, file.identity, file.reason = fd, 0, identity, ""
