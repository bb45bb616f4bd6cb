"""jobs - Display status of jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.builtin import Options, options
from maillab.shell.jobspec import find_job

if TYPE_CHECKING:
    from maillab.shell.jobs import Job
    from maillab.shell.shell import Shell

DASH = True
SYNOPSIS = "jobs [-lnprs] [jobspec ...] or jobs -x command [args]"


async def run(sh: Shell, args: list[str]) -> int:
    """-l with process ids, -p only these, -r running ones, -s stopped ones."""
    given = await options(sh, "jobs", args, "lp" if sh.dialect.is_dash else "lnprs")
    await sh.jobs.reap(sh)
    status = 0
    chosen: list[Job] = []
    for word in given.operands:
        job = find_job(sh, word)
        if job is None:
            await sh.report(f"jobs: No such job: {word}" if sh.dialect.is_dash else f"jobs: {word}: no such job")
            status = 2 if sh.dialect.is_dash else 1
        else:
            chosen.append(job)
    for job in chosen if given.operands else sorted(sh.jobs.jobs.values(), key=lambda item: item.number):
        await show(sh, job, given)
    for job in list(sh.jobs.jobs.values()):
        if job.done:
            sh.jobs.forget(job)
    return status


async def show(sh: Shell, job: Job, given: Options) -> None:
    """One job, when it is of the kind asked for."""
    if ("r" in given and not job.running) or ("s" in given and not job.stopped):
        return
    if "p" in given:
        await sh.write(f"{job.pids[0]}\n")
        return
    job.notified = not job.running
    line = sh.jobs.line(job, pids="l" in given)
    if sh.dialect.is_dash:
        line = line.replace(" &\n", "\n")
    await sh.write(line)
