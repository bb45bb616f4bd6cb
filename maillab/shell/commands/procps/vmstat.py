"""vmstat - memory, processes and processor at a glance

SYNOPSIS
    vmstat [DELAY [COUNT]]

BUGS
    The figures of block devices, interrupts and processor are constants; options are refused.
"""
from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell import proc
from maillab.shell.commands.procps._machine import meminfo

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"procps": "/usr/bin/vmstat"}

HEAD = """procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu-----
 r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st
"""


async def main(sys: Process, argv: list[str]) -> int:
    words = argv[1:]
    if any(not word.isdigit() for word in words) or len(words) > 2:
        problem = f"{words[0]}: not simulated" if words[0].startswith("-") else f"failed to parse argument: '{words[0]}'"
        await sys.stderr.print(f"vmstat: {problem}")
        return 1
    delay = int(words[0]) if words else 0
    count = int(words[1]) if len(words) > 1 else 0 if words else 1
    await sys.stdout.write(HEAD)
    shown = 0
    while True:
        memory = meminfo(sys)
        running = max(1, sum(p.state == "R" for p in proc.processes(sys)))
        used = memory.get("SwapTotal", 0) - memory.get("SwapFree", 0)
        sizes = [used, memory.get("MemFree", 0), memory.get("Buffers", 0), memory.get("Cached", 0)]
        await sys.stdout.print(f"{running:2d}  0 " + " ".join(f"{size:6d}" for size in sizes) +
                               "    0    0     0     0   10   20  0  0 100  0  0")
        shown += 1
        if shown == count:
            return 0
        await sys.stdout.flush()
        await sys.sleep(delay)
