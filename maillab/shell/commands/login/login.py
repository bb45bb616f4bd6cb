"""login - begin session on the system

SYNOPSIS
    login [-p] [-h HOST] [USER]
    login -f USER

DESCRIPTION
    Asks for a name and a password and starts the user's login shell on this terminal. Only root may use it.

BUGS
    -h and -r are taken as if they were not given. /etc/securetty is not read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.conversation import FAIL_DELAY, ask, ask_hidden, password_fits, session_closed, session_opened, tty_name
from maillab.shell.session import Start, become_user, environment, run_shell
from maillab.sim.host.accounts import User, getpwnam

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"login": "/bin/login"}
TRIES = 5


async def main(sys: Process, argv: list[str]) -> int:
    if sys.euid:
        await sys.stdout.write("login: Cannot possibly work without effective root\n")
        return 1
    words = [word for word in argv[1:] if word != "--"]
    names = [word for word in words if not word.startswith("-")]
    user = getpwnam(sys, names[0]) if names else None
    if "-f" not in words or user is None:
        user = await _log_in(sys, names[0] if names else "")
    if user is None:
        return 1
    session_opened(sys, "login", user.name, user.uid)
    start = Start(user, user.shell or "/bin/sh", login=True)
    env = environment(sys, start)
    if sys.isfile("/etc/motd") and not sys.exists(f"{user.home}/.hushlogin"):
        await sys.stdout.write(sys.slurp("/etc/motd"))
        await sys.stdout.flush()

    async def child(process: Process) -> int:
        become_user(process, user)
        process.env = env
        await run_shell(process, "login", start)

    pid = sys.fork(child)
    _, status = await sys.waitpid(pid)
    session_closed(sys, "login", user.name)
    return status.code or 0 if status and status.exited else 1


async def _log_in(sys: Process, name: str) -> User | None:
    for _ in range(TRIES):
        typed = name or await ask(sys, f"{sys.hostname()} login: ")
        if typed is None:
            return None
        if not typed:
            continue
        password = await ask_hidden(sys, "Password: ")
        user = getpwnam(sys, typed)
        if password is not None and user is not None and password_fits(sys, typed, password):
            return user
        facts = f"logname=LOGIN uid=0 euid=0 tty={tty_name(sys)} ruser= rhost= "
        sys.syslog("authpriv", "notice", "login", f"pam_unix(login:auth): authentication failure; {facts} user={typed}")
        await sys.sleep(FAIL_DELAY)
        await sys.stdout.write("\nLogin incorrect\n")
        name = ""
    return None
