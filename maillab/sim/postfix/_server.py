"""The skeletons of the Postfix daemons: what master(8) starts, one function short of a daemon.

- `single_server`: one client at a time (smtpd, cleanup, local, smtp, pipe, bounce...): `serve(service, stream)` talks to it until
  it leaves.
- `multi_server`: many clients, one request at a time (trivial-rewrite, proxymap, verify, anvil...): `serve(service, stream)`
  answers one request.
- `trigger_server`: wake-up calls (pickup): `handle(service, data)` is called with the bytes of a trigger, b"W" for master's timer.
- `event_server`: a daemon with a loop of its own (qmgr): `loop(service)`.

    class Discard:
        async def serve(self, service: Service, stream: Stream) -> None: ...

    async def main(sys: Process, argv: list[str]) -> int:
        return await single_server(sys, argv, Discard().serve)

The skeleton parses the daemon's arguments (`-n NAME -t TYPE -u -c -l -z -s N -o NAME=VALUE -m N -i SECONDS -v`), reads main.cf once, calls
`pre_jail(service)` with the powers of root outside the chroot, enters the chroot (-c) and becomes `mail_owner` (-u), calls
`post_jail(service)`, and serves until `max_use` clients, `max_idle` seconds without one, a changed table (`service.restart`), or
a reload or the end of master. Descriptors from master: 3 becomes readable when master ends or reloads, 5 takes status reports, 6
and up are the listening sockets. A `Fatal` raised anywhere is logged, and the process ends with its status one second later, as
the real ones do.
"""

from __future__ import annotations

import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from maillab.sim.host.errno import SysError
from maillab.sim.host.signals import SIGPIPE
from maillab.sim.postfix.lib.msg import Fatal, Msg
from maillab.sim.postfix.lib.params import Params
from maillab.sim.postfix.lib.vstream import Closed, Stream, TimedOut

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

LIFE_FD = 3
STATUS_FD = 5
LISTEN_FD = 6
STATUS = struct.Struct("=iii")
TAKEN, AVAILABLE = 0, 1

WITH_VALUE = "imnorst"
FLAGS = "cdDlSuvVzZ"


@dataclass
class Service:
    """A running daemon: its process, its voice, its parameters and its sockets."""

    sys: Process
    log: Msg
    params: Params
    name: str
    transport: str
    options: dict[str, str]
    overrides: list[tuple[str, str]]
    operands: list[str]
    sockets: int = 1
    clients: int = 0
    served: int = 0
    restart: bool = False
    max_use: int = 100
    max_idle: float = 100.0
    lock_fd: int = -1
    generation: int = 0
    proven: bool = False
    """Whether master knows that a request was served (a daemon that dies before is throttled)."""
    state: dict[str, Any] = field(default_factory=dict)

    @property
    def listeners(self) -> list[int]:
        """The listening sockets' descriptors."""
        return list(range(LISTEN_FD, LISTEN_FD + self.sockets))

    @property
    def under_master(self) -> bool:
        """False when the daemon talks over its standard input (`-S`, as `sendmail -bs` starts smtpd)."""
        return "S" not in self.options

    async def notify(self, status: int) -> bool:
        """Report to master that we are busy (TAKEN) or free (AVAILABLE); False when master listens no more."""
        if not self.under_master:
            return True
        try:
            await self.sys.write(STATUS_FD, STATUS.pack(self.sys.pid, self.generation, status))
        except SysError:
            return False
        return True

    async def wait(self, more: list[int], timeout: float | None) -> list[int] | None:
        """Descriptors ready to read among the listeners and `more`; [] after `timeout` seconds; None when master has let us go."""
        readable, _ = await self.sys.poll(read=[LIFE_FD, *self.listeners, *more], timeout=timeout)
        if LIFE_FD in readable:
            return None
        return readable

    async def accept(self, listener: int) -> int | None:
        """Accept a client that `wait` announced; None when it left again."""
        try:
            fd, _ = await self.sys.accept(listener)
        except SysError:
            return None
        return fd

    async def trigger(self, listener: int) -> bytes:
        """Accept a wake-up call and read what it says."""
        if self.transport == "fifo":
            return await self.sys.read(listener, 4096)
        fd = await self.accept(listener)
        if fd is None:
            return b""
        try:
            readable, _ = await self.sys.poll(read=[fd], timeout=10)
            return await self.sys.read(fd, 4096) if readable else b""
        except SysError:
            return b""
        finally:
            self.sys.close(fd)


Hook = Callable[[Service], Awaitable[None]]
Serve = Callable[[Service, Stream], Awaitable[None]]
Trigger = Callable[[Service, bytes], Awaitable[None]]
Loop = Callable[[Service], Awaitable[None]]


