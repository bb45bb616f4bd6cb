"""bg - Move jobs to the background."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.builtin import options
from maillab.shell.control import ShellError
from maillab.shell.jobspec import named_job
from maillab.sim.host.signals import SIGCONT

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

DASH = True
SYNOPSIS = "bg [job_spec ...]"


async def run(sh: Shell, args: list[str]) -> int:
    """Each job named, or the current one."""
    words = (await options(sh, "bg", args, "")).operands
    if not sh.option("monitor") and not sh.dialect.is_dash:
        raise ShellError("no job control")
    for word in words or ["%+"]:
        job = named_job(sh, [word] if words else [])
        if job.running:
            await sh.report(f"bg: job {job.number} already in background")
            continue
        job.stopped = 0
        job.background = True
        sh.sys.kill(-job.pgid if job.pgid else job.pids[0], SIGCONT)
        await sh.write(f"[{job.number}]{sh.jobs.mark(job)} {job.text} &\n".replace("]  ", "] "))
    return 0
