"""rsyslogd - the system log daemon of Debian

SYNOPSIS
    rsyslogd [-n] [-d] [-f FILE] [-i PIDFILE] [-N LEVEL] [-v]

DESCRIPTION
    Takes messages from /dev/log, from further sockets ($AddUnixListenSocket) and from UDP (imudp), and writes them to the files that
    /etc/rsyslog.conf names for their facility and priority. It goes to the background unless -n is given; -N checks the configuration
    only. SIGHUP closes the log files, so that they are made anew; it does not read the configuration again. SIGTERM ends it.

FILES
    /etc/rsyslog.conf, /etc/rsyslog.d/*.conf    the configuration
    /run/rsyslogd.pid                           the process id

BUGS
    RainerScript's if, templates of one's own, queues, TCP and the other modules are not simulated; the lab says so when they are used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError
from maillab.sim.services._syslog.files import LogFiles
from maillab.sim.services._syslog.listening import Signals, bind_log_socket, detach, drain, open_sockets, running_pid, wait_messages
from maillab.sim.services._syslog.message import Message, parse_message, precise_stamp, traditional_stamp
from maillab.sim.services._syslog.rsyslog_conf import Action, Conf, ConfError, read_conf

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

THREADS = ("in:imuxsock", "rs:main Q:Reg")
INSTALLED = {"rsyslog": "/usr/sbin/rsyslogd"}
VERSION = "8.2302.0"
USAGE = """usage: rsyslogd [options]
use "man rsyslogd" for details. To run rsyslog interactively, use "rsyslogd -n"
to run it in debug mode use "rsyslogd -dn"
For further information see https://www.rsyslog.com/doc/
"""
_WITH_ARGUMENT = "fiNMuSCoeD"
_PLAIN = "ndvqQwx46AT"


class Daemon:
    """A running rsyslogd: its sockets, rules and files."""

    def __init__(self, sys: Process, conf: Conf):
        self.sys = sys
        self.conf = conf
        self.files = LogFiles(sys)
        self.hostname = b""
        self.sockets = {path: bind_log_socket(sys, path) for path in conf.sockets}
        self.udp = [self._bind_udp(port) for port in conf.udp_ports]
        self.find_hostname()

    def _bind_udp(self, port: int) -> int:
        fd = self.sys.socket("inet", "dgram")
        self.sys.bind(fd, ("0.0.0.0", port))
        self.sys.set_nonblock(fd)
        return fd

    def find_hostname(self) -> None:
        """The host's name without domain, as it is put into every line."""
        self.hostname = self.sys.hostname().split(".")[0].encode() + b" "

    def descriptors(self) -> list[int]:
        """All sockets."""
        return [*open_sockets(self.sockets), *self.udp]

    def note(self, text: str) -> None:
        """A message of the daemon itself (syslog.info)."""
        origin = f'[origin software="rsyslogd" swVersion="{VERSION}" x-pid="{self.sys.pid}" x-info="https://www.rsyslog.com"] '
        self.log(Message(5, 6, self.sys.clock(), f"rsyslogd: {origin}{text}".encode()))

    def log(self, message: Message) -> None:
        """Do with a message what the rules say."""
        text = message.text if b" " in message.text else message.text + b" "
        line = self.hostname + text + b"\n"
        self.sys.observe("log", facility=message.facility, priority=message.priority, text=message.text.decode("utf-8", "surrogateescape"))
        for action in self.conf.actions:
            if action.matches(message):
                if action.kind == "stop":
                    return
                self._act(action, message, line)

    def _act(self, action: Action, message: Message, line: bytes) -> None:
        stamp = precise_stamp(message.when) if action.precise else traditional_stamp(message.when)
        if action.kind == "file":
            self.files.write(action.target, stamp + line, action.creation)
        elif action.kind in ("forward", "pipe"):
            self.sys.unsimulated(f"rsyslogd: {action.kind} to {action.target}")

    async def serve(self) -> int:
        """Until SIGTERM."""
        signals = Signals(self.sys)
        self.note("start")
        while not signals.term:
            ready = await wait_messages(self.sys, self.descriptors())
            for fd in ready:
                for data in await drain(self.sys, fd):
                    self.log(parse_message(data, self.sys.clock()))
            if signals.hup:
                signals.hup = False
                self.files.close_all()
                self.find_hostname()
                self.note("rsyslogd was HUPed")
        self.note(f"exiting on signal {signals.term}.")
        for path, bound in self.sockets.items():
            if bound is not None and self.sys.exists(path):
                self.sys.unlink(path)
        return 0


