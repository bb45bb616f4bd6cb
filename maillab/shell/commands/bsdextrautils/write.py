"""write - send a message to another user's terminal

SYNOPSIS
    write USER [TTY]

DESCRIPTION
    What is typed, up to ^D, appears on the terminal where the user is logged in (as utmp knows), after a line that says from whom.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._utmp import sessions
from maillab.shell.options import gnu
from maillab.sim.host.accounts import user_name
from maillab.sim.host.errno import SysError
from maillab.sim.kernel.calendar import strftime

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"bsdextrautils": "/usr/bin/write"}

OPTIONS = gnu("-h,--help -V,--version", standard=False)
HELP = """
Usage:
 write [options] <user> [<ttyname>]

Send a message to another user.

Options:
 -h, --help     display this help
 -V, --version  display version

For more details see write(1).
"""


async def main(sys: Process, argv: list[str]) -> int:
    """write."""
    given = await OPTIONS.read(sys, argv, help=HELP, version="write from util-linux 2.38.1\n")
    if not 1 <= len(given.operands) <= 2:
        await sys.stderr.write("Try 'write --help' for more information.\n")
        return 1
    user = given.operands[0]
    lines = [session.line for session in sessions(sys) if session.user == user]
    if not lines:
        where = f" on {given.operands[1].removeprefix('/dev/')}" if len(given.operands) > 1 else ""
        await sys.stderr.print(f"write: {user} is not logged in{where}")
        return 1
    wanted = given.operands[1].removeprefix("/dev/") if len(given.operands) > 1 else lines[0]
    if wanted not in lines:
        await sys.stderr.print(f"write: {user} is not logged in on {wanted}")
        return 1
    try:
        fd = sys.open(f"/dev/{wanted}", "cn")
    except SysError:
        await sys.stderr.print(f"write: {user} has messages disabled on {wanted}")
        return 1
    mine = sys.ttyname(0).removeprefix("/dev/") if sys.isatty(0) else "<no tty>"
    greeting = f"Message from {user_name(sys, sys.uid)}@{sys.hostname()} on {mine} at {strftime('%H:%M', sys.clock())} ..."
    await sys.write(fd, f"\r\n\a\a\a{greeting}\r\n".encode())
    async for line in sys.stdin:
        await sys.write(fd, line.rstrip(b"\n") + b"\r\n")
    await sys.write(fd, b"EOF\r\n")
    return 0
