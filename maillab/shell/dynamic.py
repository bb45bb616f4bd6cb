"""Variables that are computed when looked at: RANDOM, SECONDS, LINENO, FUNCNAME, PIPESTATUS and their like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.printer import job_text
from maillab.shell.state import SET_OPTIONS
from maillab.shell.variables import Value

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

BASH_VERSION = "5.2.15(1)-release"
BASH_VERSINFO = ["5", "2", "15", "1", "release", "x86_64-pc-linux-gnu"]


def option_letters(sh: Shell) -> str:
    """$-: the letters of the options that are on, then i, s, c."""
    letters = [letter for name, letter in SET_OPTIONS.items() if letter and sh.state.options[name]]
    state = sh.state
    if sh.dialect.is_dash:
        order = "efimnsxvVECIabu"
        on = [*letters, *("i" if state.interactive else ""), *("s" if state.reads_stdin else "")]
        return "".join(letter for letter in order if letter in on)
    order = "abefhikmnprtuvxBCEHPT"
    on = [*letters, *("i" if state.interactive else "")]
    text = "".join(letter for letter in order if letter in on)
    return text + ("c" if state.from_string else "") + ("s" if state.reads_stdin else "")


def install(sh: Shell) -> None:
    """Give the shell's variable table its computed values and its watchers."""
    table = sh.state.variables
    if sh.dialect.is_dash:
        table.dynamic = {}
        table.watchers = {"OPTIND": lambda text: reset_getopts(sh)}
        return
    table.dynamic = {
        "LINENO": lambda: str(sh.state.line),
        "RANDOM": lambda: str(sh.sys.random.randrange(32768)),
        "SRANDOM": lambda: str(sh.sys.random.randrange(1 << 32)),
        "SECONDS": lambda: str(sh.state.seconds_base + (sh.sys.clock() - sh.state.started) // 1_000_000),
        "EPOCHSECONDS": lambda: str(sh.sys.clock() // 1_000_000),
        "EPOCHREALTIME": lambda: f"{sh.sys.clock() // 1_000_000}.{sh.sys.clock() % 1_000_000:06d}",
        "BASHPID": lambda: str(sh.sys.pid),
        "BASH_SUBSHELL": lambda: str(sh.state.subshell),
        "BASH_COMMAND": lambda: "" if sh.state.current is None else job_text(sh.state.current),
        "HISTCMD": lambda: str(len(sh.state.history) + 1),
        "_": lambda: sh.state.last_argument,
        "PIPESTATUS": lambda: numbered([str(status) for status in sh.state.pipe_status]),
        "DIRSTACK": lambda: numbered([sh.state.variables.text("PWD"), *sh.state.directories]),
        "GROUPS": lambda: numbered([str(sh.sys.gid), *(str(gid) for gid in sh.sys.groups if gid != sh.sys.gid)]),
        "FUNCNAME": lambda: call_stack(sh, "function"),
        "BASH_SOURCE": lambda: call_stack(sh, "source"),
        "BASH_LINENO": lambda: call_stack(sh, "called_from"),
        "SHELLOPTS": lambda: ":".join(sorted(name for name, on in sh.state.options.items() if on)),
        "BASHOPTS": lambda: ":".join(sorted(name for name, on in sh.state.shopt.items() if on)),
    }  # fmt: skip
    table.watchers = {
        "SECONDS": lambda text: set_seconds(sh, text),
        "OPTIND": lambda text: reset_getopts(sh),
        "PATH": lambda text: sh.state.hashed.clear(),
    }


def numbered(values: list[str]) -> Value:
    return dict(enumerate(values))


def call_stack(sh: Shell, attribute: str) -> Value:
    """FUNCNAME and its companions, innermost first, with main's frame in a script."""
    frames = [str(getattr(frame, attribute)) for frame in reversed(sh.state.frames)]
    if attribute == "function" and not any(frame.function not in ("source", "main") for frame in sh.state.frames):
        return {}
    return numbered(frames)


def set_seconds(sh: Shell, text: str) -> None:
    sh.state.started = sh.sys.clock()
    sh.state.seconds_base = int(text) if text.lstrip("-").isdigit() else 0


def reset_getopts(sh: Shell) -> None:
    sh.state.getopts_place = 0
