"""Becoming another user: ids, environment and shell of a session (su(1), login(1))."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from maillab.sim.host.accounts import User, getgrouplist
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

PATH_USER = "/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games"
PATH_ROOT = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
KEPT_AT_LOGIN = ("TERM", "COLORTERM", "NO_COLOR")


@dataclass
class Start:
    """What the session's shell is started as."""

    user: User
    shell: str
    arguments: Sequence[str] = ()
    login: bool = False
    keep_environment: bool = False


def environment(sys: Process, start: Start) -> dict[str, str]:
    """The environment of the session: a login shell starts afresh, others get HOME, SHELL and the user's names."""
    user = start.user
    path = PATH_USER if user.uid else PATH_ROOT
    if start.login:
        env = {name: sys.env[name] for name in KEPT_AT_LOGIN if name in sys.env}
        env |= {"HOME": user.home, "SHELL": start.shell, "USER": user.name, "LOGNAME": user.name, "PATH": path}
    else:
        env = dict(sys.env)
        if not start.keep_environment:
            env |= {"HOME": user.home, "SHELL": start.shell}
            if user.uid:
                env |= {"USER": user.name, "LOGNAME": user.name}
    if not start.keep_environment:
        env["MAIL"] = f"/var/mail/{user.name}"
    env |= _environment_file(sys)
    return env


def _environment_file(sys: Process) -> dict[str, str]:
    """/etc/environment, as pam_env reads it."""
    if not sys.isfile("/etc/environment"):
        return {}
    lines = sys.slurp("/etc/environment").decode("utf-8", "surrogateescape").splitlines()
    pairs = (line.removeprefix("export ").split("=", 1) for line in lines if "=" in line and not line.lstrip().startswith("#"))
    return {name.strip(): value.strip().strip("\"'") for name, value in pairs}


def become_user(sys: Process, user: User, groups: Sequence[int] | None = None, gid: int | None = None) -> None:
    """initgroups, setgid, setuid: for good."""
    primary = user.gid if gid is None else gid
    sys.setgroups(list(groups) if groups is not None else getgrouplist(sys, user.name, primary))
    sys.setgid(primary)
    sys.setuid(user.uid)


async def run_shell(sys: Process, program: str, start: Start) -> NoReturn:
    """Replace the process (which is the user already) by the shell; a message and 126 or 127 when it cannot be run."""
    base = start.shell.rpartition("/")[2]
    if start.login:
        try:
            sys.chdir(start.user.home)
        except SysError as error:
            await sys.stderr.write(f"{program}: warning: cannot change directory to {start.user.home}: {error}\n")
    try:
        await sys.execve(start.shell, [f"-{base}" if start.login else base, *start.arguments], sys.env)
    except SysError as error:
        await sys.stderr.write(f"{program}: failed to execute {start.shell}: {error}\n")
        sys.exit(127 if error.name == "ENOENT" else 126)


def valid_shells(sys: Process) -> list[str]:
    """The shells of /etc/shells."""
    if not sys.isfile("/etc/shells"):
        return ["/bin/sh", "/bin/csh"]
    lines = sys.slurp("/etc/shells").decode("utf-8", "surrogateescape").splitlines()
    return [line.strip() for line in lines if line.startswith("/")]
