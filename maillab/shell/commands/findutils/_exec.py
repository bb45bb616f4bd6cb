"""-exec, -execdir, -ok: commands run for files, and the search of a command in PATH."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from maillab.shell.commands.findutils._tree import Condition, Entry, Walk
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process
    from maillab.sim.host.signals import Status

MOST_BYTES = 131072


async def start(sys: Process, words: list[str], fds: dict[int, int] | None = None) -> Status:
    """Run a command found as execvp(3) finds it, and wait; raises SysError when it cannot be started."""
    pid = spawn(sys, words, fds)
    _, status = await sys.waitpid(pid)
    assert status is not None
    return status


def spawn(sys: Process, words: list[str], fds: dict[int, int] | None = None) -> int:
    """Start a command found in PATH; raises SysError (ENOENT, or what the best candidate gave)."""
    if "/" in words[0]:
        return sys.spawn(words[0], words, fds=fds)
    refused = SysError("ENOENT", words[0])
    for folder in sys.env.get("PATH", "/bin:/usr/bin").split(":"):
        try:
            return sys.spawn(f"{folder or '.'}/{words[0]}", words, fds=fds)
        except SysError as error:
            if error.name not in ("ENOENT", "ENOTDIR"):
                refused = error
    raise refused


class Execute:
    """One -exec: `gathering` is the + form."""

    def __init__(self, walk: Walk, words: list[str], *, gathering: bool, asking: bool, quoted: Callable[[str], str]) -> None:
        self.walk = walk
        self.words = words
        self.gathering = gathering
        self.asking = asking
        self.quoted = quoted
        self.paths: list[str] = []
        if gathering:
            walk.at_end.append(self.flush)

    def condition(self) -> Condition:
        """The action as a condition."""

        async def act(entry: Entry) -> bool:
            if self.gathering:
                self.paths.append(entry.path)
                if sum(len(path) + 1 for path in self.paths[-1:]) and len(self.paths) * 64 > MOST_BYTES:
                    await self.flush()
                return True
            return await self._one(entry)

        return act

    async def _one(self, entry: Entry) -> bool:
        words = [word.replace("{}", entry.path) for word in self.words]
        if self.asking and not await self._agreed(entry):
            return False
        status = await self._run(words)
        return status is not None and status.exited and status.code == 0

    async def _agreed(self, entry: Entry) -> bool:
        sys = self.walk.sys
        await sys.stdout.flush()
        await sys.stderr.write(f"< {self.words[0]} ... {entry.path} > ? ")
        answer = await sys.stdin.readline()
        return answer[:1] in (b"y", b"Y")

    async def _run(self, words: list[str]) -> Status | None:
        await self.walk.sys.stdout.flush()
        try:
            return await start(self.walk.sys, words)
        except SysError as error:
            await self.walk.complain(f"{self.quoted(words[0])}: {error.strerror}", status=self.walk.status)
            return None

    async def flush(self) -> None:
        """Run the gathered command."""
        if self.paths:
            paths, self.paths = self.paths, []
            status = await self._run([*self.words, *paths])
            if status is None or not status.exited or status.code != 0:
                self.walk.status = 1
