"""mailbox_file - append to an mbox file, or add to a maildir, with the locks and the errors of Postfix 3.7.11

Everything happens with the rights of the process at that moment (see `as_user`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from stat import S_ISREG
from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError
from maillab.sim.mail.dsn import Dsn

if TYPE_CHECKING:
    from maillab.sim.host.process import Process
    from maillab.sim.postfix.lib.msg import Msg
    from maillab.sim.postfix.lib.params import Params

FULL = {"ENOSPC": "4.2.2", "EDQUOT": "5.2.2", "EFBIG": "5.2.2", "EAGAIN": "4.2.0", "ESTALE": "4.2.0"}
FILE_TOO_LARGE = "File too large"
WRITING_COST = 400
"""Microseconds that a mailbox file takes to reach the disk: longer than the posting of a message takes to be confirmed."""
UNIX, WRITE_ERROR = "x-unix", "input/output error"
"""What the report to the sender says of an error while writing."""


@dataclass(slots=True)
class Owner:
    """Whose rights a delivery uses."""

    uid: int
    gid: int
    name: str = ""
    home: str = ""
    shell: str = ""


@contextmanager
def as_user(sys: Process, uid: int, gid: int) -> Iterator[None]:
    """Act with the rights of a user for a while (only root can)."""
    if sys.uid != 0:
        yield
        return
    old_uid, old_gid, groups = sys.euid, sys.egid, list(sys.groups)
    sys.seteuid(0)
    sys.setegid(gid)
    sys.setgroups([gid])
    sys.seteuid(uid)
    try:
        yield
    finally:
        sys.seteuid(0)
        sys.setgroups(groups)
        sys.setegid(old_gid)
        sys.seteuid(old_uid)


def check_limit(log: Msg, params: Params, name: str) -> None:
    """A mailbox must have room for the biggest message. Raises Fatal."""
    limit, message = params.integer(name), params.integer("message_size_limit")
    if limit and not message:
        log.fatal(f"configuration error: {name} is limited but message_size_limit is unlimited")
    if 0 < limit < message:
        log.fatal(f"configuration error: {name} is smaller than message_size_limit")


def failure(error: SysError, default: str, text: str) -> Dsn:
    """The status of a file error."""
    return Dsn(FULL.get(error.name, default), text)


async def append_mbox(sys: Process, log: Msg, params: Params, path: str, data: bytes, owner: Owner,
                      chown: bool = False, limit: int = 0) -> Dsn | None:
    """Append one message to a mailbox file, under its locks; None when it is in, else why not.

    `chown`: a new file is given to the owner. `limit`: the size in octets that the file may reach, 0 for any.
    """
    styles = params["mailbox_delivery_lock"].replace(",", " ").split()
    lock = f"{path}.lock"
    if "dotlock" in styles:
        trouble = await _dotlock(sys, params, lock)
        if trouble is not None:
            if trouble.reason.endswith("Permission denied") and len(styles) > 1:
                lock = ""
            else:
                return trouble
    else:
        lock = ""
    try:
        return await _append(sys, log, params, path, data, owner, chown, limit, styles)
    finally:
        if lock:
            sys.unlink(lock)


async def _dotlock(sys: Process, params: Params, lock: str) -> Dsn | None:
    """Take a lock file; a stale one is removed."""
    tries = params.integer("deliver_lock_attempts")
    for attempt in range(tries):
        try:
            sys.close(sys.open(lock, "x", 0o444))
            return None
        except SysError as error:
            if error.name != "EEXIST":
                return failure(error, "5.2.0", f"unable to create lock file {lock}: {error}")
            age = (sys.clock() - sys.stat(lock).ctime) / 1_000_000
            if age > params.seconds("stale_lock_time"):
                sys.unlink(lock)
        if attempt + 1 < tries:
            await sys.sleep(params.seconds("deliver_lock_delay"))
    return Dsn("4.2.0", f"unable to create lock file {lock}: File exists")


async def _append(sys: Process, log: Msg, params: Params, path: str, data: bytes, owner: Owner, chown: bool, limit: int,
                  styles: list[str]) -> Dsn | None:
    try:
        new = not sys.exists(path)
        fd = sys.open(path, "a", 0o600)
    except SysError as error:
        return failure(error, "5.2.0", f"cannot open file: {error}")
    try:
        if new and chown:
            sys.fchown(fd, owner.uid, -1)
        status = sys.fstat(fd)
        if not S_ISREG(status.mode):
            return Dsn("5.2.0", f"destination {path} is not a regular file")
        strict = params.version >= (2, 5, 3) and params.boolean("strict_mailbox_ownership")
        if strict and status.uid != owner.uid and not (new and chown):
            log.warning("specify \"strict_mailbox_ownership = no\" to ignore mailbox ownership mismatch")
            return Dsn("4.2.0", f"destination {path} is not owned by recipient")
        if "fcntl" in styles or "flock" in styles:
            await sys.flock(fd, "ex")
        await sys.spend(WRITING_COST)
        return _write(sys, fd, data, limit)
    finally:
        sys.close(fd)


def _write(sys: Process, fd: int, data: bytes, limit: int) -> Dsn | None:
    """Write it all, or leave the file as it was."""
    size = sys.fstat(fd).size
    if limit and size + len(data) > limit:
        return Dsn("5.2.2", f"error writing message: {FILE_TOO_LARGE}", "", UNIX, WRITE_ERROR)
    try:
        sys.write_now(fd, data)
    except SysError as error:
        sys.ftruncate(fd, size)
        return replace(failure(error, "4.3.0", f"error writing message: {error}"), diagnostic_type=UNIX,
                       diagnostic_text=WRITE_ERROR)
    return None


def add_maildir(sys: Process, folder: str, data: bytes, limit: int = 0) -> Dsn | None:
    """Add one message to a maildir (`folder` ends with a slash), made when it is not there; None when it is in."""
    now = sys.clock()
    host = sys.hostname()
    temporary = f"{folder}tmp/{now // 1_000_000}.P{sys.pid}.{host}"
    try:
        fd = _open_new(sys, folder, temporary)
    except SysError as error:
        return failure(error, "5.2.0", f"create maildir file {temporary}: {error}")
    try:
        status = sys.fstat(fd)
        trouble = _write(sys, fd, data, limit)
    finally:
        sys.close(fd)
    final = f"{folder}new/{now // 1_000_000}.V{status.dev:x}I{status.ino:x}M{now % 1_000_000}.{host}"
    if trouble is None:
        try:
            sys.link(temporary, final)
        except SysError:
            try:
                _make_folders(sys, folder)
                sys.link(temporary, final)
            except SysError as error:
                trouble = failure(error, "5.2.0", f"link to {final}: {error}")
    sys.unlink(temporary)
    return trouble


def _open_new(sys: Process, folder: str, path: str) -> int:
    try:
        return sys.open(path, "x", 0o600)
    except SysError as error:
        if error.name != "ENOENT":
            raise
        _make_folders(sys, folder)
        return sys.open(path, "x", 0o600)


def _make_folders(sys: Process, folder: str) -> None:
    """tmp, new and cur, and what is above them. Raises SysError."""
    for name in ("tmp", "new", "cur"):
        _make_path(sys, folder + name)


def _make_path(sys: Process, path: str) -> None:
    if sys.isdir(path):
        return
    parent = path.rstrip("/").rpartition("/")[0]
    if parent and not sys.isdir(parent):
        _make_path(sys, parent)
    sys.mkdir(path, 0o700)
    if sys.stat(path).gid != sys.egid:
        sys.chown(path, -1, sys.egid)
