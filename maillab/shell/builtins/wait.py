"""wait - Wait for job completion and return exit status."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.builtin import dash_error, options
from maillab.shell.jobspec import find_job
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.shell.jobs import Job
    from maillab.shell.shell import Shell

DASH = True
SYNOPSIS = "wait [-fn] [-p var] [id ...]"


async def run(sh: Shell, args: list[str]) -> int:
    """The status of the last one named; above 128 when a trapped signal came first."""
    given = await options(sh, "wait", args, "" if sh.dialect.is_dash else "fnp:")
    try:
        if "n" in given:
            return await wait_next(sh, given.operands, given.value("p"))
        if not given.operands:
            return await wait_all(sh)
        status = 0
        for word in given.operands:
            status = await wait_for(sh, word, given.value("p"))
        return status
    except SysError:
        number = sh.pending[0] if sh.pending else 2
        await sh.signals()
        return 128 + number


async def step(sh: Shell) -> bool:
    """Wait for one change; EINTR when a signal has a handler."""
    return await sh.jobs.wait_one(sh, restart=False)


async def wait_all(sh: Shell) -> int:
    """All background jobs: those that ended before are forgotten without a word."""
    await sh.jobs.reap(sh)
    for job in [job for job in sh.jobs.jobs.values() if job.done]:
        sh.jobs.forget(job)
    while any(job.running for job in sh.jobs.jobs.values()):
        if not await step(sh):
            break
        await settle(sh, list(sh.jobs.jobs.values()))
    return 0


async def settle(sh: Shell, jobs: list[Job]) -> None:
    """Jobs that ended while they were waited for: a prompt tells it at once, a script only deaths by signal."""
    for job in jobs:
        if not job.done:
            continue
        if not job.notified:
            job.notified = True
            if sh.state.interactive and not sh.is_subshell:
                await sh.complain(sh.jobs.line(job))
            elif not sh.dialect.is_dash:
                await sh.jobs.tell_death(sh, job)
        sh.jobs.forget(job)


async def wait_next(sh: Shell, words: list[str], variable: str) -> int:
    """wait -n: the first to end."""
    while True:
        chosen = [job for word in words if (job := named(sh, word)) is not None] if words else list(sh.jobs.jobs.values())
        if not chosen:
            return 127
        for job in chosen:
            if job.done:
                if variable:
                    sh.state.variables.set(variable, str(job.pids[-1]))
                await settle(sh, [job])
                return job.status
        if not await step(sh):
            return 127


def named(sh: Shell, word: str) -> Job | None:
    return sh.jobs.by_pid(int(word)) if word.isdigit() else find_job(sh, word)


async def wait_for(sh: Shell, word: str, variable: str) -> int:
    """One process or job."""
    if not word.isdigit() and not word.startswith("%"):
        if sh.dialect.is_dash:
            return await dash_error(sh, "wait", f"Illegal number: {word}")
        await sh.report(f"wait: `{word}': not a pid or valid job spec")
        return 1
    job = named(sh, word)
    if job is None:
        if word.isdigit() and int(word) in sh.jobs.remembered:
            return sh.jobs.remembered[int(word)]
        if word.startswith("%"):
            if sh.dialect.is_dash:
                return await dash_error(sh, "wait", f"No such job: {word}")
            await sh.report(f"wait: {word}: no such job")
        elif not sh.dialect.is_dash:
            await sh.report(f"wait: pid {word} is not a child of this shell")
        return 127
    pid = int(word) if word.isdigit() else job.pids[-1]
    while pid not in job.statuses and not job.stopped:
        if not await step(sh):
            break
    if variable:
        sh.state.variables.set(variable, str(pid))
    status = job.statuses[pid].shell if pid in job.statuses else job.status
    await settle(sh, [job])
    return status