async def main(sys: Process, argv: list[str]) -> int:
    options = await _options(sys, argv)
    if options is None:
        return 1
    if "v" in options:
        await sys.stdout.write(f"rsyslogd  {VERSION} (aka 2023.02) compiled with:\n\tConfig file:\t\t\t\t/etc/rsyslog.conf\n")
        return 0
    path = options.get("f", "/etc/rsyslog.conf")
    if "N" in options:
        return await _validate(sys, path, options["N"])
    pidfile = options.get("i", "/run/rsyslogd.pid")
    other = running_pid(sys, pidfile)
    if other is not None:
        await sys.stderr.write(
            f"rsyslogd: pidfile '{pidfile}' and pid {other} already exist.\n"
            "If you want to run multiple instances of rsyslog, you need to specify\ndifferent pid files for them (-i option).\n"
        )
        return await _fail(sys, 3000)
    conf = await _read(sys, path)
    if conf is None:
        return 1
    daemon_body = _Body(conf, pidfile)
    if "n" in options:
        return await daemon_body(sys, keep_terminal=True)
    ready, done = sys.pipe()

    async def child(process: Process) -> int:
        detach(process, [done])
        return await daemon_body(process, done)

    sys.fork(child)
    sys.close(done)
    await sys.read(ready, 1)
    return 0


class _Body:
    """What the daemon does once it is where it shall be."""

    def __init__(self, conf: Conf, pidfile: str):
        self.conf = conf
        self.pidfile = pidfile

    async def __call__(self, sys: Process, done: int | None = None, keep_terminal: bool = False) -> int:
        daemon = Daemon(sys, self.conf)
        try:
            sys.spew(self.pidfile, f"{sys.pid}\n".encode(), mode=0o644)
        except SysError:
            return 1
        await _number_threads(sys)
        if done is not None:
            sys.close(done)
        status = await daemon.serve()
        if sys.exists(self.pidfile):
            sys.unlink(self.pidfile)
        return status


async def _number_threads(sys: Process) -> None:
    """The input and the queue worker are threads of the real daemon: each takes a number of the process table."""
    for _ in THREADS:
        await sys.waitpid(sys.fork(_thread, comm="rsyslogd"))


async def _thread(sys: Process) -> int:
    return 0


async def _options(sys: Process, argv: list[str]) -> dict[str, str] | None:
    """Letters and their arguments; None after the usage was printed."""
    found: dict[str, str] = {}
    words = iter(argv[1:])
    for word in words:
        if not word.startswith("-") or len(word) < 2:
            continue
        for place, letter in enumerate(word[1:], 2):
            if letter in _WITH_ARGUMENT:
                found[letter] = word[place:] or next(words, "")
                break
            if letter not in _PLAIN:
                await sys.stderr.write(f"{argv[0]}: invalid option -- '{letter}'\n{USAGE}")
                return None
            found[letter] = ""
    return found


async def _fail(sys: Process, code: int) -> int:
    await sys.stderr.write(
        f"rsyslogd: run failed with error -{code} (see rsyslog.h or try https://www.rsyslog.com/e/{code} to learn what that number means)\n"
    )
    return 1


async def _read(sys: Process, path: str) -> Conf | None:
    """The configuration, its errors printed; None when the daemon cannot start with it."""
    try:
        conf = read_conf(sys, path)
    except ConfError as error:
        await sys.stderr.write(f"rsyslogd: {error}\n")
        await _fail(sys, 2104)
        return None
    for text in conf.errors:
        await sys.stderr.write(f"rsyslogd: {text}\n")
    for what in conf.unsimulated:
        sys.unsimulated(what)
    if not conf.actions:
        await sys.stderr.write(
            "rsyslogd: there are no active actions configured. Inputs would run, but no output whatsoever were created. "
            f"[v{VERSION} try https://www.rsyslog.com/e/2103 ]\n"
        )
        await _fail(sys, 2103)
        return None
    return conf


async def _validate(sys: Process, path: str, level: str) -> int:
    await sys.stderr.write(f"rsyslogd: version {VERSION}, config validation run (level {level or 1}), master config {path}\n")
    conf = await _read(sys, path)
    if conf is None or conf.errors:
        return 1
    await sys.stderr.write("rsyslogd: End of config validation run. Bye.\n")
    return 0
