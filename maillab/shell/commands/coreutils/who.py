"""who - show who is logged on

Usage: who [OPTION]... [ FILE | ARG1 ARG2 ]
Print information about users who are currently logged in.

  -a, --all         same as -b -d --login -p -r -t -T -u
  -b, --boot        time of last system boot
  -d, --dead        print dead processes
  -H, --heading     print line of column headings
      --ips         print ips instead of hostnames. with --lookup,
                    canonicalizes based on stored IP, if available,
                    rather than stored hostname
  -l, --login       print system login processes
      --lookup      attempt to canonicalize hostnames via DNS
  -m                only hostname and user associated with stdin
  -p, --process     print active processes spawned by init
  -q, --count       all login names and number of users logged on
  -r, --runlevel    print current runlevel
  -s, --short       print only name, line, and time (default)
  -t, --time        print last system clock change
  -T, -w, --mesg    add user's message status as +, - or ?
  -u, --users       list users logged in
      --message     same as -T
      --writable    same as -T
      --help        display this help and exit
      --version     output version information and exit

If FILE is not specified, use /var/run/utmp.  /var/log/wtmp as FILE is common.
If ARG1 ARG2 given, -m presumed: 'am i' or 'mom likes' are usual.

BUGS
    Only -b, -H, -m, -q, -u, -a and the plain list show something: the simulated hosts record logins and the boot, nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.commands.coreutils._utmp import BOOT, PATH, Session, sessions
from maillab.shell.options import gnu
from maillab.sim.kernel.calendar import strftime

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/who"}
AUTHORS = "Joseph Arceneaux, David MacKenzie, and Michael Stone"
OPTIONS = gnu(
    "-a,--all -b,--boot -q,--count -d,--dead -H,--heading -l,--login --lookup -T,-w,--message,--mesg,--writable -m -p,--process "
    "-r,--runlevel -s,--short -t,--time -u,--users"
)


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    await command.need_operand(given.operands, 0, 2)
    path = given.operands[0] if len(given.operands) == 1 else PATH
    found = sessions(sys, path)
    if given.has("count"):
        await sys.stdout.print(*[session.user for session in found])
        await sys.stdout.print(f"# users={len(found)}")
        return 0
    if given.has("m") or len(given.operands) == 2:
        here = sys.ttyname(0).removeprefix("/dev/") if sys.isatty(0) else None
        found = [session for session in found if session.line == here]
    idle = given.has("users", "all")
    if given.has("heading"):
        await sys.stdout.print("NAME     LINE         TIME" + " " * 13 + ("IDLE          PID COMMENT" if idle else "COMMENT"))
    if given.has("boot", "all"):
        for boot in sessions(sys, path, BOOT):
            await sys.stdout.print(f"{'':8} {'system boot':12} {strftime('%Y-%m-%d %H:%M', boot.when)}")
    if not given.has("boot") or idle:
        for session in found:
            await sys.stdout.print(_line(session, idle, given.has("message", "all")))
    return 0


def _line(session: Session, idle: bool, writable: bool) -> str:
    mark = " +" if writable else ""
    text = f"{session.user:8}{mark} {session.line:12} {strftime('%Y-%m-%d %H:%M', session.when)}"
    if idle:
        text += f"   .  {session.pid:>11}"
    return f"{text} ({session.host})" if session.host else text
