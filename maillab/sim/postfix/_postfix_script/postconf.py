"""The answers of postconf that the scripts of Postfix ask for, again and again: each program run is shown, one answer is kept.

The scripts call postconf for every value; each call repeats its complaints on standard error. Here the program runs once for
each kind of call,
and its complaints are repeated for the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process
    from maillab.sim.postfix.lib.msg import Msg


class Postconf:
    """Runs $command_directory/postconf."""

    def __init__(self, sys: Process, log: Msg) -> None:
        self.sys = sys
        self.log = log
        self.path = f"{sys.env['command_directory']}/postconf"
        self.known: dict[tuple[str, ...], tuple[str, str, int]] = {}

    async def default(self, name: str) -> str:
        """A built-in default. Raises Fatal when postconf fails."""
        return await self._ask("-dh", name)

    async def value(self, name: str, directory: str = "") -> str:
        """A current value. Raises Fatal when postconf fails."""
        return await self._ask(*(("-c", directory) if directory else ()), "-h", name)

    async def _ask(self, *arguments: str) -> str:
        if arguments not in self.known:
            self.known[arguments] = await self._run(arguments)
        text, complaints, status = self.known[arguments]
        if complaints:
            await self.log.flush()
            await self.sys.stderr.write(complaints)
        if status:
            self.log.fatal(f"cannot execute {self.path}!")
        return text

    async def complaints(self, *arguments: str) -> str:
        """What one call says on standard error."""
        if arguments not in self.known:
            self.known[arguments] = await self._run(arguments)
        return self.known[arguments][1]

    async def _run(self, arguments: tuple[str, ...]) -> tuple[str, str, int]:
        """Standard output without its last newline, standard error, exit status."""
        sys = self.sys
        out, out_end = sys.pipe()
        err, err_end = sys.pipe()
        try:
            pid = sys.spawn(self.path, [self.path, *arguments], env=sys.env, fds={0: 0, 1: out_end, 2: err_end})
        except SysError as error:
            for fd in (out, out_end, err, err_end):
                sys.close(fd)
            return "", f"{self.path}: {error.strerror}\n", 127
        sys.close(out_end)
        sys.close(err_end)
        text, complaints = await self._all(out), await self._all(err)
        _, status = await sys.waitpid(pid)
        return text.removesuffix("\n"), complaints, (status.code or 0) if status is not None and status.exited else 1

    async def _all(self, fd: int) -> str:
        parts: list[bytes] = []
        while data := await self.sys.read(fd):
            parts.append(data)
        self.sys.close(fd)
        return b"".join(parts).decode("utf-8", "surrogateescape")
