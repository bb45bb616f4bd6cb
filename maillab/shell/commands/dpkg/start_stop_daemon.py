"""start-stop-daemon - start and stop system daemon programs

SYNOPSIS
    start-stop-daemon --start|--stop|--status [OPTION]... [-- ARGUMENT]...

DESCRIPTION
    Finds processes by pid file, executable, name or owner; starts a program when none is found, or signals those that are. --retry
    waits until
    they are gone, and sends stronger signals when they are not.

BUGS
    --procsched, --iosched and --notify-await are refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn

from maillab.shell import proc
from maillab.shell.commands.dpkg._start_stop_help import HELP
from maillab.shell.options import Given, gnu
from maillab.shell.session import become_user
from maillab.sim.host import signals
from maillab.sim.host.accounts import User, getgrnam, getpwnam, getpwuid
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"dpkg": "/sbin/start-stop-daemon"}
OPTIONS = gnu(
    "-S,--start -K,--stop -T,--status -H,--help -V,--version --pid= --ppid= -p,--pidfile= -x,--exec= -n,--name= -u,--user= -g,--group= "
    "-c,--chuid= -s,--signal= -a,--startas= -r,--chroot= -d,--chdir= -N,--nicelevel= -P,--procsched= -I,--iosched= "
    "-k,--umask= -b,--background "
    "--notify-await --notify-timeout= -C,--no-close -O,--output= -m,--make-pidfile --remove-pidfile -R,--retry= "
    "-t,--test -o,--oknodo -q,--quiet "
    "-v,--verbose",
    standard=False,
    permute=False,
)
TRY = "Try 'start-stop-daemon --help' for more information.\n"
POLL = 0.02


@dataclass
class Wanted:
    """What a process must be to be meant. `dead_pidfile`: there is a pid file, and nobody has its number."""

    pids: list[int] | None = None
    executable: str = ""
    name: str = ""
    uid: int | None = None
    ppid: int | None = None
    dead_pidfile: bool = False
    notes: list[str] = field(default_factory=list)


async def main(sys: Process, argv: list[str]) -> int:
    given = await OPTIONS.read(sys, argv, status=3, hint=TRY)
    if given.has("help"):
        await sys.stdout.write(HELP)
        return 0
    if given.has("version"):
        await sys.stdout.write("start-stop-daemon 1.21.22 for Debian\n")
        return 0
    command = given.latest("start", "stop", "status")
    if command is None:
        await _bad(sys, "need one of --start or --stop or --status")
    if given.has("procsched", "iosched", "notify-await"):
        await _bad(sys, "options --procsched, --iosched and --notify-await are not simulated")
    if not given.has("pid", "ppid", "pidfile", "exec", "name", "user"):
        await _bad(sys, "need at least one of --exec, --pid, --ppid, --pidfile, --user or --name")
    if command == "start" and not given.has("exec", "startas"):
        await _bad(sys, "--start needs --exec or --startas")
    wanted = await _wanted(sys, given)
    if command == "status":
        return _status(sys, wanted, given)
    if command == "start":
        return await _start(sys, given, wanted)
    return await _stop(sys, given, wanted)


async def _bad(sys: Process, text: str) -> NoReturn:
    await sys.stderr.write(f"start-stop-daemon: {text}\n{TRY}")
    sys.exit(3)


async def _wanted(sys: Process, given: Given) -> Wanted:
    executable = given.last("exec") or ""
    if executable and not sys.exists(executable) and given.latest("start", "stop", "status") != "stop":
        await sys.stderr.write(f"start-stop-daemon: unable to stat {executable} (No such file or directory)\n")
        sys.exit(2)
    wanted = Wanted(
        executable=sys.realpath(executable) if executable and sys.exists(executable) else executable, name=given.last("name") or ""
    )
    user = given.last("user")
    if user is not None:
        found = getpwuid(sys, int(user)) if user.isdigit() else getpwnam(sys, user)
        if found is None:
            await sys.stderr.write(f"start-stop-daemon: user '{user}' not found\n")
            sys.exit(2)
        wanted.uid = found.uid
    if given.last("pid"):
        wanted.pids = [int(given.last("pid") or 0)]
    pidfile = given.last("pidfile")
    if pidfile:
        try:
            wanted.pids = [int(sys.slurp(pidfile).split()[0])]
            wanted.dead_pidfile = proc.process(sys, wanted.pids[0]) is None
        except (SysError, ValueError, IndexError):
            wanted.pids = []
    if given.last("ppid"):
        wanted.ppid = int(given.last("ppid") or 0)
    return wanted


def _matching(sys: Process, wanted: Wanted) -> list[int]:
    if wanted.pids is not None:
        candidates = [found for pid in wanted.pids if (found := proc.process(sys, pid))]
    else:
        candidates = proc.processes(sys)
    return [
        found.pid
        for found in candidates
        if found.state != "Z"
        and (not wanted.executable or _executable(sys, found.pid) == wanted.executable)
        and (not wanted.name or found.comm == wanted.name[:15])
        and (wanted.uid is None or found.euid == wanted.uid)
        and (wanted.ppid is None or found.ppid == wanted.ppid)
        and found.pid != sys.pid
    ]


def _executable(sys: Process, pid: int) -> str:
    try:
        return sys.realpath(sys.readlink(f"/proc/{pid}/exe"))
    except SysError:
        return ""


def _status(sys: Process, wanted: Wanted, given: Given) -> int:
    if _matching(sys, wanted):
        return 0
    return 1 if given.last("pidfile") and wanted.dead_pidfile else 3


async def _start(sys: Process, given: Given, wanted: Wanted) -> int:
    shown = given.last("startas") or given.last("exec") or ""
    if _matching(sys, wanted):
        if not given.has("quiet"):
            await sys.stdout.write(f"{given.last('exec') or shown} already running.\n")
        return 0 if given.has("oknodo") else 1
    if given.has("test"):
        await sys.stdout.write(f"Would start {shown} {' '.join(given.operands)}.\n")
        return 0
    if given.has("verbose"):
        await sys.stdout.write(f"Starting {shown}...\n")
    owner = await _owner(sys, given)
    if given.has("background"):
        sys.fork(lambda child: _launch(child, given, shown, owner, detached=True))
        await sys.sleep(POLL)
        return 0
    return await _launch(sys, given, shown, owner, detached=False)


async def _owner(sys: Process, given: Given) -> tuple[User, int] | None:
    text = given.last("chuid")
    if text is None:
        return None
    name, _, group = text.replace(".", ":", 1).partition(":")
    user = getpwuid(sys, int(name)) if name.isdigit() else getpwnam(sys, name)
    if user is None:
        await sys.stderr.write(f"start-stop-daemon: user '{name}' not found\n")
        sys.exit(2)
    found = getgrnam(sys, group or given.last("group") or "")
    return user, found.gid if found else user.gid


async def _launch(sys: Process, given: Given, path: str, owner: tuple[User, int] | None, detached: bool) -> int:
    if detached:
        sys.setsid()
        if not given.has("no-close"):
            null = sys.open("/dev/null", "rw")
            for fd in range(3):
                sys.dup2(null, fd)
            sys.close(null)
    if given.has("nicelevel"):
        sys.nice(int(given.last("nicelevel") or 0))
    pidfile = given.last("pidfile")
    if given.has("make-pidfile") and pidfile:
        sys.spew(pidfile, f"{sys.pid}\n".encode(), mode=0o644)
    if given.has("chroot"):
        sys.chroot(given.last("chroot") or "/")
    sys.chdir(given.last("chdir") or "/")
    if given.has("umask"):
        sys.umask(int(given.last("umask") or "22", 8))
    if owner:
        become_user(sys, owner[0], gid=owner[1])
    try:
        await sys.execve(path, [path, *given.operands], sys.env)
    except SysError as error:
        await sys.stderr.write(f"start-stop-daemon: unable to start {path} ({error})\n")
        return 2


async def _stop(sys: Process, given: Given, wanted: Wanted) -> int:
    found = _matching(sys, wanted)
    quiet = given.has("quiet")
    if not found:
        if not quiet:
            await sys.stdout.write(f"No {given.last('exec') or given.last('name') or 'process'} found running; none killed.\n")
        return 0 if given.has("oknodo") else 1
    for number, wait in _schedule(given):
        for pid in found:
            try:
                sys.kill(pid, number)
            except SysError as error:
                if error.name == "EPERM":
                    await sys.stderr.write(f"start-stop-daemon: warning: failed to kill {pid}: {error}\n")
        if given.has("verbose"):
            await sys.stdout.write(f"Stopped {given.last('exec') or given.last('name') or 'process'} (pid {', '.join(map(str, found))}).\n")
        if wait is None:
            break
        end = sys.monotonic() + int(wait * 1_000_000)
        while found and sys.monotonic() < end:
            await sys.sleep(POLL)
            found = _matching(sys, wanted)
        if not found:
            break
    pidfile = given.last("pidfile")
    if given.has("remove-pidfile") and pidfile and sys.exists(pidfile):
        sys.unlink(pidfile)
    return 2 if found and given.has("retry") else 0


def _schedule(given: Given) -> list[tuple[int, float | None]]:
    """Signals, each with how long to wait after it (None: do not)."""
    first = _signal(given.last("signal") or "TERM")
    text = given.last("retry")
    if text is None:
        return [(first, None)]
    items = text.split("/")
    if len(items) == 1:
        return [(first, float(items[0])), (signals.SIGKILL, float(items[0]))]
    schedule: list[tuple[int, float | None]] = []
    for item in items:
        if item.isdigit() and schedule:
            schedule[-1] = (schedule[-1][0], float(item))
        elif item != "forever":
            schedule.append((_signal(item.lstrip("-")), 0.0))
    return schedule


def _signal(text: str) -> int:
    if text.isdigit():
        return int(text)
    return int(getattr(signals, "SIG" + text.removeprefix("SIG"), signals.SIGTERM))