@dataclass
class Hooks:
    """What a daemon does around its loop. `limit` names the parameters of the daemon's own max_use and max_idle."""

    pre_jail: Hook | None = None
    post_jail: Hook | None = None
    pre_accept: Hook | None = None
    at_end: Callable[[Service], None] | None = None
    solitary: bool = False
    privileged: bool = False
    unlimited: bool = False


async def single_server(sys: Process, argv: list[str], serve: Serve, hooks: Hooks | None = None) -> int:
    """A daemon that serves one client after another."""

    async def loop(service: Service) -> None:
        while True:
            fd = await _next_client(service, hooks)
            if fd is None:
                return
            if not await _serve_one(service, fd, serve):
                return

    async def stdin(service: Service) -> None:
        await serve(service, Stream(sys, 0, out_fd=1))

    return await _run(sys, argv, hooks or Hooks(), loop, stdin)


async def _next_client(service: Service, hooks: Hooks | None) -> int | None:
    """The descriptor of the next client; None when it is time to end."""
    if service.restart or (service.max_use and service.served >= service.max_use):
        return None
    if service.lock_fd >= 0:
        await service.sys.flock(service.lock_fd, "ex")
    fd = None
    while fd is None:
        ready = await service.wait([], service.max_idle or None)
        if not ready:
            return None
        if hooks is not None and hooks.pre_accept is not None:
            await hooks.pre_accept(service)
            if service.restart:
                return None
        fd = await service.accept(ready[0])
    if service.lock_fd >= 0:
        await service.sys.flock(service.lock_fd, "un")
    return fd


async def _serve_one(service: Service, fd: int, serve: Serve) -> bool:
    """Serve one client; False when master is gone."""
    service.served += 1
    service.clients = 1
    if not await service.notify(TAKEN):
        service.sys.close(fd)
        return False
    stream = Stream(service.sys, fd)
    try:
        await serve(service, stream)
        await stream.flush()
    except (Closed, TimedOut):
        pass
    finally:
        stream.close()
    service.clients = 0
    return await service.notify(AVAILABLE)


async def multi_server(sys: Process, argv: list[str], serve: Serve, hooks: Hooks | None = None) -> int:
    """A daemon with many clients that answers one request at a time, in the order of arrival."""

    async def loop(service: Service) -> None:
        streams: dict[int, Stream] = {}
        while streams or not service.max_use or service.served < service.max_use:
            ready = await service.wait(list(streams), None if streams else service.max_idle or None)
            if ready is None or (not ready and not streams):
                return
            for fd in ready:
                if fd in streams:
                    await _one_request(service, streams, fd, serve)
                elif service.restart:
                    return
                else:
                    await _admit(service, streams, fd, hooks)

    return await _run(sys, argv, hooks or Hooks(), loop, None)


async def _admit(service: Service, streams: dict[int, Stream], listener: int, hooks: Hooks | None) -> None:
    if hooks is not None and hooks.pre_accept is not None:
        await hooks.pre_accept(service)
        if service.restart:
            return
    fd = await service.accept(listener)
    if fd is not None:
        service.served += 1
        service.clients += 1
        streams[fd] = Stream(service.sys, fd)


async def _one_request(service: Service, streams: dict[int, Stream], fd: int, serve: Serve) -> None:
    stream = streams[fd]
    try:
        await serve(service, stream)
        while stream.pending():
            await serve(service, stream)
        await stream.flush()
        if not service.proven:
            service.proven = await service.notify(AVAILABLE)
    except (Closed, TimedOut):
        stream.close()
    if stream.closed:
        del streams[fd]
        service.clients -= 1


async def trigger_server(sys: Process, argv: list[str], handle: Trigger, hooks: Hooks | None = None) -> int:
    """A daemon that is woken by triggers and by master's timer."""

    async def loop(service: Service) -> None:
        while not service.restart and (not service.max_use or service.served < service.max_use):
            ready = await service.wait([], service.max_idle or None)
            if not ready:
                return
            if hooks is not None and hooks.pre_accept is not None:
                await hooks.pre_accept(service)
                if service.restart:
                    return
            service.served += 1
            if not await service.notify(TAKEN):
                return
            await handle(service, await service.trigger(ready[0]))
            if not await service.notify(AVAILABLE):
                return

    return await _run(sys, argv, hooks or Hooks(), loop, None)


async def event_server(sys: Process, argv: list[str], loop: Loop, hooks: Hooks | None = None) -> int:
    """A daemon that waits for its own events, with `service.wait`, `accept`, `trigger` and `notify`."""
    return await _run(sys, argv, hooks or Hooks(), loop, None)


