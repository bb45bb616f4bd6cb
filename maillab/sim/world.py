"""A world: kernel, network, hosts and their programs; the only door to look at and observe them.

A world is built host by host (`maillab.lessons.session` does it) and runs in virtual time. Whoever records what enters it
and when (`maillab.lessons.lab`) can rebuild it to the byte.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from maillab.sim.host.host import Host, KernelName, fingerprint
from maillab.sim.host.identity import Identity
from maillab.sim.host.inode import Inode
from maillab.sim.host.process import Body, Process
from maillab.sim.host.tty import Tty
from maillab.sim.kernel.kernel import Kernel, Stuck
from maillab.sim.wire.network import Interface, Network, Node, Route

SECOND = 1_000_000


@dataclass
class Fact:
    """Something an observer is told: when (microseconds), where, who, what."""

    when: int
    host: str
    pid: int
    program: str
    kind: str
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass
class Bug:
    """An exception that no program of the simulated world should raise."""

    host: str
    program: str
    argv: list[str]
    error: BaseException


class World:
    """Hosts on a network in virtual time, from one seed."""

    def __init__(self, seed: int = 1):
        self.seed = seed
        self.kernel = Kernel()
        self.network = Network()
        self.hosts: dict[str, Host] = {}
        self.observers: list[Callable[[Fact], None]] = []
        self.bugs: list[Bug] = []

    # --- building ---------------------------------------------------------------------------------------------------

    def add_host(
        self, name: str, image: Mapping[int, Inode], epoch: int, kernel_name: KernelName, interfaces: list[Interface],
        routes: list[Route] | None = None, forwarding: bool = False,
    ) -> Host:  # fmt: skip
        """A host with a disk laid over an image, not yet booted. `epoch`: microseconds since 1970 at the world's start."""
        node = Node(name, interfaces, routes or [], forwarding=forwarding)
        self.network.attach(node)
        host = Host(name, self.kernel, self.network, node, self.hosts, image, epoch, self.seed, kernel_name, self._observe, self._bug)
        self.hosts[name] = host
        return host

    def terminal(self, host: str, rows: int = 24, cols: int = 80) -> Tty:
        """A further terminal of a host, `/dev/pts/N`, with nobody on it yet."""
        place = self.hosts[host]
        number = len(place.ttys)
        return place.add_tty(f"/dev/pts/{number}", number, rows, cols)

    def start(self, host: str, body: Body, comm: str, tty: Tty | None = None, env: dict[str, str] | None = None) -> Process:
        """Start a process that nobody forked, as a child of init when there is one."""
        place = self.hosts[host]
        init = place.processes.get(1)
        return place.start(body, comm, init if isinstance(init, Process) else None, tty, env)

    # --- running ----------------------------------------------------------------------------------------------------

    @property
    def now(self) -> int:
        """Microseconds of virtual time since the world began."""
        return self.kernel.now

    def run(self, seconds: float, stop: Callable[[], bool] | None = None, budget: int | None = None) -> bool:
        """Let virtual time pass, at most this long; True when `stop()` held. A world that is stuck is a `Bug`."""
        return self.run_until(self.kernel.now + int(seconds * SECOND), stop, budget)

    def run_until(self, until: int, stop: Callable[[], bool] | None = None, budget: int | None = None) -> bool:
        """Let virtual time pass until a microsecond."""
        try:
            return self.kernel.run(until, stop, budget)
        except Stuck as error:
            self.bugs.append(Bug("", "kernel", [], error))
            return False

    # --- looking ----------------------------------------------------------------------------------------------------

    def digest(self) -> str:
        """A short checksum of the whole state: the clock, the number of traps, and every file of every host."""
        crc = zlib.crc32(f"{self.kernel.now} {self.kernel.steps}".encode())
        for name, host in self.hosts.items():
            crc = zlib.crc32(f"{name} {fingerprint(host):08x} {host.last_pid}".encode(), crc)
        return f"{crc:08x}"

    def _observe(self, process: Identity, kind: str, facts: dict[str, Any]) -> None:
        if self.observers:
            fact = Fact(self.kernel.now, process.host.name, process.pid, process.comm, kind, facts)
            for observer in self.observers:
                observer(fact)

    def _bug(self, process: Process, error: BaseException) -> None:
        self.bugs.append(Bug(process.host.name, process.comm, list(process.argv), error))
