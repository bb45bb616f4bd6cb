"""su - run a command with substitute user and group ID

SYNOPSIS
    su [options] [-] [USER [ARGUMENT]...]

DESCRIPTION
    Starts a shell as another user, root when none is named. With `-` (-l) it is a login shell: a new environment, the user's home
    directory.
    -c gives the shell a command. Root is asked for no password. What happened is written to auth.log.

BUGS
    -P (a terminal of its own) is taken as if it were not given; the lab says so. /etc/pam.d is not read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.conversation import authenticate, session_closed, session_opened, tty_name
from maillab.shell.options import Given, gnu
from maillab.shell.session import Start, become_user, environment, run_shell, valid_shells
from maillab.sim.host.accounts import User, getgrnam, getpwnam, user_name
from maillab.sim.host.errno import SysError
from maillab.sim.host.signals import SIGINT, SIGQUIT

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"util-linux": "/bin/su"}
OPTIONS = gnu(
    "-c,--command= -C,--session-command= -f,--fast -g,--group= -G,--supp-group= -l,--login -m,--preserve-environment -p "
    "-P,--pty -s,--shell= "
    "-w,--whitelist-environment= -h,--help -V,--version",
    standard=False,
    permute=True,
)
HELP = """
Usage:
 su [options] [-] [<user> [<argument>...]]

Change the effective user ID and group ID to that of <user>.
A mere - implies -l.  If <user> is not given, root is assumed.

Options:
 -m, -p, --preserve-environment      do not reset environment variables
 -w, --whitelist-environment <list>  don't reset specified variables

 -g, --group <group>             specify the primary group
 -G, --supp-group <group>        specify a supplemental group

 -, -l, --login                  make the shell a login shell
 -c, --command <command>         pass a single command to the shell with -c
 --session-command <command>     pass a single command to the shell with -c
                                   and do not create a new session
 -f, --fast                      pass -f to the shell (for csh or tcsh)
 -s, --shell <shell>             run <shell> if /etc/shells allows it
 -P, --pty                       create a new pseudo-terminal

 -h, --help                      display this help
 -V, --version                   display version

For more details see su(1).
"""


async def main(sys: Process, argv: list[str]) -> int:
    given = await OPTIONS.read(sys, argv, hint=TRY)
    if given.has("help"):
        await sys.stdout.write(HELP)
        return 0
    if given.has("version"):
        await sys.stdout.write("su from util-linux 2.38.1\n")
        return 0
    if given.has("pty"):
        sys.unsimulated("su --pty")
    operands = list(given.operands)
    login = given.has("login")
    if operands and operands[0] == "-":
        login = True
        operands.pop(0)
    name = operands.pop(0) if operands else "root"
    user = getpwnam(sys, name)
    if user is None:
        await sys.stderr.write(f"su: user {name} does not exist or the user entry does not contain all the required fields\n")
        return 1
    service = "su-l" if login else "su"
    if not await authenticate(sys, service, name):
        sys.syslog("auth", "notice", "su", f"FAILED SU (to {name}) {user_name(sys, sys.uid)} on {_terminal(sys)}")
        await sys.stderr.write("su: Authentication failure\n")
        return 1
    sys.syslog("auth", "notice", "su", f"(to {name}) {user_name(sys, sys.uid)} on {_terminal(sys)}")
    start = await _start(sys, given, user, login, operands)
    groups = await _groups(sys, given)
    return await _run(sys, service, start, groups, new_session=given.has("command"))


TRY = "Try 'su --help' for more information.\n"


def _terminal(sys: Process) -> str:
    return tty_name(sys).removeprefix("/dev/") or "none"


async def _start(sys: Process, given: Given, user: User, login: bool, operands: list[str]) -> Start:
    keep = given.has("preserve-environment", "p") and not login
    shell = given.last("shell") or (sys.env.get("SHELL") if keep else None) or user.shell or "/bin/sh"
    if given.last("shell") and sys.uid and user.shell not in valid_shells(sys):
        await sys.stderr.write(f"su: using restricted shell {user.shell}\n")
        shell = user.shell
    command = given.last("command") or given.last("session-command")
    arguments = [*(["-f"] if given.has("fast") else []), *(["-c", command] if command is not None else []), *operands]
    return Start(user, shell, arguments, login, keep)


async def _groups(sys: Process, given: Given) -> tuple[list[int] | None, int | None]:
    """The groups of -G and -g, which only root may give."""
    names = [*given.values("supp-group"), *given.values("group")]
    if names and sys.uid:
        await sys.stderr.write("su: only root can specify alternative groups\n")
        sys.exit(1)
    gids = []
    for name in names:
        group = getgrnam(sys, name)
        if group is None:
            await sys.stderr.write(f"su: group {name} does not exist\n")
            sys.exit(1)
        gids.append(group.gid)
    extra = gids[: len(given.values("supp-group"))]
    return (extra or None), (gids[-1] if given.has("group") else (extra[0] if extra else None))


async def _run(sys: Process, service: str, start: Start, groups: tuple[list[int] | None, int | None], new_session: bool) -> int:
    """The shell as a child, the session's begin and end in the log; the child's exit status."""
    session_opened(sys, service, start.user.name, start.user.uid)
    env = environment(sys, start)

    async def child(process: Process) -> int:
        if new_session:
            process.setsid()
        become_user(process, start.user, *groups)
        process.env = env
        await run_shell(process, "su", start)

    pid = sys.fork(child, comm="su")
    sys.signal(SIGINT, "ignore")
    sys.signal(SIGQUIT, "ignore")
    while True:
        try:
            _, status = await sys.waitpid(pid)
            break
        except SysError as error:
            if error.name != "EINTR":
                raise
    session_closed(sys, service, start.user.name)
    assert status is not None
    return status.code or 0 if status.exited else 128 + (status.signal or 0)
