"""disown - Remove jobs from current shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.builtin import options
from maillab.shell.jobspec import find_job

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

SYNOPSIS = "disown [-h] [-ar] [jobspec ... | pid ...]"


async def run(sh: Shell, args: list[str]) -> int:
    """-h only keeps SIGHUP from them, -a all, -r running ones."""
    given = await options(sh, "disown", args, "har")
    jobs = list(sh.jobs.jobs.values())
    status = 0
    if given.operands or not ("a" in given or "r" in given):
        jobs = []
        for word in given.operands or ["%+"]:
            job = sh.jobs.by_pid(int(word)) if word.isdigit() else find_job(sh, word)
            if job is None:
                await sh.report(f"disown: {word if given.operands else 'current'}: no such job")
                status = 1
            else:
                jobs.append(job)
    for job in jobs:
        if "r" in given and not job.running:
            continue
        job.hangup = False
        if "h" not in given:
            sh.jobs.jobs.pop(job.number, None)
    return status
