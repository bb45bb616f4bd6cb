"""master - Postfix master process

SYNOPSIS
    master [-Ddtvw] [-c config_dir] [-e exit_time]

DESCRIPTION
    Starts the Postfix daemons on demand, as master.cf says: it listens on their sockets, starts a process when a client comes and
    no process is free (up to the limit of the service), wakes services at their times, and stops for a while ("throttles") a
    service whose processes fail. -w waits until the daemon is ready (or not) and leaves it in the background; -t tells by its
    exit status that no master runs (0) or that one does (1); -e ends after so many seconds; -d stays in the foreground's
    terminal; -c names the configuration directory.

    SIGHUP: read the configuration again. SIGTERM: end all processes of the mail system.
    Files: pid/master.pid under the queue directory, master.lock under the data directory.

BUGS
    -i, -s and -D are refused; in_flow_delay and qmgr's share of it are not simulated.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError
from maillab.sim.host.signals import SIGHUP, SIGTERM
from maillab.sim.postfix._master.entries import Entry, Reader
from maillab.sim.postfix._master.service import Child, Running, Services
from maillab.sim.postfix._server import AVAILABLE, STATUS, account
from maillab.sim.postfix.lib.msg import Fatal, Msg
from maillab.sim.postfix.lib.params import Params

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"postfix": "/usr/lib/postfix/sbin/master"}
MILLION = 1_000_000
WAIT_SECONDS = 60
USAGE = "usage: {0} [-c config_dir] [-D (debug)] [-d (don't detach from terminal)] [-e exit_time] [-t (test)] [-v] [-w (wait)]"


class Master:
    """The running master."""

    def __init__(self, sys: Process, log: Msg, params: Params) -> None:
        self.sys = sys
        self.log = log
        self.params = params
        self.services: dict[tuple[str, str], Running] = {}
        self.generation = 0
        self.reload_wanted = False
        self.noticed = False
        self.signalled = 0
        self.orphans: list[tuple[Running, Child]] = []
        self.maker = Services(sys, log, params)

    # --- configuration -----------------------------------------------------------------------------------------------

    def entries(self) -> dict[tuple[str, str], Entry]:
        """The services of master.cf. Raises Fatal."""
        path = f"{self.params['config_directory']}/master.cf"
        try:
            text = self.sys.slurp(path).decode("utf-8", "surrogateescape")
        except SysError as error:
            self.log.fatal(f"open {path}: {error.strerror}")
        found: dict[tuple[str, str], Entry] = {}
        chroot = self.params.version < (3, 0) or self.params.compat_level < (1, 0)
        reader = Reader(path, self.params.integer("default_process_limit"), chroot)
        for entry in reader.read(text):
            if entry.key in found:
                number = f" ({self._port(entry)})" if entry.type == "inet" else ""
                self.log.warning(f'duplicate master.cf entry for service "{entry.name}"{number} -- using the last entry')
            found[entry.key] = entry
        if self.params.version >= (3, 0):
            for line in reader.old_jails:
                self.log.info(f"{path}: line {line}: using backwards-compatible default setting chroot=y")
        return found

    def _port(self, entry: Entry) -> int | None:
        from maillab.sim.host.netdb import service_port

        return service_port(self.sys, entry.name.rpartition(":")[2])

    async def configure(self) -> None:
        """Listen for new services, forget old ones, restart the others. Raises Fatal."""
        wanted = self.entries()
        for key in [key for key in self.services if key not in wanted]:
            service = self.services.pop(key)
            for child in service.children.values():
                self._kill(child.pid)
                self.orphans.append((service, child))
            self.maker.close(service)
        changed = False
        for key, entry in wanted.items():
            known = self.services.get(key)
            if known is None:
                known = self.services[key] = Running(entry)
                await self.maker.listen(known)
            else:
                changed = self._interfaces_changed(known) or changed
                known.entry = entry
                self.maker.renew_pipes(known)
            for child in known.children.values():
                child.available, child.retired = False, True
            self._arm(known)
        if changed:
            self.log.warning("to change inet_interfaces, stop and start Postfix")

    def _arm(self, service: Running) -> None:
        """Wake a service at once, and then at its intervals."""
        service.next_wakeup = self.sys.monotonic() if service.entry.wakeup else None

    def _interfaces_changed(self, service: Running) -> bool:
        if service.entry.type != "inet" or ":" in service.entry.name or service.interfaces == self.params["inet_interfaces"]:
            return False
        self.log.warning(f"service {service.entry.name}: ignoring inet_interfaces change")
        return True

    def _kill(self, pid: int) -> None:
        try:
            self.sys.kill(pid, SIGTERM)
        except SysError:
            pass

    # --- the loop ----------------------------------------------------------------------------------------------------

    def on_signal(self, number: int) -> None:
        """Note a signal; the loop acts on it before it waits again."""
        self.noticed = True
        if number == SIGHUP:
            self.reload_wanted = True
        elif number == SIGTERM:
            self.signalled = number

    async def run(self, exit_time: float | None = None) -> int:
        """Serve until told to end."""
        started = self.sys.monotonic()
        while True:
            self.noticed = False
            if self.signalled:
                return self._end()
            if self.reload_wanted:
                await self._reload()
            await self.wake()
            if exit_time is not None and self.sys.monotonic() - started >= exit_time * MILLION:
                return self._end(quiet=True)
            await self._wait()

    async def _wait(self) -> None:
        """Wait for reports of processes, for clients, for the next timer, or for a signal."""
        status = {child.status_fd: (service, child) for service in self.services.values() for child in service.children.values()}
        status |= {child.status_fd: (service, child) for service, child in self.orphans}
        listeners = {fd: service for service in self.services.values() if service.listening() for fd in service.sockets}
        try:
            ready, _ = await self.sys.poll(read=[*status, *listeners], timeout=0 if self.noticed else self._patience())
        except SysError as error:
            if error.name == "EINTR":
                return
            raise
        for fd in ready:
            if fd in status:
                await self.report(*status[fd])
        for fd in ready:
            service = listeners.get(fd)
            if service is not None and service.listening():
                self.maker.spawn(service, self.generation)
                self._check_limit(service)

    def _patience(self) -> float | None:
        """Seconds until the next timer."""
        times = [service.next_wakeup for service in self.services.values() if service.next_wakeup is not None]
        times += [service.throttled_until for service in self.services.values() if service.throttled_until is not None]
        if not times:
            return None
        return max(0, min(times) - self.sys.monotonic()) / MILLION

    def _check_limit(self, service: Running) -> None:
        """Say once that a public service runs out of processes."""
        entry = service.entry
        if entry.type != "inet" or entry.max_proc <= 1 or not service.full or service.stress_warned:
            return
        service.stress_warned = True
        if self.params.version < (2, 3):
            return
        shown = f'service "{entry.name}" ({self._port(entry)})'
        self.log.warning(f'{shown} has reached its process limit "{entry.max_proc}": new clients may experience noticeable delays')
        self.log.warning("to avoid this condition, increase the process count in master.cf or reduce the service time per client")
        self.log.warning(
            "see https://www.postfix.org/STRESS_README.html for examples of stress-adapting configuration settings"
            if self.params.version >= (3, 5)
            else "see http://www.postfix.org/STRESS_README.html for examples of stress-adapting configuration settings"
        )

    async def report(self, service: Running, child: Child) -> None:
        """Read whether a process is busy or free, or that it has ended."""
        data = await self.sys.read(child.status_fd, STATUS.size * 100)
        if not data:
            await self.bury(service, child)
            return
        for _, _, status in STATUS.iter_unpack(data[: len(data) // STATUS.size * STATUS.size]):
            child.available = status == AVAILABLE and not child.retired
            child.served += status == AVAILABLE

    async def wake(self) -> None:
        """Wake the services whose time has come, and give throttled ones another chance."""
        now = self.sys.monotonic()
        for service in list(self.services.values()):
            if service.throttled_until is not None and service.throttled_until <= now:
                service.throttled_until = None
            if service.next_wakeup is not None and service.next_wakeup <= now:
                service.next_wakeup = now + service.entry.wakeup * MILLION
                if service.throttled_until is None and (service.used or not service.entry.conditional):
                    await self._trigger(service)

    async def _trigger(self, service: Running) -> None:
        sys, path = self.sys, service.entry.path
        if service.entry.type == "fifo":
            await sys.write(service.sockets[0], b"W")
        elif service.entry.type == "unix":
            fd = sys.socket("unix")
            try:
                await sys.connect(fd, path)
                await sys.write(fd, b"W")
            except SysError as error:
                self.log.warning(f"connect to {service.entry.path}: {error.strerror}")
            finally:
                sys.close(fd)

    async def bury(self, service: Running, child: Child) -> None:
        """A process ended; a service whose processes fail is throttled."""
        self.sys.close(child.status_fd)
        service.children.pop(child.pid, None)
        self.orphans = [pair for pair in self.orphans if pair[1] is not child]
        _, status = await self.sys.waitpid(child.pid)
        if status is not None and (status.signal is not None or status.code):
            self._bad_end(service, child, status.code, status.signal)

    def _bad_end(self, service: Running, child: Child, code: int | None, signal: int | None) -> None:
        path = f"{self.params['daemon_directory']}/{service.entry.program}"
        if signal is not None:
            self.log.warning(f"process {path} pid {child.pid} killed by signal {signal}")
        else:
            self.log.warning(f"process {path} pid {child.pid} exit status {code}")
        if not child.served and service.throttled_until is None:
            self.log.warning(f"{path}: bad command startup -- throttling")
            throttle = self.params.seconds("service_throttle_time") if self.params.version >= (2, 4) else 60
            service.throttled_until = self.sys.monotonic() + int(throttle) * MILLION

    async def _reload(self) -> None:
        self.reload_wanted = False
        directory = self.params["config_directory"]
        if self.params.version >= (2, 6):
            self.log.info(f"reload -- version {self.params['mail_version']}, configuration {directory}")
        else:
            self.log.info(f"reload configuration {directory}")
        self.generation += 1
        self.params = self.maker.params = await Params.read(self.sys, self.log)
        await self.configure()

    def _end(self, quiet: bool = False) -> int:
        if not quiet:
            self.log.info(f"terminating on signal {self.signalled}")
        self.sys.signal(SIGTERM, "ignore")
        self.sys.kill(-self.sys.getpgid(0), SIGTERM)
        return 0


async def _lock(sys: Process, log: Msg, params: Params, test: bool) -> int | None:
    """The locked pid file; None when another master has it. Raises Fatal."""
    fd = sys.open("pid/master.pid", "rw", 0o600)
    if not await sys.flock(fd, "ex", block=False):
        if test:
            return None
        log.fatal("open lock file pid/master.pid: unable to set exclusive lock: Resource temporarily unavailable")
    return fd


def _data_lock(sys: Process, params: Params) -> None:
    """master.lock of the data directory, owned by mail_owner."""
    directory = params["data_directory"]
    owner = account(sys, params["mail_owner"])
    try:
        fd = sys.open(f"{directory}/master.lock", "rw", 0o600)
    except SysError as error:
        raise Fatal(f"open lock file {directory}/master.lock: cannot open file: {error.strerror}") from error
    sys.ftruncate(fd, 0)
    sys.pwrite(fd, b"%32d\n" % sys.pid, 0)
    if owner is not None:
        sys.chown(f"{directory}/master.lock", *owner)


async def _daemon(sys: Process, log: Msg, options: dict[str, str], ready: int | None) -> int:
    """Become the mail system; `ready` is a pipe that learns that we are."""
    params = await _load(sys, log, options)
    sys.umask(0o077)
    sys.chdir(params["queue_directory"])
    lock = await _lock(sys, log, params, False)
    if lock is None:
        return 1
    sys.ftruncate(lock, 0)
    sys.pwrite(lock, b"%32d\n" % sys.pid, 0)
    if params.version >= (2, 5):
        _data_lock(sys, params)
    master = Master(sys, log, params)
    for number in (SIGHUP, SIGTERM):
        sys.signal(number, master.on_signal, restart=False)
    _null_stdio(sys, (0, 1, 2) if "d" not in options else (0,))
    await master.configure()
    log.info(f"daemon started -- version {params['mail_version']}, configuration {params['config_directory']}")
    if ready is not None:
        await sys.write(ready, b"+")
        sys.close(ready)
    return await master.run(float(options["e"]) if "e" in options else None)


def _null_stdio(sys: Process, fds: Iterable[int]) -> None:
    null = sys.open("/dev/null", "rw")
    for fd in fds:
        sys.dup2(null, fd)
    if null > 2:
        sys.close(null)


async def _load(sys: Process, log: Msg, options: dict[str, str]) -> Params:
    if "c" in options:
        sys.env["MAIL_CONFIG"] = options["c"]
    params = await Params.read(sys, log)
    log.rename(params["syslog_name"])
    return params


async def _guarded(sys: Process, log: Msg, options: dict[str, str], ready: int | None) -> int:
    try:
        return await _daemon(sys, log, options, ready)
    except Fatal as failure:
        log.last_words(failure)
        if ready is not None:
            sys.close(ready)
        await sys.sleep(1)
        return failure.status


async def _start_and_wait(sys: Process, log: Msg, options: dict[str, str]) -> int:
    """-w: the daemon runs in the background; the answer is whether it became ready."""
    here, there = sys.pipe()

    async def body(child: Process) -> int:
        child.close(here)
        child.setsid()
        return await _guarded(child, Msg(child, "master"), options, there)

    sys.fork(body)
    sys.close(there)
    readable, _ = await sys.poll(read=[here], timeout=WAIT_SECONDS)
    if readable and await sys.read(here, 1) == b"+":
        return 0
    reason = "daemon initialization failure -- see logs for details" if readable else "timeout while waiting for daemon initialization"
    log.last_words(Fatal(reason))
    return 1


async def main(sys: Process, argv: list[str]) -> int:
    """Run the mail system, or test whether it runs."""
    log = Msg(sys, argv[0].rpartition("/")[2])
    options: dict[str, str] = {}
    words = argv[1:]
    while words and words[0].startswith("-") and words[0] != "-":
        word = words.pop(0)
        for index, letter in enumerate(word[1:], 2):
            if letter in "ce":
                options[letter] = word[index:] or (words.pop(0) if words else "")
                break
            if letter not in "dtvw":
                await sys.stderr.write(f"{argv[0]}: invalid option -- '{letter}'\n")
                log.last_words(Fatal(USAGE.format(argv[0])))
                return 1
            options[letter] = ""
    if sys.euid != 0:
        log.last_words(Fatal("the master command is reserved for the superuser"))
        return 1
    if "t" in options:
        return await _test(sys, log, options)
    if "w" in options:
        return await _start_and_wait(sys, log, options)
    if "d" not in options:
        sys.setsid() if sys.pgid != sys.pid else None
    return await _guarded(sys, log, options, None)


async def _test(sys: Process, log: Msg, options: dict[str, str]) -> int:
    """0 when no master runs, 1 when one does."""
    try:
        params = await _load(sys, log, options)
        sys.chdir(params["queue_directory"])
        return 1 if await _lock(sys, log, params, True) is None else 0
    except Fatal as failure:
        log.last_words(failure)
        return failure.status
