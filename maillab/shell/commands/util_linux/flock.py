"""flock - manage locks from shell scripts

SYNOPSIS
    flock [options] file|directory command [arguments]
    flock [options] file|directory -c command
    flock [options] number
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.options import TRY_HELP, fail, gnu
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.shell.options import Given
    from maillab.sim.host.process import Process

INSTALLED = {"util-linux": "/usr/bin/flock"}

OPTIONS = gnu(
    "-s,--shared -x,-e,--exclusive -u,--unlock -n,--nonblock,--nb -w,--timeout= -E,--conflict-exit-code= -o,--close -c,--command= "
    "-F,--no-fork --verbose -h,--help -V,--version",
    standard=False, permute=False,
)  # fmt: skip
USAGE, NO_INPUT, STEP = 64, 66, 0.05


async def acquire(sys: Process, fd: int, given: Given) -> bool:
    """Take the lock; False when it is held by another for too long."""
    kind = {"shared": "sh", "unlock": "un"}.get(given.latest("shared", "exclusive", "unlock") or "", "ex")
    limit = given.last("timeout")
    if limit is None:
        return await sys.flock(fd, kind, block=not given.has("nonblock"))
    waited = 0.0
    while not await sys.flock(fd, kind, block=False):
        if waited >= float(limit):
            return False
        await sys.sleep(STEP)
        waited += STEP
    return True


async def main(sys: Process, argv: list[str]) -> int:
    """flock."""
    given = await OPTIONS.read(sys, argv, help=__doc__ + "\n", version="flock from util-linux 2.38.1\n", status=USAGE, hint=TRY_HELP)
    words = given.operands
    if not words:
        await fail(sys, argv, "not enough arguments", status=USAGE, hint=TRY_HELP)
    command = words[1:]
    if command[:1] in (["-c"], ["--command"]):
        if len(command) != 2:
            await fail(sys, argv, "-c requires exactly one command argument", status=USAGE)
        command = [sys.env.get("SHELL") or "/bin/sh", "-c", command[1]]
    if given.has("command"):
        command = [sys.env.get("SHELL") or "/bin/sh", "-c", given.last("command") or ""]
    if not command:
        if not words[0].isdigit():
            await fail(sys, argv, f"bad file descriptor: '{words[0]}'", status=USAGE)
        fd = int(words[0])
    else:
        try:
            fd = sys.open(words[0], "d" if sys.isdir(words[0]) else "rw")
        except SysError as error:
            await fail(sys, argv, f"cannot open lock file {words[0]}: {error.strerror}", status=NO_INPUT)
    try:
        got = await acquire(sys, fd, given)
    except SysError as error:
        await fail(sys, argv, f"{words[0]}: {error.strerror}", status=65)
    if not got:
        return int(given.last("conflict-exit-code") or 1)
    return await run(sys, argv, command) if command else 0


async def run(sys: Process, argv: list[str], command: list[str]) -> int:
    """The command, while the lock is held; its status."""
    from maillab.shell.commands.findutils._exec import start

    try:
        status = await start(sys, command)
    except SysError as error:
        await fail(sys, argv, f"failed to execute {command[0]}: {error.strerror}", status=69)
    return status.shell
