"""Talking to the person at the terminal, as PAM's misc_conv does: prompts on stderr, passwords without echo.

Also the check of passwords against /etc/shadow that su, passwd, chsh and sudo share (pam_unix).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from maillab.sim.host.accounts import getpwnam, getpwuid, getspnam
from maillab.sim.host.crypt import verify

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

FAIL_DELAY: Final = 2.0
"""Seconds that pam_unix waits after a wrong password (it varies them by a quarter)."""


async def ask_hidden(sys: Process, prompt: str, echo_newline: bool = True) -> str | None:
    """A line typed without echo; None at the end of input."""
    await sys.stderr.write(prompt)
    terminal = sys.isatty(0) if 0 in sys.fds else False
    if not terminal:
        line = await sys.stdin.readline()
        return line.decode("utf-8", "surrogateescape").rstrip("\n") if line else None
    saved = sys.tcgetattr(0)
    hidden = saved.copy()
    hidden.echo = False
    sys.tcsetattr(0, hidden)
    try:
        line = await sys.stdin.readline()
    finally:
        sys.tcsetattr(0, saved)
    if echo_newline:
        await sys.stderr.write("\n")
    return line.decode("utf-8", "surrogateescape").rstrip("\n") if line else None


async def ask(sys: Process, prompt: str) -> str | None:
    """A line typed with echo; None at the end of input."""
    await sys.stdout.write(prompt)
    await sys.stdout.flush()
    line = await sys.stdin.readline()
    return line.decode("utf-8", "surrogateescape").rstrip("\n") if line else None


def password_fits(sys: Process, name: str, password: str) -> bool:
    """Whether the password is the user's. The process must be able to read /etc/shadow."""
    entry = getspnam(sys, name)
    user = getpwnam(sys, name)
    if entry is None:
        return user is not None and user.password != "x" and verify(password, user.password)
    return verify(password, entry.password)


async def authenticate(sys: Process, service: str, name: str, prompt: str = "Password: ") -> bool:
    """pam_unix: root needs no password, others type the one of `name`. A failure costs time and is logged."""
    if sys.uid == 0:
        return True
    password = await ask_hidden(sys, prompt)
    if password is not None and password_fits(sys, name, password):
        return True
    who = getpwuid(sys, sys.uid)
    facts = f"logname= uid={sys.uid} euid={sys.euid} tty={tty_name(sys)} ruser={who.name if who else ''} rhost= "
    sys.syslog("authpriv", "notice", service, f"pam_unix({service}:auth): authentication failure; {facts} user={name}")
    if password is not None:
        await sys.sleep(FAIL_DELAY * (75 + sys.random.randrange(50)) / 100)
    return False


def tty_name(sys: Process) -> str:
    """The terminal of the process (`/dev/pts/0`), "" without one."""
    return sys.ttyname(0) if 0 in sys.fds and sys.isatty(0) else ""


def session_opened(sys: Process, service: str, name: str, uid: int) -> None:
    """The log line of a session's begin."""
    who = getpwuid(sys, sys.uid)
    by = who.name if who and tty_name(sys) else ""
    sys.syslog(
        "authpriv",
        "info",
        service.removesuffix("-l"),
        f"pam_unix({service}:session): session opened for user {name}(uid={uid}) by {by}(uid={sys.uid})",
    )


def session_closed(sys: Process, service: str, name: str) -> None:
    """The log line of a session's end."""
    sys.syslog("authpriv", "info", service.removesuffix("-l"), f"pam_unix({service}:session): session closed for user {name}")
