"""Leaving a shell: stopped jobs hold it once, SIGHUP goes to the jobs of a login shell that asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from maillab.shell.shell import Shell


async def stopped_jobs_hold(sh: Shell) -> bool:
    """There are stopped jobs and this is the first attempt to leave: say so."""
    stopped = any(job.stopped and not job.done for job in sh.jobs.jobs.values())
    if not stopped or not sh.state.interactive or sh.is_subshell or sh.state.leaving_warned:
        return False
    sh.state.leaving_warned = True
    text = "You have stopped jobs.\n" if sh.dialect.is_dash else "There are stopped jobs.\n"
    await sh.complain(text)
    return True
