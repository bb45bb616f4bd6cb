"""killall - signal processes by their name

SYNOPSIS
    killall [-e] [-g] [-I] [-i] [-q] [-r] [-s SIGNAL | -SIGNAL] [-u USER] [-v] [-w] NAME...

EXIT STATUS
    0 when every NAME had a process that was signalled, otherwise 1.

BUGS
    -o, -y, -n, -Z are refused.
"""
from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell import proc
from maillab.shell.options import Given, gnu
from maillab.shell.proc import ProcessInfo
from maillab.sim.host.accounts import getpwnam
from maillab.sim.host.errno import SysError
from maillab.sim.host.posix_regex import RegexError
from maillab.sim.host.posix_regex import compile as compile_regex
from maillab.sim.host.signals import NAMES, NUMBERS

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"psmisc": "/usr/bin/killall"}

OPTIONS = gnu("-e,--exact -I,--ignore-case -g,--process-group -y,--younger-than= -o,--older-than= -i,--interactive -l,--list -q,--quiet "
              "-r,--regexp -s,--signal= -u,--user= -v,--verbose -V,--version -w,--wait -n,--ns= -Z,--context=", standard=False)
USAGE = """Usage: killall [OPTION]... [--] NAME...
       killall -l, --list
       killall -V, --version

  -e,--exact          require exact match for very long names
  -I,--ignore-case    case insensitive process name match
  -g,--process-group  kill process group instead of process
  -y,--younger-than   kill processes younger than TIME
  -o,--older-than     kill processes older than TIME
  -i,--interactive    ask for confirmation before killing
  -l,--list           list all known signal names
  -q,--quiet          don't print complaints
  -r,--regexp         interpret NAME as an extended regular expression
  -s,--signal SIGNAL  send this signal instead of SIGTERM
  -u,--user USER      kill only process(es) running as USER
  -v,--verbose        report if the signal was successfully sent
  -V,--version        display version information
  -w,--wait           wait for processes to die
  -n,--ns PID         match processes that belong to the same namespaces
                      as PID
  -Z,--context REGEXP kill only process(es) having context
                      (must precede other arguments)

"""


async def main(sys: Process, argv: list[str]) -> int:
    words, signal = list(argv), "TERM"
    for word in argv[1:]:
        if word[:1] == "-" and len(word) > 1 and (word[1:].isdigit() or (word[1:].isupper() and len(word) > 2)):
            signal = word[1:]
            words.remove(word)
    given = await OPTIONS.read(sys, words, hint=USAGE.rstrip("\n"))
    if given.has("version", "list"):
        names = list(NAMES.values())
        await sys.stdout.print("killall (PSmisc) 23.6" if given.has("version") else " ".join(names[:16]) + "\n" + " ".join(names[16:]))
        return 0
    if given.has("younger-than", "older-than", "ns", "context"):
        await sys.stderr.print("killall: -o, -y, -n and -Z are not simulated")
        return 1
    signal = given.last("signal") or signal
    number = int(signal) if signal.isdigit() else NUMBERS.get(signal.upper().removeprefix("SIG"), 0)
    if not number and signal != "0":
        await sys.stderr.print(f"{signal}: unknown signal; killall -l lists signals.")
        return 1
    user = getpwnam(sys, given.last("user") or "")
    if given.has("user") and user is None:
        await sys.stderr.print(f"Cannot find user {given.last('user')}")
        return 1
    if not given.operands and user is None:
        await sys.stderr.write(USAGE)
        return 1
    try:
        return await _kill(sys, given, number, user.uid if user is not None else None)
    except RegexError as error:
        await sys.stderr.print(f"killall: Bad regular expression: {error}")
        return 1


def _matches(given: Given, name: str, p: ProcessInfo) -> bool:
    if given.has("regexp"):
        return compile_regex(name, "ere", given.has("ignore-case")).search(p.comm) is not None
    wanted = name.rpartition("/")[2] if "/" in name else name
    if given.has("ignore-case"):
        return p.comm.lower() == wanted[:15].lower()
    return p.comm == wanted[:15]


async def _kill(sys: Process, given: Given, number: int, uid: int | None) -> int:
    status = 0
    victims: list[int] = []
    for name in given.operands or [""]:
        others = [p for p in proc.processes(sys) if p.pid != sys.pid and (uid is None or p.euid == uid)]
        found = [p for p in others if not name or _matches(given, name, p)]
        killed = 0
        for p in found:
            if given.has("interactive") and not await _confirmed(sys, p, number):
                continue
            try:
                sys.kill(-p.pgid if given.has("process-group") else p.pid, number)
                killed += 1
                victims.append(p.pid)
                if given.has("verbose"):
                    await sys.stderr.print(f"Killed {p.comm}({p.pid}) with signal {number}")
            except SysError as error:
                await sys.stderr.print(f"{p.comm}({p.pid}): {error}")
        if not found and not given.has("quiet"):
            await sys.stderr.print(f"{name}: no process found")
        status = status if killed else 1
    while given.has("wait") and any(proc.process(sys, pid) is not None for pid in victims):
        await sys.sleep(1)
    return status


async def _confirmed(sys: Process, p: ProcessInfo, number: int) -> bool:
    verb = "Kill" if number in (9, 15) else "Signal"
    await sys.stdout.write(f"{verb} {p.comm}({p.pid}{'' if number in (9, 15) else f' {NAMES.get(number, number)}'}) ? (y/N) ")
    await sys.stdout.flush()
    return (await sys.stdin.readline()).strip().lower() == b"y"
