"""Walking the syntax tree: lists, pipelines, jobs, simple commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell import compound, traps
from maillab.shell.assigning import assign_all
from maillab.shell.calling import call
from maillab.shell.control import Interrupted, RedirectError, ShellError, ShellExit
from maillab.shell.expansion import expand_words
from maillab.shell.jobs import Job
from maillab.shell.nesting import enter
from maillab.shell.printer import job_text
from maillab.shell.reading import run_child
from maillab.shell.redirection import redirect_all
from maillab.shell.syntax import (
    AndOr,
    Assignment,
    Command,
    Coproc,
    Function,
    Item,
    Pipeline,
    Sequence,
    Simple,
    Subshell,
    Word,
)
from maillab.shell.timing import report_times, started
from maillab.sim.host.errno import SysError
from maillab.sim.host.signals import SIGINT, SIGQUIT

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

NULL = "/dev/null"


async def run_sequence(sh: Shell, sequence: Sequence, *, tail: bool = False) -> int:
    """a; b & c: the status of the last."""
    status = sh.state.status
    last = len(sequence.items) - 1
    for index, item in enumerate(sequence.items):
        if item.background:
            status = await start_background(sh, item)
        else:
            status = await run_and_or(sh, item.command, tail=tail and index == last, listed=last > 0)
    return status


async def run_and_or(sh: Shell, node: AndOr, *, tail: bool = False, listed: bool = False) -> int:
    """a && b || c: all but the last are tested, so `set -e` does not see them fail."""
    last = len(node.parts) - 1
    if not last:
        return await run_pipeline(sh, node.parts[0], tail=tail, listed=listed)
    status = 0
    for index, part in enumerate(node.parts):
        if index and (node.operators[index - 1] == "&&") != (status == 0):
            continue
        if index < last:
            sh.conditions += 1
            try:
                status = await run_pipeline(sh, part, listed=True)
            finally:
                sh.conditions -= 1
        else:
            status = await run_pipeline(sh, part, tail=tail, listed=True)
    return status


async def run_pipeline(sh: Shell, node: Pipeline, *, tail: bool = False, listed: bool = False) -> int:
    """[time] [!] a | b"""
    start = started(sh) if node.timed else None
    if node.negated:
        sh.conditions += 1
    try:
        if not node.commands:
            status = 0
        elif len(node.commands) == 1:
            plain = tail and not node.negated and not node.timed
            status = await run_command(sh, node.commands[0], tail=plain, listed=listed)
        else:
            status = await run_pipe(sh, node, listed=listed)
    finally:
        if node.negated:
            sh.conditions -= 1
    if node.negated:
        status = int(not status)
    if start is not None:
        await report_times(sh, start, posix=node.time_posix)
    sh.state.status = status
    if status and not node.negated and not sh.conditions and fails_here(node):
        await failed(sh, status)
    return status


def fails_here(node: Pipeline) -> bool:
    """Whether `set -e` and the ERR trap look at this pipeline: compound commands looked at their own parts."""
    if len(node.commands) != 1:
        return True
    return isinstance(node.commands[0], Simple | Subshell | compound.TESTED)


async def failed(sh: Shell, status: int) -> None:
    """A command failed where nobody tests it."""
    await traps.run_error(sh)
    if sh.option("errexit"):
        raise ShellExit(status)


# --- pipes and jobs -------------------------------------------------------------------------------------------------


async def run_pipe(sh: Shell, node: Pipeline, *, listed: bool) -> int:
    """Several commands, each in a child, connected by pipes."""
    job = await fork_pipeline(sh, node, background=False)
    status = await wait_foreground(sh, job, listed=listed)
    sh.state.pipe_status = job.pipe_status()
    if sh.option("pipefail"):
        failures = [code for code in sh.state.pipe_status if code]
        return failures[-1] if failures else 0
    return status


async def fork_pipeline(sh: Shell, node: Pipeline, *, background: bool) -> Job:
    """Start every command of a pipeline."""
    job = Job([], job_text(node), background=background, directory=sh.state.variables.text("PWD"))
    source: int | None = None
    last = len(node.commands) - 1
    for index, command in enumerate(node.commands):
        reader, writer = sh.sys.pipe() if index < last else (None, None)
        joined = index < last and node.joined[index]
        job.pids.append(await fork_element(sh, job, command, source, reader, writer, joined=joined, background=background))
        for fd in (source, writer):
            if fd is not None:
                sh.sys.close(fd)
        source = reader
    if not background:
        enter_foreground(sh, job)
    return job


async def fork_element(
    sh: Shell, job: Job, command: Command, source: int | None, reader: int | None, writer: int | None,
    *, joined: bool, background: bool,
) -> int:  # fmt: skip
    """One command of a pipeline in a child."""

    async def run(child: Shell) -> int:
        traps.default_signals(child)
        if source is not None:
            child.sys.dup2(source, 0)
            child.sys.close(source)
        if reader is not None:
            child.sys.close(reader)
        if writer is not None:
            child.sys.dup2(writer, 1)
            child.sys.close(writer)
        if joined:
            child.sys.dup2(1, 2)
        return await run_element(child, command)

    pid = await sh.fork(run)
    place_in_group(sh, job, pid)
    return pid


async def run_element(child: Shell, command: Command) -> int:
    """A child that exists for one command; a subshell needs no second one."""
    if not isinstance(command, Subshell):
        return await run_child(child, [wrapped(command)])
    try:
        await redirect_all(child, command.redirects, save=False)
    except RedirectError as error:
        await child.report(error.message)
        return error.status
    return await run_child(child, [command.body])


def wrapped(command: Command) -> Sequence:
    """A command as a list of its own."""
    return Sequence(command.line, [], [Item(AndOr(command.line, [], [Pipeline(command.line, [], [command])]))])


def place_in_group(sh: Shell, job: Job, pid: int) -> None:
    """Under job control every job is a process group."""
    if not sh.option("monitor") or sh.is_subshell:
        return
    if not job.pgid:
        job.pgid = pid
    job.job_control = True
    sh.sys.setpgid(pid, job.pgid)


def enter_foreground(sh: Shell, job: Job) -> None:
    """Give a job the terminal."""
    sh.jobs.foreground = job
    if job.pgid and sh.terminal >= 0:
        set_terminal_group(sh, job.pgid)


def set_terminal_group(sh: Shell, pgid: int) -> None:
    try:
        sh.sys.tcsetpgrp(sh.terminal, pgid)
    except SysError:
        return


async def wait_foreground(sh: Shell, job: Job, *, listed: bool = False) -> int:
    """Wait for a job in the foreground; take the terminal back; say how it ended."""
    script = not sh.state.interactive and "INT" not in sh.state.traps and not sh.is_subshell
    seen: list[int] = []
    if script:
        sh.sys.signal(SIGINT, seen.append)
    status = await sh.jobs.wait_job(sh, job)
    sh.jobs.foreground = None
    if job.pgid and sh.terminal >= 0:
        set_terminal_group(sh, sh.sys.pgid)
    if script:
        sh.sys.signal(SIGINT, "default")
    if job.done and job.last is not None and job.last.signal == SIGINT:
        await interrupted_child(sh, seen=bool(seen), listed=listed)
    elif job.stopped and not job.done:
        await stopped_child(sh, job)
    else:
        await sh.jobs.tell_death(sh, job)
    return status


async def interrupted_child(sh: Shell, *, seen: bool, listed: bool) -> None:
    """The foreground job died of ^C: a script dies too, a prompt's list or loop is broken off."""
    if sh.state.interactive and not sh.is_subshell:
        if "INT" in sh.state.traps:
            return
        if listed or sh.state.loops:
            sh.state.status = 130
            raise Interrupted
        await sh.complain("\n")
    elif seen:
        sh.sys.signal_self(SIGINT)


