"""kill - Send a signal to a job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell import traps
from maillab.shell.builtin import dash_error, usage
from maillab.shell.builtins.trap import signal_table
from maillab.shell.jobspec import find_job
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

DASH = True
SYNOPSIS = "kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]"
DASH_USAGE = "Usage: kill [-s sigspec | -signum | -sigspec] [pid | job]... or\nkill -l [exitstatus]"
SIGTERM, SIGCONT = 15, 18


async def run(sh: Shell, args: list[str]) -> int:
    """-l lists; otherwise the signal, then whom."""
    if args[:1] in (["-l"], ["-L"]):
        return await names(sh, args[1:])
    number = SIGTERM
    words = list(args)
    if words[:1] in (["-s"], ["-n"]):
        if len(words) < 2:
            return await missing(sh, words[0])
        spec = words[1]
        words = words[2:]
    elif words and words[0].startswith("-") and words[0] not in ("-", "--") and len(words[0]) > 1:
        spec = words.pop(0)[1:]
    else:
        spec = ""
    if spec:
        name = traps.signal_name(spec)
        if name is None or name in traps.PSEUDO[1:]:
            return await bad_signal(sh, spec)
        number = traps.number_of(name)
    if words[:1] == ["--"]:
        words = words[1:]
    if not words:
        if sh.dialect.is_dash:
            return await dash_error(sh, "kill", DASH_USAGE)
        return await usage(sh, "kill")
    status = 1
    for word in words:
        status = 0 if await send(sh, word, number) == 0 else status
    sh.jobs.signalled = status == 0
    return status


async def missing(sh: Shell, option: str) -> int:
    if sh.dialect.is_dash:
        return await dash_error(sh, "kill", "No arg for -s option")
    await sh.report(f"kill: {option}: option requires an argument")
    return 1


async def bad_signal(sh: Shell, spec: str) -> int:
    if sh.dialect.is_dash:
        return await dash_error(sh, "kill", f"Illegal option -{spec[:1]}")
    await sh.report(f"kill: {spec}: invalid signal specification")
    return 1


async def names(sh: Shell, words: list[str]) -> int:
    """kill -l"""
    if not words:
        if sh.dialect.is_dash:
            lines = ["0"] + [traps.name_of(number) or "" for number in range(1, traps.RT_MAX + 1)]
            await sh.write("".join(line + "\n" for line in lines if line))
        else:
            await sh.write(signal_table())
        return 0
    status = 0
    for word in words:
        if word.isdigit():
            number = int(word) - 128 if int(word) > 128 else int(word)
            name = "EXIT" if number == 0 else traps.name_of(number)
            text = name
        else:
            name = traps.signal_name(word)
            text = None if name is None else str(traps.number_of(name))
        if text is None:
            await sh.report(f"kill: {word}: invalid signal specification")
            status = 1
        else:
            await sh.write(text + "\n")
    return status


async def send(sh: Shell, word: str, number: int) -> int:
    """One process, group or job."""
    if word.startswith("%"):
        return await send_job(sh, word, number)
    if not word.lstrip("-").isdigit():
        if sh.dialect.is_dash:
            return await dash_error(sh, "kill", f"Illegal number: {word}")
        await sh.report(f"kill: {word}: arguments must be process or job IDs")
        return 1
    try:
        sh.sys.kill(int(word), number)
    except SysError as error:
        if sh.dialect.is_dash:
            await sh.report(f"kill: {error.strerror}\n")
        else:
            await sh.report(f"kill: ({word}) - {error.strerror}")
        return 1
    return 0


async def send_job(sh: Shell, word: str, number: int) -> int:
    job = find_job(sh, word)
    if job is None:
        await sh.report(f"kill: No such job: {word}" if sh.dialect.is_dash else f"kill: {word}: no such job")
        return 2 if sh.dialect.is_dash else 1
    targets = [-job.pgid] if job.pgid else [pid for pid in job.pids if pid not in job.statuses]
    for pid in targets:
        try:
            sh.sys.kill(pid, number)
            if job.stopped and number in (SIGTERM, 1):
                sh.sys.kill(pid, SIGCONT)
        except SysError as error:
            await sh.report(f"kill: ({abs(pid)}) - {error.strerror}")
            return 1
    return 0
