"""vipw, vigr - edit the password or group file

SYNOPSIS
    vipw [-g] [-p] [-s] [-q]
    vigr [-g] [-p] [-s] [-q]

DESCRIPTION
    Runs the editor ($VISUAL, $EDITOR, vi) on a copy of /etc/passwd (vigr: /etc/group; -s: the shadow files) and puts it in place of
    the file when the editor changed it and ended well.

BUGS
    -R is refused. The file is not locked while it is edited.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.passwd._database import replace_file
from maillab.shell.options import gnu
from maillab.sim.host.accounts import GROUP, GSHADOW, PASSWD, SHADOW
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"passwd": ["/usr/sbin/vipw", "/usr/sbin/vigr"]}

OPTIONS = gnu("-g,--group -h,--help -p,--passwd -q,--quiet -R,--root= -s,--shadow", standard=False)
USAGE = """Usage: vipw [options]

Options:
  -g, --group                   edit group database
  -h, --help                    display this help message and exit
  -p, --passwd                  edit passwd database
  -q, --quiet                   quiet mode
  -R, --root CHROOT_DIR         directory to chroot into
  -s, --shadow                  edit shadow or gshadow database

"""


async def main(sys: Process, argv: list[str]) -> int:
    """vipw."""
    program = argv[0].rpartition("/")[2]
    usage = USAGE.replace("vipw", program)
    given = await OPTIONS.read(sys, argv, help=usage, hint=usage)
    if given.has("root"):
        await sys.stderr.print(f"{program}: -R is not simulated")
        return 1
    groups = given.latest("group", "passwd") == "group" or (program == "vigr" and not given.has("passwd"))
    path = (GSHADOW if groups else SHADOW) if given.has("shadow") else GROUP if groups else PASSWD
    if sys.euid:
        await sys.stderr.write(f"{program}: Permission denied.\n{program}: Couldn't lock file: Permission denied\n{program}: {path} is unchanged\n")
        return 1
    copy = f"{path}.edit"
    try:
        old = sys.slurp(path)
        sys.spew(copy, old, mode=0o600)
    except SysError as error:
        await sys.stderr.print(f"{program}: {path}: {error}")
        return 1
    trouble = await _edit(sys, copy)
    new = b"" if trouble or not sys.exists(copy) else sys.slurp(copy)
    if sys.exists(copy):
        sys.unlink(copy)
    if trouble or new in (b"", old):
        await sys.stderr.write(f"{program}: {trouble}\n" if trouble else "")
        await sys.stderr.print(f"{program}: {path} is unchanged")
        return 1 if trouble else 0
    replace_file(sys, path, new)
    if not given.has("quiet"):
        await _remind(sys, path, program)
    return 0


async def _edit(sys: Process, path: str) -> str:
    """Run the editor; what went wrong, if anything."""
    editor = sys.env.get("VISUAL") or sys.env.get("EDITOR") or "vi"
    pid = sys.spawn("/bin/sh", ["sh", "-c", f"{editor} {path}"])
    _, status = await sys.waitpid(pid)
    if status is None or status.shell == 0:
        return ""
    if status.signal:
        return f"{editor} killed by signal {status.signal}"
    return f"{editor} returned with status {status.code}"


async def _remind(sys: Process, path: str, program: str) -> None:
    other = {PASSWD: SHADOW, SHADOW: PASSWD, GROUP: GSHADOW, GSHADOW: GROUP}[path]
    if not sys.exists(other):
        return
    option = "" if path in (SHADOW, GSHADOW) else " -s"
    await sys.stdout.write(
        f"You have modified {path}.\nYou may need to modify {other} for consistency.\nPlease use the command '{program}{option}' to do so.\n"
    )