async def stopped_child(sh: Shell, job: Job) -> None:
    """^Z: the job joins the table."""
    if not job.number:
        sh.jobs.add(job)
    job.background = True
    if sh.state.interactive:
        await sh.complain("\n" + sh.jobs.line(job))


async def start_background(sh: Shell, item: Item) -> int:
    """command &"""
    node = item.command
    if len(node.parts) == 1 and len(node.parts[0].commands) > 1 and not node.parts[0].negated and not node.parts[0].timed:
        job = await fork_pipeline(sh, node.parts[0], background=True)
    else:
        job = await fork_background(sh, node)
    sh.state.background_pid = job.pids[-1]
    job.background = True
    sh.jobs.add(job)
    if sh.state.interactive and not sh.is_subshell and not sh.dialect.is_dash:
        await sh.complain(f"[{job.number}] {job.pids[-1]}\n")
    sh.state.status = 0
    return 0


async def fork_background(sh: Shell, node: AndOr) -> Job:
    """A list in the background: one child for all of it."""
    controlled = sh.option("monitor") and not sh.is_subshell

    async def run(child: Shell) -> int:
        traps.default_signals(child)
        if not controlled:
            for number in (SIGINT, SIGQUIT):
                child.sys.signal(number, "ignore")
            fd = child.sys.open(NULL, "r")
            child.sys.dup2(fd, 0)
            child.sys.close(fd)
        if len(node.parts) == 1 and len(node.parts[0].commands) == 1 and not node.parts[0].negated and not node.parts[0].timed:
            return await run_element(child, node.parts[0].commands[0])
        return await run_child(child, [Sequence(node.line, [], [Item(node)])])

    job = Job([await sh.fork(run)], job_text(node), background=True, directory=sh.state.variables.text("PWD"))
    place_in_group(sh, job, job.pids[0])
    return job


