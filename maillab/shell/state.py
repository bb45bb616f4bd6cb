"""Everything a shell remembers. `ShellState.copy()` is the fork of a subshell."""

from __future__ import annotations

from dataclasses import dataclass, field

from maillab.shell.syntax import Command, Function
from maillab.shell.variables import VariableTable

SET_OPTIONS = {
    "allexport": "a", "braceexpand": "B", "emacs": "", "errexit": "e", "errtrace": "E", "functrace": "T",
    "hashall": "h", "histexpand": "H", "history": "", "ignoreeof": "", "interactive-comments": "", "keyword": "k",
    "monitor": "m", "noclobber": "C", "noexec": "n", "noglob": "f", "nolog": "", "notify": "b", "nounset": "u",
    "onecmd": "t", "physical": "P", "pipefail": "", "posix": "", "privileged": "p", "verbose": "v", "vi": "", "xtrace": "x",
}  # fmt: skip
SET_OPTIONS_ON = ("braceexpand", "hashall", "interactive-comments")

SHOPT_DEFAULTS = {
    "autocd": False, "assoc_expand_once": False, "cdable_vars": False, "cdspell": False, "checkhash": False,
    "checkjobs": False, "checkwinsize": True, "cmdhist": True, "compat31": False, "compat32": False,
    "compat40": False, "compat41": False, "compat42": False, "compat43": False, "compat44": False,
    "complete_fullquote": True, "direxpand": False, "dirspell": False, "dotglob": False, "execfail": False,
    "expand_aliases": False, "extdebug": False, "extglob": False, "extquote": True, "failglob": False,
    "force_fignore": True, "globasciiranges": True, "globskipdots": True, "globstar": False, "gnu_errfmt": False,
    "histappend": False, "histreedit": False, "histverify": False, "hostcomplete": True, "huponexit": False,
    "inherit_errexit": False, "interactive_comments": True, "lastpipe": False, "lithist": False,
    "localvar_inherit": False, "localvar_unset": False, "login_shell": False, "mailwarn": False,
    "no_empty_cmd_completion": False, "nocaseglob": False, "nocasematch": False, "noexpand_translation": False,
    "nullglob": False, "patsub_replacement": True, "progcomp": True, "progcomp_alias": False, "promptvars": True,
    "restricted_shell": False, "shift_verbose": False, "sourcepath": True, "varredir_close": False, "xpg_echo": False,
}  # fmt: skip


@dataclass(slots=True)
class Frame:
    """One level of the call stack (FUNCNAME, BASH_SOURCE, BASH_LINENO, caller)."""

    function: str
    source: str
    called_from: int  # the line of the call


@dataclass(slots=True)
class Hashed:
    """A command whose place in PATH is remembered."""

    path: str
    hits: int = 0


@dataclass
class ShellState:
    """Variables, functions, options, traps and all the rest of one shell."""

    name: str = "bash"  # $0
    variables: VariableTable = field(default_factory=VariableTable)
    functions: dict[str, Function] = field(default_factory=dict)
    function_sources: dict[str, str] = field(default_factory=dict)
    exported_functions: dict[str, None] = field(default_factory=dict)
    readonly_functions: dict[str, None] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    options: dict[str, bool] = field(default_factory=lambda: {name: name in SET_OPTIONS_ON for name in SET_OPTIONS})
    shopt: dict[str, bool] = field(default_factory=lambda: dict(SHOPT_DEFAULTS))
    disabled_builtins: dict[str, None] = field(default_factory=dict)
    positional: list[str] = field(default_factory=list)
    status: int = 0  # $?
    pipe_status: list[int] = field(default_factory=lambda: [0])
    last_argument: str = ""  # $_
    background_pid: int | None = None  # $!
    shell_pid: int = 0  # $$
    traps: dict[str, str] = field(default_factory=dict)
    hashed: dict[str, Hashed] = field(default_factory=dict)
    directories: list[str] = field(default_factory=list)  # pushd's stack below the current directory
    history: list[str] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)
    line: int = 1
    depth: int = 0  # function nesting
    loops: int = 0
    subshell: int = 0  # BASH_SUBSHELL
    interactive: bool = False
    login: bool = False
    from_string: bool = False  # -c
    reads_stdin: bool = False
    started: int = 0  # microseconds, for SECONDS
    seconds_base: int = 0
    getopts_place: int = 0
    completions: dict[str, str] = field(default_factory=dict)
    current: Command | None = None  # what runs now, for BASH_COMMAND
    shell_name: str = "bash"  # the name in errors about the shell itself (argv[0])
    line_count: int = 0  # lines read from the person so far
    leaving_warned: bool = False
    trace_level: int = 0  # substitutions and evals around the command, for PS4

    def copy(self) -> ShellState:
        """The state of a forked child: equal now, independent from now on."""
        new = ShellState.__new__(ShellState)
        kinds = (dict, list, VariableTable)
        new.__dict__.update({name: value.copy() if isinstance(value, kinds) else value for name, value in self.__dict__.items()})
        return new

