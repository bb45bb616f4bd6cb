"""fg - Move job to the foreground."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.builtin import options
from maillab.shell.control import ShellError
from maillab.shell.jobspec import named_job
from maillab.shell.running import enter_foreground, wait_foreground
from maillab.sim.host.signals import SIGCONT

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

DASH = True
SYNOPSIS = "fg [job_spec]"


async def run(sh: Shell, args: list[str]) -> int:
    """The status of the job."""
    words = (await options(sh, "fg", args, "")).operands
    if not sh.option("monitor") and not sh.dialect.is_dash:
        raise ShellError("no job control")
    job = named_job(sh, words)
    if job.done:
        await sh.report("fg: job has terminated")
        sh.jobs.forget(job)
        return 1
    await sh.write(job.text + "\n")
    job.background = False
    job.stopped = 0
    sh.jobs.touch(job)
    enter_foreground(sh, job)
    sh.sys.kill(-job.pgid if job.pgid else job.pids[0], SIGCONT)
    status = await wait_foreground(sh, job)
    if job.done:
        sh.jobs.forget(job)
    return status
