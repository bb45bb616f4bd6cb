"""service - run a System V init script

SYNOPSIS
    service SCRIPT COMMAND [OPTION]...
    service --status-all
    service SCRIPT --full-restart

DESCRIPTION
    Runs /etc/init.d/SCRIPT with a clean environment (LANG, PATH and TERM only) and / as current directory. --status-all asks every script
    for its status: [ + ] runs, [ - ] does not, [ ? ] knows no status.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"init-system-helpers": "/usr/sbin/service", "sysvutils": "/usr/sbin/service"}
DIRECTORY = "/etc/init.d"
USAGE = "Usage: service < option > | --status-all | [ service_name [ command | --full-restart ] ]\n"
_STATUS = re.compile(rb"(^|\W)status\)", re.M)
_IGNORED = ("skeleton", "README", "rc", "rcS", "single", "reboot", "boot.local")


async def main(sys: Process, argv: list[str]) -> int:
    words = argv[1:]
    if not words or words[0] in ("-h", "--help"):
        await (sys.stdout if words else sys.stderr).write(USAGE)
        return 0 if words else 1
    if words[0] == "--version":
        await sys.stdout.write("service ver. 1.65.2\n")
        return 0
    sys.chdir("/")
    if words[0] == "--status-all":
        return await _status_all(sys)
    name, arguments = words[0], words[1:]
    script = f"{DIRECTORY}/{name}"
    if "/" in name or not sys.isfile(script) or not sys.access(script, "x"):
        await sys.stderr.write(f"{name}: unrecognized service\n")
        return 1
    env = _environment(sys)
    if arguments[:1] == ["--full-restart"]:
        pid = sys.spawn(script, [script, "stop"], env=env)
        await sys.waitpid(pid)
        arguments = ["start"]
    return await sys.execve(script, [script, *arguments], env)


def _environment(sys: Process) -> dict[str, str]:
    return {name: sys.env[name] for name in ("LANG", "PATH", "TERM") if name in sys.env}


async def _status_all(sys: Process) -> int:
    for name in sorted(sys.listdir(DIRECTORY)):
        script = f"{DIRECTORY}/{name}"
        if name in _IGNORED or not sys.isfile(script) or not sys.access(script, "x"):
            continue
        if not _STATUS.search(sys.slurp(script)):
            await sys.stderr.write(f" [ ? ]  {name}\n")
            continue
        code, out = await _status(sys, script)
        await sys.stdout.write(f" [ {'+' if code == 0 and out else '-'} ]  {name}\n")
        await sys.stdout.flush()
    return 0


async def _status(sys: Process, script: str) -> tuple[int, bytes]:
    read_end, write_end = sys.pipe()
    try:
        pid = sys.spawn(script, [script, "status"], env=_environment(sys), fds={0: 0, 1: write_end, 2: write_end})
    except SysError:
        return 1, b""
    finally:
        sys.close(write_end)
    out = b""
    while data := await sys.read(read_end):
        out += data
    sys.close(read_end)
    _, status = await sys.waitpid(pid)
    return (status.code or 0 if status and status.exited else 1), out
