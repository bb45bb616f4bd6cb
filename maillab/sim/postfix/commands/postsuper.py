"""postsuper - Postfix superintendent

SYNOPSIS
    postsuper [-psSv] [-c config_dir] [-d queue_id] [-e queue_id] [-f queue_id] [-h queue_id] [-H queue_id] [-r queue_id]
        [directory ...]

DESCRIPTION
    -d  delete a message          -h  put it on hold           -H  release it from hold
    -r  put it back to the start  -e  expire it                -f  expire it and release it from hold
    -p  purge old temporary files -s  repair the structure of the queue (names, hashed directories); -S again
    The queue_id `ALL` (capitals) means all messages of the directories, `-` reads names from standard input. Only root may.

BUGS
    None known.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from maillab.sim.host import accounts
from maillab.sim.host.errno import SysError
from maillab.sim.postfix.lib import deliver_request, queue_id
from maillab.sim.postfix.lib.command import options_or_usage, run_command
from maillab.sim.postfix.lib.params import Params

if TYPE_CHECKING:
    from maillab.sim.host.process import Process
    from maillab.sim.postfix.lib.msg import Msg
    from maillab.sim.postfix.lib.queue_file import Queue

INSTALLED = {"postfix": "/usr/sbin/postsuper"}

USAGE = ("usage: {0} [-c config_dir] [-d queue_id (delete)] [-e queue_id (expire)] [-f queue_id (expire and/or un-hold)] "
         "[-h queue_id (hold)] [-H queue_id (un-hold)] [-p (purge temporary files)] [-r queue_id (requeue)] [-s (structure fix)] "
         "[-S (redundant structure fix)][-v (verbose)] [queue...]")
OLD_USAGE = ("usage: {0} [-c config_dir] [-d queue_id (delete)] [-h queue_id (hold)] [-H queue_id (un-hold)] "
             "[-p (purge temporary files)] [-r queue_id (requeue)] [-s (structure fix)] [-v (verbose)] [queue...]")
DEFAULT_QUEUES = ("maildrop", "incoming", "active", "deferred", "hold")
ALL_QUEUES = (*DEFAULT_QUEUES, "flush")
HOLDABLE = ("maildrop", "incoming", "active", "deferred")
STALE = 24 * 3600 * 1_000_000
EXPIRED_MODE = 0o010
ALL, STDIN = "ALL", "-"


@dataclass(frozen=True, slots=True)
class Action:
    """What one option does: where, what it says of a message, what it says at the end."""

    queues: tuple[str, ...]
    one: str
    summary: str


ACTIONS = {
    "d": Action(DEFAULT_QUEUES, "removed", "Deleted"),
    "e": Action(("incoming", "active", "deferred", "hold"), "expired", "Expired"),
    "f": Action(("incoming", "active", "deferred", "hold"), "expired", "Expired"),
    "h": Action(HOLDABLE, "placed on hold", "Placed on hold"),
    "H": Action(("hold",), "released from hold", "Released from hold"),
    "r": Action(("incoming", "active", "deferred", "hold"), "requeued", "Requeued"),
}
ORDER = "rhHefd"


@dataclass(slots=True)
class Job:
    """What the command line asks for."""

    wanted: dict[str, list[str]] = field(default_factory=dict)
    structure: bool = False
    purge: bool = False
    queues: list[str] = field(default_factory=list)


async def main(sys: Process, argv: list[str]) -> int:
    async def body(log: Msg) -> int:
        return await _run(sys, argv, log)

    return await run_command(sys, argv, body)


async def _run(sys: Process, argv: list[str], log: Msg) -> int:
    old = sys.program.version < (3, 5)
    letters, usage = ("c:d:h:H:pr:sv", OLD_USAGE) if old else ("c:d:e:f:h:H:pr:sSv", USAGE)
    options, operands = options_or_usage(log, argv, letters, usage.format(argv[0]))
    if sys.uid != 0:
        log.fatal("use of this command is reserved for the superuser")
    folder = dict(options).get("c")
    params = Params.load(sys, log, (), folder) if folder else Params.load(sys, log)
    job = Job(queues=operands)
    for letter, value in options:
        if letter in ACTIONS:
            job.wanted.setdefault(letter, []).append(value)
        elif letter in "sS":
            job.structure = True
        elif letter == "p":
            job.purge = True
    if not job.wanted and not job.structure and not job.purge:
        job.structure = job.purge = True
    for name in job.queues:
        if name not in ALL_QUEUES:
            log.fatal(f"invalid mail queue name: {name}")
    _become_owner(sys, log, params)
    return await Superintendent(sys, log, deliver_request.layout(sys, params)).work(job)


def _become_owner(sys: Process, log: Msg, params: Params) -> None:
    """Work in the queue directory with the rights of the mail system. Raises Fatal."""
    owner = accounts.getpwnam(sys, params["mail_owner"])
    if owner is None:
        log.fatal(f"file {params['config_directory']}/main.cf: parameter mail_owner: unknown user name value: "
                  f"{params['mail_owner']}")
    try:
        sys.chdir(params["queue_directory"])
    except SysError as error:
        log.fatal(f"chdir {params['queue_directory']}: {error}")
    sys.setgroups([owner.gid])
    sys.setegid(owner.gid)
    sys.seteuid(owner.uid)


class Superintendent:
    """Does the work in the queue directory."""

    def __init__(self, sys: Process, log: Msg, queue: Queue) -> None:
        self.sys = sys
        self.log = log
        self.queue = queue

    async def work(self, job: Job) -> int:
        """Do all that is asked for: single messages first, then whole queues."""
        counts: dict[str, int] = {}
        for letter in ORDER:
            for name in job.wanted.get(letter, ()):
                counts.setdefault(letter, 0)
                if name == STDIN:
                    async for line in self.sys.stdin:
                        counts[letter] += self._single(letter, line.decode("utf-8", "replace").strip(), job.queues)
                elif name != ALL:
                    counts[letter] += self._single(letter, name, job.queues)
        for letter in ORDER:
            if ALL in job.wanted.get(letter, ()):
                counts[letter] += self._all(letter, job.queues)
        if job.structure:
            self._structure(job.queues)
        if job.purge:
            self._purge(job.queues)
        for letter in ORDER:
            if letter in counts:
                self.log.info(f"{ACTIONS[letter].summary}: {counts[letter]} message{'' if counts[letter] == 1 else 's'}")
        return 0

    def _queues(self, letter: str, limited: list[str]) -> list[str]:
        return [name for name in ACTIONS[letter].queues if not limited or name in limited]

    def _single(self, letter: str, name: str, limited: list[str]) -> int:
        """Act on one message, where it lies; how many were changed."""
        if not queue_id.valid_id(name):
            self.log.warning(f"invalid mail queue id: {name}")
            return 0
        for folder in self._queues(letter, limited):
            if self._act(letter, folder, name):
                self.log.info(f"{name}: {ACTIONS[letter].one}")
                return 1
        return 0

    def _all(self, letter: str, limited: list[str]) -> int:
        """Act on all messages of the queues."""
        count = 0
        for folder in self._queues(letter, limited):
            for name in self._names(folder):
                count += self._act(letter, folder, name)
        return count

    def _names(self, folder: str) -> list[str]:
        try:
            return list(self.queue.names(folder))
        except SysError as error:
            if error.name == "ENOENT":
                return []
            self.log.fatal(f"scan_dir_push: open directory {folder}: {error.strerror}")

    def _act(self, letter: str, folder: str, name: str) -> bool:
        """Do it to one file; False when it is not there."""
        try:
            if letter == "d":
                self.queue.remove(folder, name)
                self._forget(name)
            elif letter == "h":
                self.queue.rename(name, folder, "hold")
            elif letter == "H":
                self._touch("hold", name)
                self.queue.rename(name, "hold", "deferred")
            elif letter == "r":
                self._touch(folder, name)
                self.queue.rename(name, folder, "maildrop")
                self._forget(name)
            else:
                self._expire(folder, name, release=letter == "f")
        except SysError as error:
            if error.name != "ENOENT":
                self.log.warning(f"{'remove' if letter == 'd' else 'rename'} {folder}/{name}: {error.strerror}")
            return False
        return True

    def _touch(self, folder: str, name: str) -> None:
        """Make a message due."""
        now = self.sys.clock()
        self.sys.utime(self.queue.path(folder, name), now, now)

    def _expire(self, folder: str, name: str, release: bool) -> None:
        path = self.queue.path(folder, name)
        self.sys.chmod(path, self.sys.stat(path).mode & 0o7777 | EXPIRED_MODE)
        if release and folder == "hold":
            self._touch(folder, name)
            self.queue.rename(name, folder, "deferred")

    def _forget(self, name: str) -> None:
        """The notes on a message go with it."""
        for log in queue_id.LOGS:
            try:
                self.sys.unlink(self.queue.path(log, name))
            except SysError:
                continue

    def _structure(self, limited: list[str]) -> None:
        """Each file where and as its inode says: short names hold the inode number, hashed queues have directories."""
        renamed = moved = 0
        for folder in limited or [*DEFAULT_QUEUES, "flush", *queue_id.LOGS]:
            for path, name in self._paths(folder):
                if not queue_id.valid_id(name):
                    continue
                if folder in DEFAULT_QUEUES:
                    inode = f"{self.sys.lstat(path).ino:X}"
                    if queue_id.inode_text(name) != inode and not queue_id.is_long(name):
                        new = name[:5] + inode
                        self._rename(path, self.queue.path(folder, new))
                        renamed += 1
                        continue
                wanted = self.queue.path(folder, name)
                if wanted != path:
                    self._rename(path, wanted)
                    moved += 1
        for count, text in ((renamed, "Renamed to match inode number"), (moved, "Renamed to match hashed directory")):
            if count:
                self.log.info(f"{text}: {count} message{'' if count == 1 else 's'}")

    def _rename(self, old: str, new: str) -> None:
        self.queue.make_folders(new)
        try:
            self.sys.rename(old, new)
        except SysError as error:
            self.log.warning(f"rename {old} as {new}: {error.strerror}")

    def _paths(self, folder: str) -> list[tuple[str, str]]:
        """All files under a queue directory: (path, name). Raises Fatal when it cannot be read."""
        found: list[tuple[str, str]] = []
        try:
            names = self.sys.listdir(folder)
        except SysError as error:
            if error.name == "ENOENT":
                return []
            self.log.fatal(f"scan_dir_push: open directory {folder}: {error.strerror}")
        for name in names:
            path = f"{folder}/{name}"
            if len(name) == 1 and self.sys.isdir(path):
                found += self._paths(path)
            else:
                found.append((path, name))
        return found

    def _purge(self, limited: list[str]) -> None:
        """Remove the temporary files that were left a day ago."""
        count = 0
        for folder in limited or DEFAULT_QUEUES:
            for path, name in self._paths(folder):
                if "." in name and self.sys.clock() - self.sys.lstat(path).mtime > STALE:
                    self.sys.unlink(path)
                    count += 1
        if count:
            self.log.info(f"Removed stale temporary files: {count} file{'' if count == 1 else 's'}")
