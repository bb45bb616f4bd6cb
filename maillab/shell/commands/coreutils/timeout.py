"""timeout - run a command with a time limit

Usage: timeout [OPTION] DURATION COMMAND [ARG]...
  or:  timeout [OPTION]
Start COMMAND, and kill it if still running after DURATION.

Mandatory arguments to long options are mandatory for short options too.
      --preserve-status
                 exit with the same status as COMMAND, even when the
                   command times out
      --foreground
                 when not running timeout directly from a shell prompt,
                   allow COMMAND to read from the TTY and get TTY signals;
                   in this mode, children of COMMAND will not be timed out
  -k, --kill-after=DURATION
                 also send a KILL signal if COMMAND is still running
                   this long after the initial signal was sent
  -s, --signal=SIGNAL
                 specify the signal to be sent on timeout;
                   SIGNAL may be a name like 'HUP' or a number;
                   see 'kill -l' for a list of signals
  -v, --verbose  diagnose to stderr any signal sent upon timeout
      --help        display this help and exit
      --version     output version information and exit

DURATION is a floating point number with an optional suffix:
's' for seconds (the default), 'm' for minutes, 'h' for hours or 'd' for days.
A duration of 0 disables the associated timeout.

Upon timeout, send the TERM signal to COMMAND, if no other SIGNAL specified.
The TERM signal kills any process that does not block or catch that signal.
It may be necessary to use the KILL signal, since this signal can't be caught.

EXIT status:
  124  if COMMAND times out, and --preserve-status is not specified
  125  if the timeout command itself fails
  126  if COMMAND is found but cannot be invoked
  127  if COMMAND cannot be found
  137  if COMMAND (or timeout itself) is sent the KILL (9) signal (128+9)
  -    the exit status of COMMAND otherwise
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.commands.coreutils._durations import parse_duration
from maillab.shell.commands.coreutils._run import become
from maillab.shell.options import TRY_HELP, gnu
from maillab.sim.host.errno import SysError
from maillab.sim.host.signals import NAMES, NUMBERS, SIGCONT, SIGKILL, SIGTERM, SIGTTIN, SIGTTOU

if TYPE_CHECKING:
    from maillab.sim.host.process import Process
    from maillab.sim.host.signals import Status

INSTALLED = {"coreutils": "/usr/bin/timeout"}
AUTHORS = "Padraig Brady"
SINCE = {"coreutils": (7, 0)}
OPTIONS = gnu("-k,--kill-after= -s,--signal= -v,--verbose --foreground --preserve-status", permute=False)
TIMED_OUT = 124
FOREVER = 10**9


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS, trouble=125)
    given = await command.read(OPTIONS)
    if len(given.operands) < 2:
        await sys.stderr.write(TRY_HELP.replace("{prog}", argv[0]))
        return 125
    signal = await _signal(command, given.last("signal"))
    kill_after = await _duration(command, given.last("kill-after") or "0")
    limit = await _duration(command, given.operands[0])
    words = given.operands[1:]
    if not given.has("foreground"):
        sys.setpgid(0, 0)
    sys.signal(SIGTTIN, "ignore")
    sys.signal(SIGTTOU, "ignore")

    async def child(process: Process) -> int:
        process.signal(SIGTTIN, "default")
        process.signal(SIGTTOU, "default")
        inner = Command(process, argv, __doc__, AUTHORS)
        await become(inner, words, sentence=f"failed to run command {command.file(words[0])}")

    pid = sys.fork(child)
    status = await _wait(sys, pid, limit or FOREVER)
    if status is not None:
        return _code(status)
    if given.has("verbose"):
        await command.note(f"sending signal {NAMES.get(signal, signal)} to command {command.file(words[0])}")
    await _send(sys, pid, signal, group=not given.has("foreground"))
    status = await _wait(sys, pid, kill_after or FOREVER)
    if status is None:
        if given.has("verbose"):
            await command.note(f"sending signal KILL to command {command.file(words[0])}")
        await _send(sys, pid, SIGKILL, group=False)
        status = await _wait(sys, pid, FOREVER)
        return 128 + SIGKILL
    if given.has("preserve-status"):
        return _code(status)
    return 128 + SIGKILL if signal == SIGKILL else TIMED_OUT


async def _signal(command: Command, text: str | None) -> int:
    if text is None:
        return SIGTERM
    number = int(text) if text.isdigit() else NUMBERS.get(text.upper().removeprefix("SIG"), -1)
    if number not in NAMES and number != 0:
        await command.usage(f"{command.q(text)}: invalid signal")
    return number


async def _duration(command: Command, text: str) -> float:
    duration = parse_duration(text)
    if duration is None:
        await command.usage(f"invalid time interval {command.q(text)}")
    return min(duration, FOREVER)


async def _wait(sys: Process, pid: int, seconds: float) -> Status | None:
    """The child's end, None when the time passed first."""
    deadline = sys.monotonic() + int(seconds * 1_000_000)
    while True:
        found, status = await sys.waitpid(pid, nohang=True)
        if found:
            return status
        if sys.monotonic() >= deadline:
            return None
        await sys.block(sys.child_events, deadline=deadline)


async def _send(sys: Process, pid: int, signal: int, group: bool) -> None:
    """Signal the child, and with `group` all of our own group (which this process ignores)."""
    try:
        sys.kill(pid, signal)
        if group:
            if signal != SIGKILL:
                sys.signal(signal, "ignore")
                sys.kill(0, signal)
        if signal not in (SIGKILL, SIGCONT):
            sys.kill(pid, SIGCONT)
    except SysError:
        pass


def _code(status: Status) -> int:
    code: int = status.shell
    return code
