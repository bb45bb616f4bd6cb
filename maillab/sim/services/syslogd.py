"""syslogd - the system log daemon of BSD (sysklogd 1.5)

SYNOPSIS
    syslogd [-d] [-f FILE] [-m MINUTES] [-n] [-p SOCKET] [-a SOCKET]... [-r] [-h] [-u USER] [-v]

DESCRIPTION
    Takes messages from /dev/log and further sockets (-a), from the network with -r, and writes them to the files that
    /etc/syslog.conf names
    for their facility and priority. A message that comes again at once is not written again: "last message repeated N times" follows.
    SIGHUP reads the configuration again and opens the files anew; files that do not exist are created. SIGTERM ends it.

FILES
    /etc/syslog.conf         the configuration
    /var/run/syslogd.pid     the process id

BUGS
    Messages to terminals, other hosts and fifos are not sent; the lab says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from maillab.sim.host.accounts import getgrnam, getpwnam
from maillab.sim.host.errno import SysError
from maillab.sim.services._syslog.files import Creation, LogFiles
from maillab.sim.services._syslog.listening import Signals, bind_log_socket, detach, drain, running_pid, wait_messages
from maillab.sim.services._syslog.message import Message, parse_message, traditional_stamp
from maillab.sim.services._syslog.selector import Selector, SelectorError, parse_selector

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"sysklogd": "/sbin/syslogd"}
VERSION = "1.5.0#1ubuntu1"
PIDFILE = "/var/run/syslogd.pid"
REPEAT_CHECK = 30.0
REPEAT_INTERVALS = (30, 60)
USAGE = "usage: syslogd [-drvh] [-l hostlist] [-m markinterval] [-n] [-p path] [-a path]\n [-s domainlist] [-f conffile] [-u username]\n"


@dataclass
class Target:
    """A line of syslog.conf, and the last message it wrote, for counting repetitions."""

    selector: Selector
    path: str
    text: bytes = b""
    when: int = 0
    repeated: int = 0
    patience: int = 0


class Daemon:
    """A running syslogd."""

    def __init__(self, sys: Process, conf: str, sockets: list[str], creation: Creation):
        self.sys = sys
        self.conf = conf
        self.files = LogFiles(sys)
        self.creation = creation
        self.targets: list[Target] = []
        self.bound = {path: bind_log_socket(sys, path) for path in sockets}
        self.hostname = b""

    def read_conf(self) -> None:
        """Read the configuration and open its files; a line that cannot be understood is left out, and said so in the log."""
        self.files.close_all()
        self.hostname = self.sys.hostname().split(".")[0].encode() + b" "
        self.targets = []
        complaints = []
        try:
            text = self.sys.slurp(self.conf).decode("utf-8", "surrogateescape").replace("\\\n", "")
        except SysError:
            text = "*.err\t/dev/console\n*.panic\t*\n"
        for line in text.split("\n"):
            words = line.split()
            if not words or words[0].startswith("#"):
                continue
            try:
                self._add("".join(words[:-1]), words[-1])
            except SelectorError as error:
                complaints.append(f"syslogd: {error}")
        self.note(f"syslogd {VERSION}: restart.")
        for complaint in complaints:
            self.note(complaint)

    def _add(self, selector: str, action: str) -> None:
        path = action.removeprefix("-")
        parsed = parse_selector(selector)
        if path.startswith("/"):
            self.targets.append(Target(parsed, path))
            self.files.write(path, b"", self.creation)
        elif path.startswith(("@", "|")):
            self.sys.unsimulated(f"syslogd: {action}")

    def note(self, text: str) -> None:
        """A message of the daemon itself (syslog.info)."""
        self.log(Message(5, 6, self.sys.clock(), text.encode()))

    def log(self, message: Message) -> None:
        """Write a message to every file that wants it."""
        self.sys.observe("log", facility=message.facility, priority=message.priority, text=message.text.decode("utf-8", "surrogateescape"))
        for target in self.targets:
            if not target.selector[message.facility] >> message.priority & 1:
                continue
            if message.text == target.text:
                target.repeated += 1
                continue
            self._flush(target)
            target.text, target.when, target.patience = message.text, message.when, 0
            self._write(target, message.when, message.text)

    def _write(self, target: Target, when: int, text: bytes) -> None:
        self.files.write(target.path, traditional_stamp(when) + self.hostname + text + b"\n", self.creation)

    def _flush(self, target: Target) -> None:
        if target.repeated:
            times = b"last message repeated %d times" % target.repeated
            target.repeated = 0
            self._write(target, self.sys.clock(), times)

    def flush_old(self) -> None:
        """Tell the repetitions of messages whose time is over."""
        for target in self.targets:
            wait = REPEAT_INTERVALS[min(target.patience, len(REPEAT_INTERVALS) - 1)] * 1_000_000
            if target.repeated and self.sys.clock() >= target.when + wait:
                self._flush(target)
                target.when, target.patience = self.sys.clock(), target.patience + 1

    async def serve(self) -> int:
        """Until SIGTERM."""
        signals = Signals(self.sys)
        self.read_conf()
        sockets = [fd for fd in self.bound.values() if fd is not None]
        while not signals.term:
            waiting = any(target.repeated for target in self.targets)
            for fd in await wait_messages(self.sys, sockets, REPEAT_CHECK if waiting else None):
                for data in await drain(self.sys, fd):
                    self.log(parse_message(data, self.sys.clock()))
            self.flush_old()
            if signals.hup:
                signals.hup = False
                self.read_conf()
        for target in self.targets:
            self._flush(target)
        self.note(f"exiting on signal {signals.term}")
        return 0


async def main(sys: Process, argv: list[str]) -> int:
    options = await _options(sys, argv)
    if options is None:
        return 1
    if "v" in options:
        await sys.stdout.write("syslogd 1.5.0\n")
        return 0
    if running_pid(sys, PIDFILE) is not None:
        await sys.stderr.write("syslogd: Already running.\n")
        return 1
    creation = _creation(sys, options.get("u", [""])[0])
    sockets = [options.get("p", ["/dev/log"])[0], *options.get("a", [])]
    if "r" in options:
        sys.unsimulated("syslogd -r")
    conf = options.get("f", ["/etc/syslog.conf"])[0]

    async def body(process: Process) -> int:
        daemon = Daemon(process, conf, sockets, creation)
        process.spew(PIDFILE, f"{process.pid}\n".encode(), mode=0o644)
        if done in process.fds and done > 2:
            process.close(done)
        status = await daemon.serve()
        process.unlink(PIDFILE)
        return status

    done = -1
    if "n" in options or "d" in options:
        return await body(sys)
    ready, done = sys.pipe()

    async def child(process: Process) -> int:
        detach(process, [done])
        return await body(process)

    sys.fork(child)
    sys.close(done)
    await sys.read(ready, 1)
    return 0


def _creation(sys: Process, name: str) -> Creation:
    """New files belong to the daemon's user and the group adm, mode 640, as Ubuntu's syslogd makes them."""
    user, group = getpwnam(sys, name), getgrnam(sys, "adm")
    return Creation(user.uid if user else 0, group.gid if group else 0, 0o640, make_directories=False)


async def _options(sys: Process, argv: list[str]) -> dict[str, list[str]] | None:
    found: dict[str, list[str]] = {}
    words = iter(argv[1:])
    for word in words:
        letters = word[1:] if word.startswith("-") else ""
        for place, letter in enumerate(letters, 1):
            if letter in "fmpalsu":
                found.setdefault(letter, []).append(letters[place:] or next(words, ""))
                break
            if letter not in "dhnrv":
                await sys.stderr.write(f"syslogd: invalid option -- {letter}\n{USAGE}")
                return None
            found.setdefault(letter, [])
    return found
