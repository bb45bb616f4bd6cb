"""Traps: commands run on signals, at exit, on errors, before commands and after returns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.control import Discard, FunctionReturn, Interrupted, LoopExit, ShellError, ShellExit
from maillab.sim.host.signals import NAMES, NUMBERS, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGTTIN, SIGTTOU

if TYPE_CHECKING:
    from maillab.shell.shell import Shell
    from maillab.shell.syntax import Command

PSEUDO = ("EXIT", "DEBUG", "RETURN", "ERR")
RT_MIN, RT_MAX = 34, 64


def signal_name(spec: str) -> str | None:
    """The canonical name (INT, EXIT, RTMIN+1) of a signal given by number or name."""
    text = spec.upper().removeprefix("SIG")
    if text.isdigit():
        number = int(text)
        return "EXIT" if number == 0 else name_of(number)
    if text in PSEUDO or text in NUMBERS:
        return text
    if text in ("CLD", "IOT"):
        return {"CLD": "CHLD", "IOT": "ABRT"}[text]
    return text if text in (name_of(number) for number in range(RT_MIN, RT_MAX + 1)) else None


def name_of(number: int) -> str | None:
    """The name of a signal number, without SIG."""
    if number in NAMES:
        return "IO" if NAMES[number] == "POLL" else NAMES[number]
    if RT_MIN <= number <= RT_MAX:
        if number == RT_MIN:
            return "RTMIN"
        if number == RT_MAX:
            return "RTMAX"
        middle = (RT_MIN + RT_MAX) // 2
        return f"RTMIN+{number - RT_MIN}" if number <= middle else f"RTMAX-{RT_MAX - number}"
    return None


def number_of(name: str) -> int:
    """The number of a canonical name; 0 for EXIT."""
    if name in NUMBERS:
        return NUMBERS[name]
    return next((number for number in range(1, RT_MAX + 1) if name_of(number) == name), 0)


def set_trap(sh: Shell, name: str, command: str | None) -> None:
    """Set, ignore ("") or reset (None) one trap."""
    if command is None:
        sh.state.traps.pop(name, None)
    else:
        sh.state.traps[name] = command
    if name not in PSEUDO:
        install(sh, name)


def install(sh: Shell, name: str) -> None:
    """Make the process act on a signal as the shell wants it now."""
    number = number_of(name)
    command = sh.state.traps.get(name)
    if command == "":
        sh.sys.signal(number, "ignore")
    elif command is not None:
        sh.sys.signal(number, lambda signal: sh.pending.append(signal), restart=False)
    else:
        default(sh, number)


def default(sh: Shell, number: int) -> None:
    """A signal without trap: interactive shells survive the keyboard's and SIGTERM."""
    interactive = sh.state.interactive and not sh.is_subshell
    if interactive and number == SIGINT:
        sh.sys.signal(number, lambda signal: setattr(sh, "interrupted", True), restart=False)
    elif (interactive and number in (SIGTERM, SIGQUIT)) or (interactive and number in (SIGTSTP, SIGTTIN, SIGTTOU) and sh.option("monitor")):
        sh.sys.signal(number, "ignore")
    else:
        sh.sys.signal(number, "default")


def prepare_interactive(sh: Shell) -> None:
    """The signals of a shell at a prompt."""
    for number in (SIGINT, SIGTERM, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU):
        default(sh, number)


def default_signals(sh: Shell) -> None:
    """In a child: what an interactive parent ignored for itself is ordinary again."""
    for number in (SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGTTIN, SIGTTOU):
        if sh.state.traps.get(NAMES[number]) != "":
            sh.sys.signal(number, "default")


def reset_for_subshell(sh: Shell) -> None:
    """A subshell forgets its parent's traps, except that ignored signals stay ignored."""
    inherited = {"DEBUG": sh.option("functrace"), "RETURN": sh.option("functrace"), "ERR": sh.option("errtrace")}
    sh.state.traps = {
        name: command for name, command in sh.state.traps.items() if command == "" or inherited.get(name, False)
    }


async def run_pending(sh: Shell) -> None:
    """Run the traps of the signals that arrived; an untrapped ^C interrupts the command."""
    while sh.pending:
        name = name_of(sh.pending.pop(0)) or ""
        command = sh.state.traps.get(name)
        if command:
            await run_trap(sh, command)
    if sh.interrupted:
        sh.interrupted = False
        raise Interrupted


async def run_trap(sh: Shell, command: str, *, name: str = "trap") -> None:
    """Run a trap's text; $? is what it was afterwards."""
    status, pipe_status, line = sh.state.status, sh.state.pipe_status, sh.state.line
    await sh.run_text(command, name=f"{sh.error_name}: {name}", line=line)
    sh.state.status, sh.state.pipe_status = status, pipe_status


async def run_exit(sh: Shell) -> int:
    """The EXIT trap; returns the shell's exit status."""
    command = sh.state.traps.pop("EXIT", "")
    if not command:
        return sh.state.status
    status = sh.state.status
    try:
        await run_trap(sh, command, name="exit trap")
        sh.state.status = status
    except ShellExit as leaving:
        sh.state.status = leaving.status
    except ShellError as error:
        await sh.report(error.message)
        sh.state.status = 1
    except Discard as dropped:
        sh.state.status = dropped.status
    except (LoopExit, FunctionReturn, Interrupted):
        sh.state.status = status
    return sh.state.status


async def run_debug(sh: Shell, node: Command) -> None:
    """The DEBUG trap, before a command; BASH_COMMAND names it."""
    if not sh.in_trap:
        sh.state.current = node
    command = sh.state.traps.get("DEBUG")
    if command and not sh.in_trap and (not sh.state.frames or sh.option("functrace")):
        await guarded(sh, command)


async def run_error(sh: Shell) -> None:
    """The ERR trap, after a command that failed where nobody tests it."""
    command = sh.state.traps.get("ERR")
    in_function = any(frame.function not in ("main", "source") for frame in sh.state.frames)
    if command and not sh.in_trap and (not in_function or sh.option("errtrace")):
        await guarded(sh, command)


async def run_return(sh: Shell) -> None:
    """The RETURN trap, when a function or a sourced file ends."""
    command = sh.state.traps.get("RETURN")
    if command and not sh.in_trap:
        await guarded(sh, command)


async def guarded(sh: Shell, command: str) -> None:
    """A pseudo-signal's trap does not trap itself."""
    sh.in_trap = True
    try:
        await run_trap(sh, command)
    finally:
        sh.in_trap = False
