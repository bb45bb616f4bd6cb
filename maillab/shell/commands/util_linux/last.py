"""last, lastb - show a listing of last logged in users

SYNOPSIS
    last [options] [username...] [tty...]

DESCRIPTION
    When the log of logins (/var/log/wtmp) begins. Nobody logs in to a simulated host through login(1), so it has no records.

BUGS
    Records of a wtmp file copied from elsewhere are not shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.options import TRY_HELP, fail, gnu
from maillab.sim.host.errno import SysError
from maillab.sim.kernel import calendar

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"util-linux": ["/usr/bin/last", "/usr/bin/lastb"]}

OPTIONS = gnu(
    "-0 -1 -2 -3 -4 -5 -6 -7 -8 -9 -a,--hostlast -d,--dns -f,--file= -F,--fulltimes -i,--ip -n,--limit= -p,--present= -R,--nohostname "
    "-s,--since= -t,--until= -w,--fullnames -x,--system --time-format= -h,--help -V,--version",
    standard=False,
)


async def main(sys: Process, argv: list[str]) -> int:
    """last."""
    given = await OPTIONS.read(sys, argv, help=__doc__ + "\n", version="last from util-linux 2.38.1\n", hint=TRY_HELP)
    default = "/var/log/btmp" if argv[0].endswith("lastb") else "/var/log/wtmp"
    path = given.last("file") or default
    try:
        sys.close(sys.open(path, "r"))
        began = sys.stat(path).ctime
    except SysError as error:
        await fail(sys, argv, f"cannot open {path}: {error.strerror}")
    name = path.rpartition("/")[2]
    await sys.stdout.write(f"\n{name} begins {calendar.strftime('%a %b %e %H:%M:%S %Y', began)}\n")
    return 0
