"""wall - write a message to all users

SYNOPSIS
    wall [-n] [-g GROUP] [FILE | MESSAGE]...

DESCRIPTION
    Writes a message (the words, a file, or the standard input) on the terminals of all who are logged in, as utmp knows them.

BUGS
    -t is accepted without effect: terminals of the lab never block.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._utmp import sessions
from maillab.shell.options import fail, gnu
from maillab.sim.host.accounts import getgrnam, user_name
from maillab.sim.host.errno import SysError
from maillab.sim.kernel.calendar import strftime

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"bsdutils": "/usr/bin/wall"}

OPTIONS = gnu("-g,--group= -n,--nobanner -t,--timeout= -h,--help -V,--version", standard=False)
HELP = """
Usage:
 wall [options] [<file> | <message>]

Write a message to all users.

Options:
 -g, --group <group>     only send message to group
 -n, --nobanner          do not print banner, works only for root
 -t, --timeout <timeout> write timeout in seconds

 -h, --help              display this help
 -V, --version           display version

For more details see wall(1).
"""
WIDTH = 79


async def main(sys: Process, argv: list[str]) -> int:
    """wall."""
    given = await OPTIONS.read(sys, argv, help=HELP, version="wall from util-linux 2.38.1\n")
    group = given.last("group")
    members = getgrnam(sys, group) if group else None
    if group and members is None:
        await fail(sys, argv, f"{group}: unknown gid", status=1)
    if given.has("nobanner") and sys.euid:
        await sys.stderr.print("wall: --nobanner is available only for root")
    text = await _message(sys, argv, given.operands)
    banner = "" if given.has("nobanner") and not sys.euid else _banner(sys)
    lines = [piece for line in text.splitlines() for piece in textwrap.wrap(line, WIDTH) or [""]]
    shown = f"\r{banner}\r\n" + "".join(f"{line:<{WIDTH}}\r\n" for line in lines) + "\r\n"
    for session in sessions(sys):
        if members is not None and session.user not in members.members:
            continue
        try:
            fd = sys.open(f"/dev/{session.line}", "cn")
            await sys.write(fd, shown.encode("utf-8", "surrogateescape"))
            sys.close(fd)
        except SysError:
            continue
    return 0


async def _message(sys: Process, argv: list[str], words: list[str]) -> str:
    if len(words) == 1 and sys.exists(words[0]):
        try:
            return sys.slurp(words[0]).decode("utf-8", "surrogateescape")
        except SysError as error:
            await fail(sys, argv, f"cannot open {words[0]}: {error}", status=1)
    return " ".join(words) if words else (await sys.stdin.read()).decode("utf-8", "surrogateescape")


def _banner(sys: Process) -> str:
    who = user_name(sys, sys.uid)
    where = sys.ttyname(0).removeprefix("/dev/") if sys.isatty(0) else "somewhere"
    line = f"Broadcast message from {who}@{sys.hostname()} ({where}) ({strftime('%a %b %e %H:%M:%S %Y', sys.clock())}):"
    return f"{'':<{WIDTH}}\r\n{line:<{WIDTH}}\r\n{'':<{WIDTH}}"
