"""watch - run a command again and again, full screen

SYNOPSIS
    watch [-n SECONDS] [-t] [-e] [-g] [-x] COMMAND...

DESCRIPTION
    Every two seconds the command is run by sh and its output shown under a title, until control-C. -g ends when the output changes,
    -e when the command fails.

BUGS
    -d, -c, -b, -p are refused.
"""
from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.options import gnu
from maillab.sim.kernel.calendar import strftime

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"procps": "/usr/bin/watch"}

OPTIONS = gnu("-b,--beep -c,--color -d,--differences=? -e,--errexit -g,--chgexit -q,--equexit= -n,--interval= -p,--precise -t,--no-title "
              "-w,--no-wrap -x,--exec -h,--help -v,--version", standard=False, permute=False)
USAGE = """
Usage:
 watch [options] command
"""


async def main(sys: Process, argv: list[str]) -> int:
    given = await OPTIONS.read(sys, argv, hint=USAGE.rstrip("\n"))
    if given.has("version", "help"):
        await sys.stdout.write("watch from procps-ng 4.0.2\n" if given.has("version") else USAGE)
        return 0
    if given.has("beep", "color", "differences", "precise", "equexit"):
        await sys.stderr.print("watch: this option is not simulated")
        return 1
    if not given.operands:
        await sys.stderr.write(USAGE)
        return 1
    interval = max(0.1, float(given.last("interval") or 2))
    previous: bytes | None = None
    while True:
        output, status = await _run(sys, given.operands, given.has("exec"))
        await _show(sys, given.operands, interval, output, title=not given.has("no-title"))
        if given.has("errexit") and status:
            return 8
        if given.has("chgexit") and previous is not None and output != previous:
            return 0
        previous = output
        await sys.sleep(interval)


async def _run(sys: Process, words: list[str], direct: bool) -> tuple[bytes, int]:
    """The command's output and status."""
    reader, writer = sys.pipe()
    argv = words if direct else ["sh", "-c", " ".join(words)]
    pid = sys.spawn("/usr/bin/env" if direct else "/bin/sh", ["env", *argv] if direct else argv, fds={0: 0, 1: writer, 2: writer})
    sys.close(writer)
    output = b""
    while data := await sys.read(reader, 65536):
        output += data
    sys.close(reader)
    _, status = await sys.waitpid(pid)
    return output, 0 if status is not None and status.exited and not status.code else 1


async def _show(sys: Process, words: list[str], interval: float, output: bytes, *, title: bool) -> None:
    rows, columns = sys.winsize(1) if sys.isatty(1) else (24, 80)
    lines = output.decode("utf-8", "replace").split("\n")
    head = []
    if title:
        left = f"Every {interval:.1f}s: {' '.join(words)}"
        right = f"{sys.hostname()}: {strftime('%a %b %e %H:%M:%S %Y', sys.clock())}"
        head = [left[:max(0, columns - len(right) - 1)].ljust(columns - len(right)) + right, ""]
    shown = [line[:columns] for line in head + lines][:rows - 1]
    await sys.stdout.write("\033[H\033[J" + "\n".join(shown))
    await sys.stdout.flush()
