"""A session: the composition root. Programs, a release and a world file become a running `World` with terminals.

Each host boots like a container: process 1 starts the release's daemons, types the boot commands, then becomes root's
interactive shell on the first terminal. A host without terminals keeps process 1 as a plain init.
"""

from __future__ import annotations

import gc
from dataclasses import dataclass, field

from maillab.lessons.errors import MaillabError
from maillab.lessons.worldfile import HostSpec, WorldSpec
from maillab.sim import releases
from maillab.sim.host.errno import SysError
from maillab.sim.host.host import Host, KernelName
from maillab.sim.host.process import Process
from maillab.sim.host.tty import Tty
from maillab.sim.releases.image import build
from maillab.sim.releases.index import programs
from maillab.sim.wire.dns_zone import conf_text
from maillab.sim.wire.network import Interface, Route
from maillab.sim.world import SECOND, Fact, World

gc.set_threshold(100_000, 50, 50)  # a world is many small objects that live long: the default costs a tenth of every run

DNS_ADDRESS = "192.0.2.53"
BOOT_LIMIT = 600.0
ENVIRONMENT = {
    "HOME": "/root",
    "LANG": "C",
    "LOGNAME": "root",
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "PWD": "/root",
    "SHELL": "/bin/bash",
    "TERM": "xterm-256color",
    "USER": "root",
}


@dataclass
class Terminal:
    """A terminal of a host and what it shows: `output` collects every byte sent to the screen."""

    host: str
    tty: Tty
    process: Process | None = None
    output: bytearray = field(default_factory=bytearray)
    prompt: str | None = None  # the primary prompt the shell waits at, None while something runs

    def waiting(self) -> bool:
        """Whether somebody waits for the keyboard of this terminal."""
        return bool(self.tty.readers.tasks)

    def at_prompt(self) -> bool:
        """Whether the shell waits at its primary prompt."""
        return self.prompt is not None and self.waiting()

    def over(self) -> bool:
        """Whether the shell of this terminal has ended."""
        return self.process is not None and self.process.zombie


