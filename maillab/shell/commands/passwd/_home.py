"""Home directories: made from /etc/skel, moved and removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.passwd._database import number_of
from maillab.sim.host.accounts import User
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process


async def make_home(sys: Process, user: User, skeleton: str, settings: dict[str, str]) -> None:
    """The home directory of a new user, with the skeleton's files, all of them the user's own."""
    if sys.exists(user.home):
        await sys.stderr.write(
            f"useradd: warning: the home directory {user.home} already exists.\nuseradd: Not copying any file from skel "
            f"directory into it.\n"
        )
        return
    mode = number_of(settings, "HOME_MODE", 0o777 & ~number_of(settings, "UMASK", 0o022))
    parts = user.home.strip("/").split("/")
    try:
        for depth in range(1, len(parts)):
            above = "/" + "/".join(parts[:depth])
            if not sys.exists(above):
                sys.mkdir(above, 0o755)
        sys.mkdir(user.home, 0o700)
    except SysError as error:
        await sys.stderr.write(f"useradd: cannot create directory {user.home}: {error}\n")
        sys.exit(12)
    if sys.isdir(skeleton):
        copy_tree(sys, skeleton, user.home, user.uid, user.gid)
    sys.chown(user.home, user.uid, user.gid)
    sys.chmod(user.home, mode)


def copy_tree(sys: Process, source: str, target: str, uid: int, gid: int) -> None:
    """Copy what is in a directory, modes and times kept, owned by a user."""
    for name in sorted(sys.listdir(source)):
        old, new = f"{source}/{name}", f"{target}/{name}"
        about = sys.lstat(old)
        if about.kind == "d":
            sys.mkdir(new, 0o700)
            copy_tree(sys, old, new, uid, gid)
        elif about.kind == "l":
            sys.symlink(sys.readlink(old), new)
            sys.lchown(new, uid, gid)
            continue
        elif about.kind == "-":
            sys.spew(new, sys.slurp(old), mode=0o600)
        else:
            continue
        sys.chown(new, uid, gid)
        sys.chmod(new, about.mode & 0o7777)
        sys.utime(new, about.atime, about.mtime)


def remove_tree(sys: Process, path: str) -> None:
    """Remove a directory with all that is in it. Raises SysError."""
    for name in sys.listdir(path):
        inside = f"{path}/{name}"
        if sys.lstat(inside).kind == "d":
            remove_tree(sys, inside)
        else:
            sys.unlink(inside)
    sys.rmdir(path)
