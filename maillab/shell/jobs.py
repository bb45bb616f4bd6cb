"""Jobs: the children of a shell, their states, waiting for them, and the messages about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError
from maillab.sim.host.signals import SIGINT, SIGPIPE, SIGTERM, TEXT, Status

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

STATUS_WIDTH = 24


@dataclass
class Job:
    """One pipeline: its processes and how they ended."""

    pids: list[int]
    text: str
    pgid: int = 0
    number: int = 0
    background: bool = False
    statuses: dict[int, Status] = field(default_factory=dict)
    stopped: int = 0  # the signal that stopped it
    notified: bool = False  # its end was told
    hangup: bool = True  # SIGHUP is passed to it
    directory: str = ""
    stamp: int = 0  # when it was last current
    job_control: bool = False

    @property
    def done(self) -> bool:
        """All its processes have ended."""
        return all(pid in self.statuses for pid in self.pids)

    @property
    def running(self) -> bool:
        """It has processes that are not stopped."""
        return not self.done and not self.stopped

    @property
    def last(self) -> Status | None:
        """How the last process of the pipeline ended."""
        return self.statuses.get(self.pids[-1])

    @property
    def status(self) -> int:
        """What $? becomes."""
        if self.last is not None:
            return self.last.shell
        return 128 + self.stopped

    def pipe_status(self) -> list[int]:
        """PIPESTATUS of the job."""
        return [self.statuses[pid].shell if pid in self.statuses else 128 + self.stopped for pid in self.pids]

    def description(self, *, plain: bool = False) -> str:
        """Running, Done, Exit 1, Terminated, Stopped..."""
        if not self.done:
            return TEXT[self.stopped] if self.stopped else "Running"
        last = self.last
        if last is None or last.code == 0:
            return "Done"
        if last.code is not None:
            return f"Exit {last.code}" if not plain else f"Done({last.code})"
        return signal_text(last)


def signal_text(status: Status) -> str:
    """The words for a death by signal."""
    core = " (core dumped)" if status.core else ""
    return TEXT.get(status.signal or 0, f"Unknown signal {status.signal}") + core


class JobTable:
    """The jobs of a shell. Numbers are the smallest above all jobs that are still listed."""

    def __init__(self) -> None:
        self.jobs: dict[int, Job] = {}
        self.foreground: Job | None = None
        self.unowned: dict[int, Status | None] = {}
        self.remembered: dict[int, int] = {}
        self.stamps = 0
        self.signalled = False  # the kill builtin ran last: who was hit has not had time to die

    def inherited(self) -> JobTable:
        """What a subshell knows: nothing to wait for, but the listing of its parent's jobs."""
        return JobTable()

    # --- making -----------------------------------------------------------------------------------------------------

    def add(self, job: Job) -> int:
        """Give a job its number."""
        job.number = max(self.jobs, default=0) + 1
        self.jobs[job.number] = job
        self.touch(job)
        return job.number

    def touch(self, job: Job) -> None:
        """Make a job the current one."""
        self.stamps += 1
        job.stamp = self.stamps

    def disown(self, pid: int) -> None:
        """A child that is not a job (a process substitution)."""
        self.unowned[pid] = None

    def ranked(self) -> list[Job]:
        """The jobs, current first: stopped ones before running ones."""
        return sorted(self.jobs.values(), key=lambda job: (bool(job.stopped) and not job.done, job.stamp), reverse=True)

    def mark(self, job: Job) -> str:
        """+ for the current job, - for the previous one."""
        ranked = self.ranked()
        if ranked and ranked[0] is job:
            return "+"
        return "-" if len(ranked) > 1 and ranked[1] is job else " "

    def by_pid(self, pid: int) -> Job | None:
        """The job a process belongs to."""
        for job in [*self.jobs.values(), *([self.foreground] if self.foreground else [])]:
            if pid in job.pids:
                return job
        return None

    # --- waiting ----------------------------------------------------------------------------------------------------

    def record(self, pid: int, status: Status) -> None:
        """A child changed: tell its job."""
        job = self.by_pid(pid)
        if status.continued:
            if job is not None:
                job.stopped = 0
            return
        if job is None:
            if status.stopped is None:
                self.unowned[pid] = status
            return
        if status.stopped is not None:
            job.stopped = status.stopped
            job.notified = False
            self.touch(job)
        else:
            job.statuses[pid] = status

    async def reap(self, sh: Shell) -> None:
        """Collect the children that have ended, without waiting."""
        while True:
            try:
                pid, status = await sh.sys.waitpid(-1, nohang=True, untraced=sh.option("monitor"))
            except SysError:
                return
            if status is None:
                return
            self.record(pid, status)

    async def wait_one(self, sh: Shell, *, restart: bool = True) -> bool:
        """Wait until some child changes; False when there is none. Raises SysError EINTR."""
        try:
            pid, status = await sh.sys.waitpid(-1, untraced=sh.option("monitor") and not sh.is_subshell, restart=restart)
        except SysError as error:
            if error.name == "ECHILD":
                return False
            raise
        if status is not None:
            self.record(pid, status)
        return True

    async def wait_pid(self, sh: Shell, pid: int) -> int:
        """Wait for one child that is no job; its shell status."""
        self.unowned[pid] = None
        while self.unowned.get(pid) is None:
            try:
                if not await self.wait_one(sh):
                    break
            except SysError:
                continue
        status = self.unowned.pop(pid, None)
        return 127 if status is None else status.shell

    async def wait_job(self, sh: Shell, job: Job) -> int:
        """Wait for a foreground job to end or stop; then bash tells what happened to the others meanwhile."""
        while not job.done and not job.stopped:
            try:
                if not await self.wait_one(sh):
                    break
            except SysError:
                continue
        if sh.state.interactive and not sh.is_subshell and not sh.dialect.is_dash:
            self.signalled = False
            await self.notify(sh)
        return job.status

    # --- messages ---------------------------------------------------------------------------------------------------

    def line(self, job: Job, *, pids: bool = False) -> str:
        """`[1]+  Running                 sleep 1000 &`"""
        where = f"[{job.number}]{self.mark(job)} "
        ampersand = " &" if job.running and job.background else ""
        lead = f"{job.pids[0]:5d} " if pids else " "
        return f"{where}{lead}{job.description():<{STATUS_WIDTH}}{job.text}{ampersand}\n"

    async def notify(self, sh: Shell) -> None:
        """Before the prompt: what happened to background jobs; jobs that ended are forgotten."""
        if self.signalled:
            self.signalled = False
            return
        await self.reap(sh)
        for job in list(self.jobs.values()):
            if not job.done:
                continue
            if not job.notified and sh.state.interactive and not sh.is_subshell:
                await sh.complain(self.line(job))
            self.forget(job)

    def forget(self, job: Job) -> None:
        """Remove a job that ended; `wait PID` still knows its status."""
        self.jobs.pop(job.number, None)
        for pid in job.pids:
            if pid in job.statuses:
                self.remembered[pid] = job.statuses[pid].shell

    async def tell_death(self, sh: Shell, job: Job) -> None:
        """A foreground job died of a signal: what bash says about it."""
        last = job.last
        if last is None or last.signal is None or last.signal in (SIGINT, SIGPIPE):
            return
        if sh.dialect.is_dash:
            await sh.complain(signal_text(last) + " \n")
        elif sh.state.interactive and not sh.is_subshell:
            await sh.complain(signal_text(last) + "\n")
        elif last.signal == SIGTERM:
            if not job.background:
                await sh.complain(signal_text(last) + "\n")
        elif not sh.in_substitution:
            await sh.complain(
                f"{sh.error_name}: line {sh.state.line}: {job.pids[-1]:5d} {signal_text(last):<{STATUS_WIDTH}}{job.text}\n"
            )