class Session:
    """A world with its terminals, booted."""

    def __init__(self, spec: WorldSpec, *, rows: int = 24, cols: int = 80):
        self.spec = spec.with_default_host()
        self.environment = {**ENVIRONMENT, **spec.environment}
        self.world = World(self.spec.seed)
        self.world.observers.append(self._watch)
        self.terminals: dict[str, list[Terminal]] = {}
        self.notices: list[str] = []  # what was used and is not simulated, each once
        self._booted: dict[str, bool] = {}
        if self.spec.dns:
            self._add_dns()
        for name, host in self.spec.hosts.items():
            self._add(name, host, rows, cols)
        self.world.network.plan_routes()
        self.boot()

    # --- building ---------------------------------------------------------------------------------------------------

    def _add(self, name: str, entry: HostSpec, rows: int, cols: int) -> None:
        image_name = entry.image or ("" if entry.release else self.spec.image)
        try:
            preset = releases.preset(image_name) if image_name else None
            release = releases.load(preset.release if preset else entry.release or self.spec.release)
        except (FileNotFoundError, KeyError):
            what = image_name or entry.release or self.spec.release
            raise MaillabError("world", 0, f"unknown release or image {what!r}", "use bookworm, hardy, L0, P1 or H1") from None
        wanted = [*(preset.packages if preset else ()), *self.spec.packages, *entry.packages]
        unknown = [package for package in wanted if package not in release.archive]
        if unknown:
            raise MaillabError("world", 0, f"{release.name} has no package {unknown[0]!r}", "see `apt-cache search` in the lab")
        facts = release.facts
        host = self.world.add_host(
            name, build(release, wanted, programs(), preset), facts.epoch * SECOND,
            KernelName(facts.kernel, facts.kernel_version, facts.machine), self._interfaces(entry.ip),
            [Route("0.0.0.0/0", entry.gateway, "eth0")] if entry.gateway else [], entry.router,
        )  # fmt: skip
        self._write_names(host, entry, facts.hosts)
        for path, text in entry.files.items():
            _put(host, path, text.encode("utf-8", "surrogateescape"))
        self._booted[name] = False
        self.terminals[name] = []
        if entry.terminals:
            self._open_first(host, entry, facts.boot, rows, cols)
        else:
            self.world.start(name, lambda sys: self._init(sys, entry, facts.boot), "init")

    def _interfaces(self, ip: str) -> list[Interface]:
        cards = [Interface("lo", ["127.0.0.1/8", "::1/128"], mtu=65536)]
        if ip != "-":
            address = ip if "/" in ip else f"{ip}/24"
            octets = [int(part) for part in address.split("/")[0].split(".")]
            mac = "02:00:" + ":".join(f"{octet:02x}" for octet in octets)
            cards.append(Interface("eth0", [address], "lan", mac=mac))
        return cards

    def _write_names(self, host: Host, entry: HostSpec, pattern: str) -> None:
        fqdn = entry.fqdn or f"{host.name}.localdomain"
        if entry.ip == "-":
            text = pattern.format(name=host.name, fqdn=fqdn)
        else:
            own = f"{entry.ip.split('/')[0]}\t{fqdn} {host.name}\n"
            text = "127.0.0.1\tlocalhost.localdomain localhost\n" + own
        _put(host, "/etc/hosts", text.encode())
        _put(host, "/etc/hostname", f"{host.name}\n".encode())
        if self.spec.dns:
            _put(host, "/etc/resolv.conf", f"nameserver {DNS_ADDRESS}\n".encode())

    def _add_dns(self) -> None:
        release = releases.load("bookworm")
        facts = release.facts
        image = build(release, ["dnsmasq-base"], programs())
        kernel_name = KernelName(facts.kernel, facts.kernel_version, facts.machine)
        host = self.world.add_host("dns", image, facts.epoch * SECOND, kernel_name, self._interfaces(DNS_ADDRESS))
        _put(host, "/etc/dnsmasq.conf", conf_text(self.spec.dns).encode())
        _put(host, "/etc/dns-faults", "\n".join([*self.spec.dns_faults, ""]).encode())

        async def serve(sys: Process) -> int:
            await sys.execve("/usr/sbin/dnsmasq", ["dnsmasq", "-k"])

        self.world.start("dns", serve, "dnsmasq")

    # --- booting ----------------------------------------------------------------------------------------------------

    def _open_first(self, host: Host, entry: HostSpec, daemons: list[str], rows: int, cols: int) -> None:
        terminal = self._terminal(host.name, rows, cols)

        async def init(sys: Process) -> int:
            await self._boot(sys, entry, daemons)
            host.attach_terminal(sys, terminal.tty)
            sys.chdir("/root")
            sys.env = dict(self.environment)
            self._booted[host.name] = True
            await sys.execve("/bin/bash", ["bash"])

        terminal.process = self.world.start(host.name, init, "init")

    def _terminal(self, host: str, rows: int, cols: int) -> Terminal:
        terminal = Terminal(host, self.world.terminal(host, rows, cols))
        terminal.tty.sinks.append(terminal.output.extend)
        self.terminals[host].append(terminal)
        return terminal

    async def _init(self, sys: Process, entry: HostSpec, daemons: list[str]) -> int:
        """Process 1 of a host without a terminal: boots, then only waits for orphans."""
        await self._boot(sys, entry, daemons)
        self._booted[sys.host.name] = True
        while True:
            try:
                await sys.waitpid()
            except SysError:
                await sys.sleep(3600)

    async def _boot(self, sys: Process, entry: HostSpec, daemons: list[str]) -> None:
        sys.env = dict(self.environment)
        null = sys.open("/dev/null", "rw")
        for fd in (0, 1, 2):
            sys.dup2(null, fd)
        if null > 2:
            sys.close(null)
        sys.chdir("/root")
        for command in daemons:
            words = command.split()
            if sys.exists(words[0]):
                sys.spawn(words[0], words)
                await sys.sleep(0.05)
        for line in [*self.spec.boot, *entry.boot]:
            pid = sys.spawn("/bin/bash", ["bash", "-c", line])
            await sys.waitpid(pid)
        for fd in (0, 1, 2):
            sys.close(fd)

    def boot(self) -> None:
        """Run until every host has booted and every shell waits at its prompt."""
        self.world.run(BOOT_LIMIT, self._ready)

    def _ready(self) -> bool:
        if not all(self._booted.values()):
            return False
        return all(terminal.waiting() or terminal.over() for group in self.terminals.values() for terminal in group)

    def open_terminal(self, host: str, rows: int = 24, cols: int = 80) -> Terminal:
        """A further terminal with a root shell on a host."""
        terminal = self._terminal(host, rows, cols)

        async def shell(sys: Process) -> int:
            sys.chdir("/root")
            await sys.execve("/bin/bash", ["bash"])

        terminal.process = self.world.start(host, shell, "bash", terminal.tty, dict(self.environment))
        return terminal

    # --- observing --------------------------------------------------------------------------------------------------

    def _watch(self, fact: Fact) -> None:
        if fact.kind == "prompt":
            for terminal in self.terminals.get(fact.host, ()):
                if terminal.tty.name == fact.facts["tty"] and terminal.process is not None and terminal.process.pid == fact.pid:
                    terminal.prompt = fact.facts["text"]
        elif fact.kind == "unsimulated" and fact.facts["what"] not in self.notices:
            self.notices.append(fact.facts["what"])


def _put(host: Host, path: str, data: bytes) -> None:
    """Write a file of a host before it boots, directories included."""
    sys = host.kernel_process
    parts = path.strip("/").split("/")
    for depth in range(1, len(parts)):
        folder = "/" + "/".join(parts[:depth])
        if not sys.exists(folder):
            sys.mkdir(folder, 0o755)
    sys.spew(path, data, mode=0o644)
