"""What `postfix check` warns of: owners, access rights, chroot copies that differ, in the order of the real script."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillab.sim.host.accounts import getgrnam, getpwnam
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process
    from maillab.sim.postfix.lib.version import Version

QUEUES = ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private", "public", "saved", "trace")
JAIL = ("bin", "etc", "lib", "sbin", "usr")
WRITABLE = 0o022
SET_GID_EXECUTABLE = 0o2111


def walk(sys: Process, path: str) -> Iterator[str]:
    """A path and everything below it, parents first; links are not followed."""
    try:
        stat = sys.lstat(path)
    except SysError:
        return
    yield path
    if stat.kind == "d":
        for name in sorted(sys.listdir(path)):
            yield from walk(sys, f"{path}/{name}")


def warnings(sys: Process, env: dict[str, str], version: Version) -> Iterator[str]:
    """The sentences about everything that is not as it should be."""
    queue = env["queue_directory"]
    tops = [path for path in (f"{queue}/.", f"{queue}/pid") if _exists(sys, path)]
    yield from (f"not owned by root: {path}" for path in tops if sys.lstat(path).uid != 0)
    yield from (f"group or other writable: {path}" for path in tops if _writable(sys, path))
    shared = [env["daemon_directory"], env["config_directory"]]
    if version >= (3, 0):
        shared += [env["meta_directory"]] + ([env["shlib_directory"]] if env["shlib_directory"] != "no" else [])
    todo = sorted({f"{path}/." for path in shared})
    yield from (f"not owned by root: {path}" for top in todo for path in walk(sys, top) if sys.lstat(path).uid != 0)
    yield from (f"group or other writable: {path}" for top in todo for path in walk(sys, top) if _writable(sys, path))
    yield from _mail_owner(sys, env)
    yield from _group(sys, env)
    yield from _jail(sys, queue)
    yield from (f"damaged message: {path}" for path in walk(sys, "corrupt") if sys.lstat(path).kind == "-")
    if _differ(sys, "/usr/sbin/sendmail", "/usr/lib/sendmail"):
        yield "/usr/lib/sendmail and /usr/sbin/sendmail differ"
        yield "Replace one by a symbolic link to the other"


def _exists(sys: Process, path: str) -> bool:
    try:
        sys.lstat(path)
    except SysError:
        return False
    return True


def _writable(sys: Process, path: str) -> bool:
    """Whether group or others may write; of a link, whether they may write what it points to."""
    try:
        return bool(sys.stat(path).mode & WRITABLE)
    except SysError:
        return False


def _mail_owner(sys: Process, env: dict[str, str]) -> Iterator[str]:
    """Files that are not the mail owner's."""
    owner = env["mail_owner"]
    user = getpwnam(sys, owner)
    uid = -1 if user is None else user.uid
    data, queue = f"{env['data_directory']}/.", env["queue_directory"]
    yield from (f"not owned by {owner}: {path}" for path in walk(sys, data) if sys.lstat(path).uid != uid)
    yield from (f"group or other writable: {path}" for path in walk(sys, data) if _writable(sys, path))
    for name in QUEUES:
        for path in walk(sys, f"{queue}/{name}"):
            stat = sys.lstat(path)
            if stat.kind not in "ps" and stat.uid != uid:
                yield f"not owned by {owner}: {path}"
    maildrop = f"{queue}/maildrop"
    if _exists(sys, maildrop) and sys.lstat(maildrop).uid != uid:
        yield f"not owned by {owner}: {maildrop}"


def _group(sys: Process, env: dict[str, str]) -> Iterator[str]:
    """Files that are not the set-gid group's, and commands without the set-gid bit."""
    name, queue, commands = env["setgid_group"], env["queue_directory"], env["command_directory"]
    group = getgrnam(sys, name)
    gid = -1 if group is None else group.gid
    programs = [f"{commands}/postqueue", f"{commands}/postdrop"]
    for path in [*programs, f"{queue}/public", f"{queue}/maildrop"]:
        if _exists(sys, path) and sys.lstat(path).gid != gid:
            yield f"not owned by group {name}: {path}"
    for path in programs:
        if _exists(sys, path) and sys.lstat(path).mode & SET_GID_EXECUTABLE != SET_GID_EXECUTABLE:
            yield f"not set-gid or not owner+group+world executable: {path}"


def _jail(sys: Process, queue: str) -> Iterator[str]:
    """Copies in the chroot that root does not own, or that differ from their originals."""
    for top in JAIL:
        if not sys.isdir(top):
            continue
        paths = list(walk(sys, top))
        yield from (f"not owned by root: {queue}/{path}" for path in paths if sys.lstat(path).uid != 0)
        for path in paths:
            if sys.lstat(path).kind == "-" and sys.isfile(f"/{path}") and _differ(sys, path, f"/{path}"):
                yield f"{queue}/{path} and /{path} differ"


def _differ(sys: Process, path: str, other: str) -> bool:
    """Whether two files are both there with different contents."""
    try:
        return sys.slurp(path) != sys.slurp(other)
    except SysError:
        return False
