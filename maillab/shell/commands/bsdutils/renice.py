"""renice - change the priority of running processes

SYNOPSIS
    renice [-n] PRIORITY [-p] PID...
    renice [-n] PRIORITY -g PGID...
    renice [-n] PRIORITY -u USER...
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell import proc
from maillab.sim.host.accounts import getpwnam
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"bsdutils": "/usr/bin/renice"}

HELP = """
Usage:
 renice [-n] <priority> [-p|--pid] <pid>...
 renice [-n] <priority>  -g|--pgrp <pgid>...
 renice [-n] <priority>  -u|--user <user>...

Alter the priority of running processes.

Options:
 -n, --priority <num>   specify the nice value
 -p, --pid              interpret arguments as process ID (default)
 -g, --pgrp             interpret arguments as process group ID
 -u, --user             interpret arguments as username or user ID

 -h, --help             display this help
 -V, --version          display version

For more details see renice(1).
"""
TRY = "Try 'renice --help' for more information.\n"
KINDS = {"-p": "process ID", "--pid": "process ID", "-g": "process group ID", "--pgrp": "process group ID", "-u": "user ID",
         "--user": "user ID"}  # fmt: skip


async def main(sys: Process, argv: list[str]) -> int:
    """renice."""
    words = argv[1:]
    if words[:1] in (["-h"], ["--help"]):
        await sys.stdout.write(HELP)
        return 0
    if words[:1] in (["-V"], ["--version"]):
        await sys.stdout.print("renice from util-linux 2.38.1")
        return 0
    if words[:1] in (["-n"], ["--priority"]):
        words = words[1:]
    if len(words) < 2:
        await sys.stderr.write(f"renice: not enough arguments\n{TRY}")
        return 1
    if not words[0].lstrip("+-").isdigit():
        await sys.stderr.write(f"renice: invalid priority '{words[0]}'\n{TRY}")
        return 1
    value, kind, status = int(words[0]), "process ID", 0
    for word in words[1:]:
        if word in KINDS:
            kind = KINDS[word]
        elif not await _one(sys, word, kind, value):
            status = 1
    return status


async def _one(sys: Process, word: str, kind: str, value: int) -> bool:
    """One process, group or user; False after an error."""
    user = getpwnam(sys, word) if kind == "user ID" else None
    if user is None and not word.isdigit():
        await sys.stderr.print(f"renice: unknown user {word}" if kind == "user ID" else f"renice: bad {kind} value: {word}")
        return False
    number = user.uid if user else int(word)
    every = proc.processes(sys)
    if kind == "process ID":
        pids = [number]
    elif kind == "user ID":
        pids = [info.pid for info in every if info.uid == number]
    else:
        pids = [info.pid for info in every if info.pgid == number]
    try:
        old = min([sys.getpriority(pid) for pid in pids], default=None)
    except SysError:
        old = None
    if old is None:
        await sys.stderr.print(f"renice: failed to get priority for {number} ({kind}): No such process")
        return False
    try:
        for pid in pids:
            sys.setpriority(pid, value)
    except SysError as error:
        await sys.stderr.print(f"renice: failed to set priority for {number} ({kind}): {error}")
        return False
    await sys.stdout.print(f"{number} ({kind}) old priority {old}, new priority {min(sys.getpriority(pid) for pid in pids)}")
    return True
