"""The shell as a machine: a process, a state, and the operations that all stages use."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from maillab.shell import arithmetic, dynamic
from maillab.shell.control import Discard, ShellError, ShellExit
from maillab.shell.dialect import Dialect
from maillab.shell.jobs import JobTable
from maillab.shell.source import ParserOptions
from maillab.shell.state import ShellState
from maillab.shell.syntax import CommandSub, ProcessSub, Sequence, Word
from maillab.sim.host.errno import SysError
from maillab.sim.host.stdio import encode

if TYPE_CHECKING:
    from maillab.shell.history import History
    from maillab.shell.lineread import LineReader
    from maillab.shell.parameters import Listing
    from maillab.sim.host.process import Process

FORK_PAUSES = (1, 2, 4, 8, 0)  # seconds between the attempts to fork
FORK_FAILED = 254
COMMAND_COST = 30  # microseconds of processor time for a command that the shell runs itself


class Shell:
    """One running shell: interactive, script, or a subshell of either."""

    def __init__(self, sys: Process, state: ShellState, dialect: Dialect) -> None:
        self.sys = sys
        self.state = state
        self.dialect = dialect
        self.jobs = JobTable()
        self.is_subshell = False
        self.in_substitution = False
        self.conditions = 0  # > 0: a failing command is being tested (set -e does not apply)
        self.in_trap = False
        self.nested = 0  # commands inside one another, see nesting.py
        self.pending: list[int] = []  # signals that arrived and wait for their trap
        self.interrupted = False
        self.substitution_status: int | None = None
        self.substitution_fds: list[int] = []
        self.reader: LineReader | None = None
        self.history: History | None = None
        self.terminal = -1  # the descriptor of the controlling terminal under job control
        self.source_name = ""  # what errors call the text being run, "" for the shell's own name
        self.attach()

    def attach(self) -> None:
        """Connect the variable table with this shell (after a fork, the new one)."""
        variables = self.state.variables
        variables.evaluate = self.compute
        dynamic.install(self)

    async def fork(self, body: Callable[[Shell], Awaitable[int]], *, comm: str | None = None) -> int:
        """A child process that runs `body` in a copy of this shell. A full process table is asked again for 15 seconds, as bash
        does; then the line is dropped and a shell that is not interactive ends."""
        state = self.state.copy()
        state.subshell += 1

        async def run(process: Process) -> int:
            child = Shell(process, state, self.dialect)
            child.is_subshell = True
            child.conditions = self.conditions
            child.in_substitution = self.in_substitution
            child.source_name = self.source_name
            child.jobs = self.jobs.inherited()
            return await body(child)

        for pause in FORK_PAUSES:
            try:
                return self.sys.fork(run, comm=comm)
            except SysError as error:
                if error.name != "EAGAIN":
                    raise
                await self.report(f"fork: {'retry: ' if pause else ''}{error.strerror}")
            await self.sys.sleep(pause)
        if self.state.interactive and not self.is_subshell:
            raise Discard(FORK_FAILED)
        raise ShellExit(FORK_FAILED)

    # --- output -----------------------------------------------------------------------------------------------------

    async def write(self, text: str | bytes) -> None:
        """Standard output, unbuffered. Raises SysError."""
        await self.sys.write(1, encode(text) if isinstance(text, str) else text)

    async def complain(self, text: str) -> None:
        """Standard error; nowhere to complain when that fails."""
        try:
            await self.sys.write(2, encode(text))
        except SysError:
            return

    @property
    def prefix(self) -> str:
        """How errors begin: `bash: ` at the prompt, `name: line N: ` in scripts, `sh: N: ` in dash."""
        state = self.state
        if self.dialect.is_dash:
            return f"{state.name}: {max(state.line, 0)}: "
        if state.interactive:
            return f"{state.name.rsplit('/', 1)[-1] if '/' in state.name else state.name}: "
        return f"{self.error_name}: line {state.line}: "

    @property
    def error_name(self) -> str:
        """The file or shell that errors name."""
        frames = self.state.frames
        if frames and frames[-1].source:
            return frames[-1].source
        return self.state.name

    async def report(self, message: str) -> None:
        """An error on standard error with the shell's prefix."""
        await self.complain(f"{self.prefix}{message}\n")

    async def fail(self, error: ShellError) -> None:
        """Report an error and leave the line (or the shell)."""
        message = error.message
        if self.dialect.is_dash and message.endswith(": readonly variable"):
            message = message.removesuffix("readonly variable") + "is read only"
        await self.report(message)
        if (error.fatal or self.dialect.is_dash) and (not self.state.interactive or self.is_subshell):
            raise ShellExit(2 if self.dialect.is_dash else self.fatal_status)
        raise Discard(2 if self.dialect.is_dash else error.status)

    @property
    def fatal_status(self) -> int:
        """The status with which a fatal expansion error ends bash: 127 for -c, 1 for scripts and under `set -e`."""
        return 127 if self.state.from_string and not self.is_subshell and not self.option("errexit") else 1

    # --- parameters -------------------------------------------------------------------------------------------------

    @property
    def ifs(self) -> str:
        """IFS, or its default when unset."""
        found = self.state.variables.get("IFS")
        return " \t\n" if found is None else found

    @property
    def star_separator(self) -> str:
        """What joins "$*"."""
        return self.ifs[:1]

    def parameter(self, name: str) -> str | Listing | None:
        """The value of a variable, positional or special parameter."""
        if name.isdigit():
            number = int(name)
            if number == 0:
                return self.state.name
            return self.state.positional[number - 1] if number <= len(self.state.positional) else None
        if len(name) == 1 and not name.isalpha() and name != "_":
            return self.special(name)
        return self.state.variables.get(name)

    def special(self, name: str) -> str | Listing | None:
        """$@ $* $# $? $- $$ $!"""
        from maillab.shell.parameters import Listing

        state = self.state
        if name in "@*":
            listing = Listing(state.positional)
            listing.star = name == "*"
            return listing
        if name == "!":
            return None if state.background_pid is None else str(state.background_pid)
        return {
            "#": str(len(state.positional)), "?": str(state.status), "-": self.flags, "$": str(state.shell_pid),
        }.get(name)  # fmt: skip

    @property
    def flags(self) -> str:
        """$-"""
        return dynamic.option_letters(self)

    def option(self, name: str) -> bool:
        """Whether a `set -o` option is on."""
        return self.state.options[name]

    def tilde(self, user: str) -> str | None:
        """What ~user stands for; None leaves the text as it is."""
        if not user:
            home = self.state.variables.get("HOME")
            return home if home is not None else self.home_of(self.sys.uid)
        if user == "+":
            return self.state.variables.get("PWD")
        if user == "-":
            return self.state.variables.get("OLDPWD")
        return self.home_of(user)

    def home_of(self, user: str | int) -> str | None:
        """The home directory /etc/passwd gives to a user name or number."""
        try:
            lines = self.sys.slurp("/etc/passwd").decode("utf-8", "surrogateescape").splitlines()
        except SysError:
            return None
        for line in lines:
            fields = line.split(":")
            if len(fields) >= 7 and (fields[0] == user or fields[2] == str(user)):
                return fields[5]
        return None

    @property
    def utf8(self) -> bool:
        """Whether the locale's characters are UTF-8."""
        for name in ("LC_ALL", "LC_CTYPE", "LANG"):
            value = self.state.variables.text(name)
            if value:
                return "utf-8" in value.lower() or "utf8" in value.lower()
        return False

    def text_length(self, text: str) -> int:
        """${#x}: characters of the locale."""
        return len(text) if self.utf8 else len(encode(text))

    # --- arithmetic -------------------------------------------------------------------------------------------------

    def compute(self, text: str, command: str = "") -> int:
        """The value of an arithmetic expression. Raises ShellError."""
        try:
            return arithmetic.evaluate(text, self, dash=self.dialect.is_dash)
        except arithmetic.ArithmeticFault as fault:
            raise ShellError(f"{command}{fault}") from None

    def arithmetic_value(self, name: str, subscript: str | None) -> str:
        """A variable inside an expression."""
        variables = self.state.variables
        value = variables.get(name) if subscript is None else variables.element(name, self.plain_subscript(name, subscript))
        if value is None and self.state.options["nounset"]:
            raise ShellError(f"{name}: unbound variable", fatal=True)
        return value or ""

    def arithmetic_assign(self, name: str, subscript: str | None, value: int) -> None:
        """An assignment inside an expression."""
        if subscript is None:
            self.state.variables.set(name, str(value))
        else:
            self.state.variables.set_element(name, self.plain_subscript(name, subscript), str(value))

    def plain_subscript(self, name: str, subscript: str) -> str:
        """A subscript whose expansions were done; quotes fall away for associative arrays."""
        variable = self.state.variables.find(name)
        if variable is not None and variable.array == "A":
            return subscript.replace('"', "").replace("'", "")
        return subscript

    async def subscript_text(self, name: str, subscript: Word) -> str:
        """An array's subscript after expansion."""
        from maillab.shell.expansion import expand_text

        return subscript.literal if subscript.literal is not None else await expand_text(self, subscript)

    # --- programs ---------------------------------------------------------------------------------------------------

    def parser_options(self) -> ParserOptions:
        """What the parser has to know now."""
        aliases = self.state.aliases if self.state.shopt["expand_aliases"] or self.dialect.is_dash else {}
        return ParserOptions(self.dialect, self.state.shopt["extglob"], aliases, self.state.interactive, self.utf8)

    async def capture(self, part: CommandSub) -> str:
        """The output of a command substitution."""
        from maillab.shell.substitution import capture

        return await capture(self, part)

    async def process_substitution(self, part: ProcessSub) -> str:
        """The name of a process substitution's file."""
        from maillab.shell.substitution import process_substitution

        return await process_substitution(self, part)

    async def run(self, sequence: Sequence, *, tail: bool = False) -> int:
        """Run a list; `tail`: the process ends with it."""
        from maillab.shell.running import run_sequence

        return await run_sequence(self, sequence, tail=tail)

    async def run_text(self, text: str, *, name: str = "", line: int = 1, tail: bool = False) -> int:
        """Parse and run a text (eval, traps, -c)."""
        from maillab.shell.reading import run_text

        return await run_text(self, text, name=name, line=line, tail=tail)

    async def prompt_text(self, text: str) -> str:
        """A prompt with its escapes and expansions done."""
        from maillab.shell.prompt import expand_prompt

        return await expand_prompt(self, text)

    # --- time and signals -------------------------------------------------------------------------------------------

    async def charge(self, microseconds: int = COMMAND_COST) -> None:
        """Let virtual time pass for the shell's own work, and let signals be seen."""
        await self.sys.spend(microseconds)
        if self.pending or self.interrupted:
            await self.signals()

    async def signals(self) -> None:
        """Run the traps of signals that arrived; a plain ^C goes back to the prompt."""
        from maillab.shell.traps import run_pending

        await run_pending(self)
