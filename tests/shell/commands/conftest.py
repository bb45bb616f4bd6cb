"""A small simulated host to run one command on: `run(argv, stdin=..., files=...)`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import pytest

from maillab.sim.host.inode import Inode
from maillab.sim.host.process import Process
from maillab.sim.program import load
from maillab.sim.world import World

EPOCH = 1_795_363_200_000_000  # 2026-11-22 16:00:00 UTC
PASSWD = b"root:x:0:0:root:/root:/bin/bash\ntoto:x:1000:1000::/home/toto:/bin/sh\n"
GROUP = b"root:x:0:\nmail:x:8:toto\ntoto:x:1000:\n"


class Result(NamedTuple):
    """What a command printed and its exit status."""

    stdout: str
    stderr: str
    status: int


class Lab:
    """A host with /root, /tmp, /dev/null and two users, on which programs run one after the other."""

    def __init__(self) -> None:
        from maillab.sim.host.host import KernelName

        self.world = World()
        root = Inode(2, 0o40755)
        proc = Inode(3, 0o40755)
        root.entries = {"proc": 3}
        self.world.add_host("julien", {2: root, 3: proc}, EPOCH, KernelName(), [])
        self.setup(_furnish)

    def setup(self, change: Callable[[Process], None]) -> None:
        """Let a function change the host's files as root in /root."""

        async def body(sys: Process) -> int:
            if sys.exists("/root"):
                sys.chdir("/root")
            change(sys)
            return 0

        self.world.start("julien", body, "setup")
        self.world.run(1)
        self._check()

    def read(self, path: str) -> bytes:
        """The content of a file."""
        found: list[bytes] = []
        self.setup(lambda sys: found.append(sys.slurp(path)))
        return found[0]

    def run(
        self,
        module: str,
        argv: list[str],
        stdin: bytes = b"",
        files: Mapping[str, bytes | str] | None = None,
        env: Mapping[str, str] | None = None,
        seconds: float = 100,
    ) -> Result:
        """Run a program module with this argv in /root; output goes through files, not a terminal."""
        ended: list[Process] = []

        async def body(sys: Process) -> int:
            sys.chdir("/root")
            sys.env = {"PATH": "/bin:/usr/bin", "LANG": "C", **(env or {})}
            for name, data in (files or {}).items():
                sys.spew(name, data.encode() if isinstance(data, str) else data)
            sys.spew("/tmp/stdin", stdin)
            for fd, (path, flags) in enumerate((("/tmp/stdin", "r"), ("/tmp/stdout", "w"), ("/tmp/stderr", "w"))):
                assert sys.open(path, flags) == fd
            sys.argv = list(argv)
            sys.comm = argv[0]
            ended.append(sys)
            return await load(module)(sys, sys.argv)

        self.world.start("julien", body, argv[0])
        self.world.run(seconds)
        self._check()
        status = ended[0].status
        assert status is not None, "still running"
        out, err = self.read("/tmp/stdout"), self.read("/tmp/stderr")
        return Result(out.decode("utf-8", "replace"), err.decode("utf-8", "replace"), status.shell)

    def _check(self) -> None:
        for bug in self.world.bugs:
            raise bug.error


def _furnish(sys: Process) -> None:
    for path in ("/root", "/tmp", "/etc", "/dev", "/home", "/home/toto", "/var", "/var/mail"):
        sys.mkdir(path)
    sys.chmod("/tmp", 0o1777)
    sys.mknod("/dev/null", 0o20666, (1, 3))
    sys.mknod("/dev/zero", 0o20666, (1, 5))
    sys.spew("/etc/passwd", PASSWD)
    sys.spew("/etc/group", GROUP)


@pytest.fixture
def lab() -> Lab:
    """A fresh host."""
    return Lab()
