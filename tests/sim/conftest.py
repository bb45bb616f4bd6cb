"""A small world without shell or daemons, for tests of the kernel's services."""

from __future__ import annotations

import stat
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from maillab.sim.host.fs import ROOT, Filesystem
from maillab.sim.host.host import KernelName
from maillab.sim.host.process import Process
from maillab.sim.wire.network import Interface
from maillab.sim.world import World


def image() -> Filesystem:
    fs = Filesystem(lambda: 0)
    for name, mode in (("tmp", 0o1777), ("etc", 0o755), ("home", 0o755), ("dev", 0o755), ("proc", 0o555)):
        fs.create(ROOT, name, stat.S_IFDIR | mode, 0, 0)
    null = fs.create(fs.lookup(ROOT, "dev") or 0, "null", stat.S_IFCHR | 0o666, 0, 0)
    null.rdev = (1, 3)
    return fs


class Small:
    """Hosts a (192.0.2.1) and b (192.0.2.2); `run` runs a coroutine function as a process and returns its result."""

    def __init__(self) -> None:
        self.world = World()
        for number, name in enumerate(("a", "b"), 1):
            cards = [Interface("lo", ["127.0.0.1/8"]), Interface("eth0", [f"192.0.2.{number}/24"], "lan")]
            self.world.add_host(name, image().freeze(), 0, KernelName(), cards)

            async def init(sys: Process) -> int:
                while True:
                    await sys.sleep(3600)

            self.world.start(name, init, "init")

    def start(self, body: Callable[[Process], Awaitable[Any]], host: str = "a", comm: str = "test", uid: int = 0) -> list[Any]:
        result: list[Any] = []

        async def main(sys: Process) -> int:
            if uid:
                sys.setgroups(())
                sys.setgid(uid)
                sys.setuid(uid)
            result.append(await body(sys))
            return 0

        self.world.start(host, main, comm)
        return result

    def run(self, body: Callable[[Process], Awaitable[Any]], host: str = "a", seconds: float = 1000, uid: int = 0) -> Any:
        result = self.start(body, host, uid=uid)
        self.world.run(seconds, lambda: bool(result) or bool(self.world.bugs))
        for bug in self.world.bugs:
            raise bug.error
        return result[0]


@pytest.fixture
def small() -> Small:
    return Small()
