"""pidof - find the process numbers of running programs

SYNOPSIS
    pidof [-s] [-c] [-q] [-x] [-o PID]... [-S SEPARATOR] PROGRAM...

DESCRIPTION
    A program is found by its name, the name of its executable or its first argument; the newest comes first. -x finds scripts too.
"""
from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell import proc
from maillab.shell.options import posix
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"sysvinit-utils": "/bin/pidof"}

OPTIONS = posix("qhco:sxzd:S:n", permute=True)


async def main(sys: Process, argv: list[str]) -> int:
    given = await OPTIONS.read(sys, argv, hint="")
    omitted = [sys.ppid if word == "%PPID" else int(word) for value in given.values("o") for word in value.split(",")
               if word.isdigit() or word == "%PPID"]
    found: list[int] = []
    for program in given.operands:
        found += [p.pid for p in reversed(proc.processes(sys)) if p.pid not in (sys.pid, *omitted) and _is(sys, p, program, given.has("x"))]
    if given.has("s"):
        found = found[:1]
    if found and not given.has("q"):
        await sys.stdout.print((given.last("S") or given.last("d") or " ").join(map(str, found)))
    return 0 if found else 1


def _is(sys: Process, p: proc.ProcessInfo, program: str, scripts: bool) -> bool:
    if p.state == "Z":
        return False
    if program.startswith("/"):
        try:
            return sys.readlink(f"/proc/{p.pid}/exe") == sys.realpath(program)
        except SysError:
            return bool(p.argv) and p.argv[0] == program
    first = p.argv[0].lstrip("-") if p.argv else p.comm
    names = [first, first.rpartition("/")[2]]
    if scripts and len(p.argv) > 1:
        names += [p.argv[1], p.argv[1].rpartition("/")[2]]
    return program in names or (not p.argv and program == p.comm)
