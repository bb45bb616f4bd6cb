"""Running one shell command in a world from outside, its output taken as it comes."""

from __future__ import annotations

from collections.abc import Callable

from maillab.sim.host.process import Process


async def run_command(sys: Process, command: str, environment: dict[str, str], take: Callable[[int, bytes], None]) -> int:
    """`bash -c COMMAND` in /root with nothing to read; `take(1 or 2, data)` gets what it writes. Returns its status as `$?` has it."""
    sys.env = dict(environment)
    sys.chdir("/root")
    null = sys.open("/dev/null", "r")
    out, out_write = sys.pipe()
    err, err_write = sys.pipe()
    pid = sys.spawn("/bin/bash", ["bash", "-c", command], fds={0: null, 1: out_write, 2: err_write})
    sys.close(out_write)
    sys.close(err_write)
    waiting = {out: 1, err: 2}
    while waiting:
        for fd in (await sys.poll(list(waiting)))[0]:
            data = await sys.read(fd)
            if data:
                take(waiting[fd], data)
            else:
                del waiting[fd]
    _, status = await sys.waitpid(pid)
    assert status is not None
    return status.shell