# --- commands -------------------------------------------------------------------------------------------------------


async def run_command(sh: Shell, node: Command, *, tail: bool = False, listed: bool = False) -> int:
    """One command of any kind, with its redirections."""
    enter(sh)
    try:
        status = await dispatch(sh, node, tail=tail, listed=listed)
    finally:
        sh.nested -= 1
    sh.state.status = status
    if isinstance(node, Simple | Subshell):
        sh.state.pipe_status = [status]
    return status


async def dispatch(sh: Shell, node: Command, *, tail: bool, listed: bool) -> int:
    """Run a command by its kind."""
    if isinstance(node, Simple):
        return await run_simple(sh, node, tail=tail, listed=listed)
    if isinstance(node, Subshell):
        return await run_subshell(sh, node, tail=tail, listed=listed)
    if isinstance(node, Function):
        return await compound.define_function(sh, node)
    if isinstance(node, Coproc):
        return await compound.start_coproc(sh, node)
    return await run_compound(sh, node, tail=tail)


async def run_compound(sh: Shell, node: Command, *, tail: bool) -> int:
    """if, for, while, case, { }, (( )), [[ ]]"""
    if not node.redirects:
        return await compound.run(sh, node, tail=tail)
    try:
        saved = await redirect_all(sh, node.redirects, save=True)
    except RedirectError as error:
        await sh.report(error.message)
        return error.status
    held = len(sh.substitution_fds)
    try:
        status = await compound.run(sh, node, tail=False)
    except Exception:
        saved.restore(sh)
        raise
    saved.restore(sh)
    close_substitutions(sh, held)
    return status


async def run_subshell(sh: Shell, node: Subshell, *, tail: bool, listed: bool) -> int:
    """( list )"""
    if tail and sh.is_subshell and not sh.state.traps:
        sh.state.subshell += 1
        return await run_element(sh, node)

    async def run(child: Shell) -> int:
        traps.default_signals(child)
        return await run_element(child, node)

    job = Job([await sh.fork(run)], job_text(node))
    place_in_group(sh, job, job.pids[0])
    enter_foreground(sh, job)
    return await wait_foreground(sh, job, listed=listed)


async def run_simple(sh: Shell, node: Simple, *, tail: bool, listed: bool) -> int:
    """Assignments, a builtin, a function or a program."""
    state = sh.state
    state.line = node.line
    await traps.run_debug(sh, node)
    sh.substitution_status = None
    held = len(sh.substitution_fds)
    try:
        words = await command_words(sh, node.words)
        if words:
            state.last_argument = words[-1]
            return await call(sh, node, words, tail=tail, listed=listed)
        return await only_assignments(sh, node)
    except RedirectError as error:
        await sh.report(error.message)
        if sh.dialect.is_dash and (words_special(node) or not node.words):
            raise ShellExit(2) from None
        return 2 if sh.dialect.is_dash else error.status
    except ShellError as error:
        await sh.fail(error)
        raise
    finally:
        close_substitutions(sh, held)


def words_special(node: Simple) -> bool:
    """Whether a redirection error on this command ends dash."""
    from maillab.shell.builtin import SPECIAL

    first = node.words[0]
    return isinstance(first, Word) and first.literal in SPECIAL


def close_substitutions(sh: Shell, keep: int) -> None:
    """Close the shell's ends of process substitutions whose command is over."""
    while len(sh.substitution_fds) > keep:
        fd = sh.substitution_fds.pop()
        if fd in sh.sys.fds:
            sh.sys.close(fd)


async def command_words(sh: Shell, words: list[Word | Assignment]) -> list[str]:
    """The expanded words; assignments after a declaration builtin keep their structure."""
    out: list[str] = []
    for word in words:
        if isinstance(word, Assignment):
            from maillab.shell.assigning import declared

            out.append(await declared(sh, word))
        elif word.literal is not None:
            out.append(word.literal)
        else:
            out.extend(await expand_words(sh, [word]))
    return out


async def only_assignments(sh: Shell, node: Simple) -> int:
    """No command: the assignments are the shell's own, redirections are made and undone."""
    saved = await redirect_all(sh, node.redirects, save=True)
    try:
        await assign_all(sh, node.assignments)
    finally:
        saved.restore(sh)
    await sh.charge()
    return sh.substitution_status or 0