async def _run(sys: Process, argv: list[str], hooks: Hooks, loop: Loop, stdin: Loop | None) -> int:
    """The life of a daemon: arguments, parameters, jail, loop."""
    log = Msg(sys, argv[0].rpartition("/")[2])
    try:
        service = await _start(sys, log, argv, hooks)
        if hooks.pre_jail is not None:
            await hooks.pre_jail(service)
        _jail(service)
        if hooks.post_jail is not None:
            await hooks.post_jail(service)
        if service.under_master:
            await loop(service)
            if hooks.at_end is not None:
                hooks.at_end(service)
        elif stdin is not None:
            await stdin(service)
        else:
            log.fatal("this daemon does not serve its standard input")
    except (Fatal, SysError) as error:
        failure = error if isinstance(error, Fatal) else Fatal(f"{error.path}: {error.strerror}" if error.path else error.strerror)
        log.last_words(failure)
        await sys.sleep(1)
        return failure.status
    return 0


async def _start(sys: Process, log: Msg, argv: list[str], hooks: Hooks) -> Service:
    """Arguments and parameters. Raises Fatal."""
    options, overrides, operands = _parse(log, argv)
    params = await Params.read(sys, log, overrides)
    params.check(log.program)
    sys.signal(SIGPIPE, "ignore")  # the other side may go away at any time
    log.rename(params["syslog_name"], params.version >= (3, 0) and params.boolean("smtputf8_enable"))
    transport = options.get("t", "")
    if "S" in options:
        transport = "pass"
    if transport == "":
        log.fatal("no transport type specified")
    name = options.get("n", log.program)
    service = Service(sys, log, params, name, transport, options, overrides, operands, int(options.get("s", "1")))
    service.max_use = 0 if hooks.unlimited else int(options.get("m", params.integer("max_use")))
    service.max_idle = 0 if hooks.unlimited else float(options.get("i", params.seconds("max_idle")))
    if hooks.solitary and "l" not in options:
        log.fatal(f"service {name} requires a process limit of 1")
    if hooks.privileged and "u" in options:
        log.fatal(f"service {name} requires privileged operation")
    sys.chdir(params["queue_directory"])
    if service.under_master and transport == "inet" and "l" not in options:
        service.lock_fd = sys.open(f"pid/{transport}.{name}", "rw", 0o600)
    if service.under_master:
        for fd in service.listeners:
            sys.set_nonblock(fd)  # another process may take the client that woke us
    return service


def _parse(log: Msg, argv: list[str]) -> tuple[dict[str, str], list[tuple[str, str]], list[str]]:
    """Options, `-o` overrides and operands of a daemon's command line. Raises Fatal."""
    options: dict[str, str] = {}
    overrides: list[tuple[str, str]] = []
    at = 1
    while at < len(argv):
        word = argv[at]
        at += 1
        if word == "--" or not word.startswith("-") or word == "-":
            at -= word != "--"
            break
        letters = word[1:]
        while letters:
            letter, letters = letters[0], letters[1:]
            if letter in FLAGS:
                options[letter] = ""
                continue
            if letter not in WITH_VALUE or (not letters and at >= len(argv)):
                log.fatal(f"invalid option: {letter}")
            if letters:
                value, letters = letters, ""
            else:
                value = argv[at]
                at += 1
            if letter == "o":
                overrides.append(_override(log, value))
            else:
                options[letter] = value
    return options, overrides, argv[at:]


def _override(log: Msg, text: str) -> tuple[str, str]:
    """`NAME = VALUE`. Raises Fatal when there is no equals sign or no name."""
    name, equals, value = text.strip().partition("=")
    if not equals:
        log.fatal(f"invalid \"-o {text}\" option value: missing '=' after attribute name")
    if not name.strip():
        log.fatal(f'invalid "-o {text}" option value: missing attribute name')
    return name.strip(), value.strip()


def _jail(service: Service) -> None:
    """Enter the chroot and drop root's powers, as the arguments say. Raises Fatal."""
    sys, params = service.sys, service.params
    owner = None
    if "u" in service.options and sys.euid == 0:
        owner = account(sys, params["mail_owner"])
        if owner is None:
            service.log.fatal(
                f"file {params['config_directory']}/main.cf: parameter mail_owner: unknown user name value: {params['mail_owner']}"
            )
    if "c" in service.options and sys.euid == 0:
        sys.chroot(params["queue_directory"])
        sys.chdir("/")
    if owner is not None:
        sys.setgroups([owner[1]])
        sys.setgid(owner[1])
        sys.setuid(owner[0])


def account(sys: Process, name: str) -> tuple[int, int] | None:
    """The user and group ids of an account of /etc/passwd."""
    try:
        lines = sys.slurp("/etc/passwd").decode("utf-8", "surrogateescape").splitlines()
    except SysError:
        return None
    for line in lines:
        fields = line.split(":")
        if len(fields) >= 4 and fields[0] == name and fields[2].isdigit() and fields[3].isdigit():
            return int(fields[2]), int(fields[3])
    return None
