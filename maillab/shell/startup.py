"""From the command line of a shell to its end: options, startup files, the loops that read commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell import nesting, traps
from maillab.shell.control import Interrupted, OutOfMemory, ShellError, ShellExit
from maillab.shell.dialect import Dialect
from maillab.shell.directories import here
from maillab.shell.history import History
from maillab.shell.invocation import Invocation
from maillab.shell.lineinput import read_line
from maillab.shell.lineread import LineReader, PlainReader
from maillab.shell.parsed import next_command
from maillab.shell.parser import Parser
from maillab.shell.reading import run_top, syntax_error, warn
from maillab.shell.shell import Shell
from maillab.shell.source import Incomplete, ShellSyntaxError
from maillab.shell.state import Frame, ShellState
from maillab.shell.syntax import Sequence
from maillab.shell.variables import Variable
from maillab.sim.host.errno import SysError
from maillab.sim.host.stdio import decode

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
TERMINAL_FD = 255


def make_shell(sys: Process, given: Invocation, dialect: Dialect) -> Shell:
    """The shell an invocation asks for, with its variables."""
    state = ShellState(name=given.name, positional=list(given.positional))
    state.interactive, state.login = given.interactive, given.login
    state.from_string = given.command is not None
    state.reads_stdin = given.reads_stdin or (given.command is None and given.script is None)
    state.shell_pid, state.started = sys.pid, sys.clock()
    if dialect.is_dash:
        state.options = dict.fromkeys(state.options, False) | given.options
    else:
        state.options.update(given.options)
    state.shopt.update(given.shopt)
    state.shopt["login_shell"] = given.login
    state.shopt["expand_aliases"] = given.interactive or given.options.get("posix", False)
    sh = Shell(sys, state, dialect)
    if given.interactive and not dialect.is_dash:
        for name in ("history", "histexpand", "emacs"):
            state.options[name] = (name in given.options and given.options[name]) or not (name == "emacs" and given.no_editing)
    import_environment(sh)
    initial_variables(sh)
    return sh


def import_environment(sh: Shell) -> None:
    """Inherited variables are exported; functions come as BASH_FUNC_name%%."""
    table = sh.state.variables.scopes[0].names
    for name, value in sh.sys.env.items():
        if name.startswith("BASH_FUNC_") and name.endswith("%%") and value.startswith("() {"):
            import_function(sh, name[10:-2], value)
        elif name == "_" and not sh.dialect.is_dash:
            sh.state.last_argument = value
        elif name == "PS4" and sh.sys.euid == 0 and not sh.dialect.is_dash:
            continue
        elif name.replace("_", "a").isalnum() and not name[:1].isdigit():
            table[name] = Variable(value, exported=True)


def import_function(sh: Shell, name: str, value: str) -> None:
    from maillab.shell import syntax

    try:
        command = Parser(f"{name} {value}", sh.parser_options()).command()
    except ShellSyntaxError:
        return
    if command is None:
        return
    node = command.items[0].command.parts[0].commands[0]
    if isinstance(node, syntax.Function):
        sh.state.functions[name] = node
        sh.state.function_sources[name] = "environment"
        sh.state.exported_functions[name] = None


def initial_variables(sh: Shell) -> None:
    """PWD, SHLVL, IFS, PATH... as the shell sets them by itself."""
    variables = sh.state.variables
    if variables.get("PATH") is None:
        variables.set("PATH", DEFAULT_PATH)
    variables.set("IFS", " \t\n")
    variables.set("OPTIND", "1")
    variables.scopes[0].names["PPID"] = Variable(str(sh.sys.ppid), readonly=not sh.dialect.is_dash, integer=not sh.dialect.is_dash)
    set_pwd(sh)
    if sh.dialect.is_dash:
        variables.set("PS1", "# " if sh.sys.euid == 0 else "$ ")
        variables.set("PS2", "> ")
        variables.set("PS4", "+ ")
        return
    level = variables.text("SHLVL")
    variables.set("SHLVL", str((int(level) if level.isdigit() else 0) + 1))
    variables.export("SHLVL")
    identity_variables(sh)
    variables.set("PS4", variables.text("PS4", "+ "))
    variables.set("OPTERR", "1")
    if sh.state.interactive:
        variables.set("PS1", variables.text("PS1", "\\s-\\v\\$ "))
        variables.set("PS2", variables.text("PS2", "> "))
        home = variables.text("HOME")
        for name, value in (("HISTFILE", f"{home}/.bash_history"), ("HISTSIZE", "500"), ("HISTFILESIZE", "500")):
            variables.set(name, variables.text(name, value))


def set_pwd(sh: Shell) -> None:
    """PWD is kept when it names the current directory."""
    variables = sh.state.variables
    known = variables.get("PWD")
    try:
        actual = sh.sys.getcwd()
        if known is None or not known.startswith("/") or sh.sys.realpath(known) != actual:
            variables.set("PWD", actual)
    except SysError:
        variables.set("PWD", known or ".")
    if not sh.dialect.is_dash:
        variables.export("PWD")
        if "OLDPWD" not in variables.scopes[0].names:
            variables.scopes[0].names["OLDPWD"] = Variable(None, exported=True)


def identity_variables(sh: Shell) -> None:
    """BASH, BASH_VERSION, UID, HOSTNAME..."""
    from maillab.shell.dynamic import BASH_VERSINFO, BASH_VERSION

    table = sh.state.variables.scopes[0].names
    name = sh.state.name.removeprefix("-")
    plain = {
        "BASH": name if "/" in name and sh.state.from_string else "/bin/bash", "BASH_VERSION": BASH_VERSION,
        "HOSTNAME": sh.sys.hostname(), "HOSTTYPE": "x86_64", "MACHTYPE": "x86_64-pc-linux-gnu", "OSTYPE": "linux-gnu",
    }  # fmt: skip
    for key, value in plain.items():
        table.setdefault(key, Variable(value))
    table["BASH_VERSINFO"] = Variable(dict(enumerate(BASH_VERSINFO)), readonly=True, array="a")
    for key, number in (("UID", sh.sys.uid), ("EUID", sh.sys.euid)):
        table[key] = Variable(str(number), readonly=True, integer=True)
    for key in ("BASH_ALIASES", "BASH_CMDS"):
        table[key] = Variable({}, array="A")
    table["BASH_ARGC"] = Variable({}, array="a")
    table["BASH_ARGV"] = Variable({}, array="a")


# --- the life of a shell --------------------------------------------------------------------------------------------


async def live(sh: Shell, given: Invocation) -> int:
    """Startup files, commands, EXIT trap; the exit status."""
    if sh.state.interactive:
        prepare_terminal(sh)
        traps.prepare_interactive(sh)
    nesting.prepare()
    await check_directory(sh)
    await check_locale(sh)
    try:
        await startup_files(sh, given)
        await commands(sh, given)
    except RecursionError:
        nesting.overflow(sh)
    except OutOfMemory as death:
        await sh.complain(f"{sh.state.name}: {death.message}\n")
        return death.status
    except ShellExit as leaving:
        sh.state.status = leaving.status
    except Interrupted:
        sh.state.status = 130
    status = await traps.run_exit(sh)
    if sh.state.login and sh.state.interactive:
        await source_if_there(sh, "~/.bash_logout")
    if sh.history is not None:
        sh.history.save()
    return status


async def check_directory(sh: Shell) -> None:
    """A shell that starts in a removed directory says so."""
    if not sh.dialect.is_dash:
        await here(sh, "shell-init", "")


async def check_locale(sh: Shell) -> None:
    """LC_ALL names a locale that the host does not have: bash warns."""
    name = sh.state.variables.text("LC_ALL")
    if sh.dialect.is_dash or name in ("", "C", "POSIX", "C.UTF-8", "C.utf8") or sh.sys.isdir(f"/usr/lib/locale/{name}"):
        return
    await sh.complain(f"{sh.state.shell_name}: warning: setlocale: LC_ALL: cannot change locale ({name})\n")


def prepare_terminal(sh: Shell) -> None:
    """Job control: the shell leads its own process group in the foreground of its terminal."""
    sys = sh.sys
    if not sys.isatty(2) and not sys.isatty(0):
        return
    sh.terminal = sys.dup(2 if sys.isatty(2) else 0, TERMINAL_FD, cloexec=True)
    sh.state.options["monitor"] = True
    try:
        if sys.pgid != sys.pid:
            sys.setpgid(sys.pid, sys.pid)
        sys.tcsetpgrp(sh.terminal, sys.pgid)
    except SysError:
        return


async def startup_files(sh: Shell, given: Invocation) -> None:
    """profile, bashrc, BASH_ENV, ENV."""
    if sh.dialect.is_dash:
        if given.login:
            for name in ("/etc/profile", "~/.profile"):
                await source_if_there(sh, name)
        if sh.state.interactive:
            await source_if_there(sh, sh.state.variables.text("ENV"))
        return
    if given.login and not given.no_profile:
        await source_if_there(sh, "/etc/profile")
        for name in ("~/.bash_profile", "~/.bash_login", "~/.profile"):
            if await source_if_there(sh, name):
                break
    elif sh.state.interactive and not given.no_rc and not sh.option("posix"):
        await source_if_there(sh, "/etc/bash.bashrc")
        await source_if_there(sh, given.rc_file or "~/.bashrc")
    elif not sh.state.interactive and not given.login:
        await source_if_there(sh, sh.state.variables.text("BASH_ENV"))


async def source_if_there(sh: Shell, name: str) -> bool:
    """Run a startup file; False when it does not exist."""
    from maillab.shell.sourcing import run_file

    if name.startswith("~"):
        name = sh.state.variables.text("HOME") + name[1:]
    if not name or not sh.sys.exists(name) or not sh.sys.access(name, "r"):
        return False
    interactive = sh.state.line
    try:
        await run_file(sh, name)
    except ShellError as error:
        await sh.report(error.message)
    sh.state.line = interactive
    return True


async def commands(sh: Shell, given: Invocation) -> None:
    """Where commands come from: -c, a file, a person, standard input."""
    if given.command is not None:
        await run_string(sh, given.command)
    elif given.script is not None:
        await run_script(sh, given.script)
    elif sh.state.interactive:
        await converse(sh)
    else:
        await read_standard_input(sh)


async def run_string(sh: Shell, text: str) -> None:
    """-c: errors name `-c`."""
    await run_commands(sh, Parser(text, sh.parser_options()), f"{sh.state.name}: -c", tail=not sh.dialect.is_dash)


async def run_commands(sh: Shell, parser: Parser, name: str, *, tail: bool = False) -> None:
    """Parse and run the commands of a text one after the other."""
    while True:
        parser.options = sh.parser_options()
        start = parser.pos
        try:
            command = next_command(parser)
        except ShellSyntaxError as error:
            await echo_verbose(sh, parser.text[start:])
            await warn(sh, parser)
            sh.state.status = 2
            await syntax_error(sh, error, name if not sh.dialect.is_dash else sh.state.name)
            if error.status is not None and name.endswith(" -c"):
                sh.state.status = error.status
            return
        await echo_verbose(sh, parser.text[start : parser.pos])
        await warn(sh, parser)
        if command is None:
            return
        if sh.option("noexec"):
            continue
        last = tail and not parser.text[parser.pos :].strip()
        await run_top(sh, command, tail=last)
        if sh.option("onecmd"):
            return


async def echo_verbose(sh: Shell, text: str) -> None:
    """set -v: lines are shown as they are read."""
    if sh.option("verbose") and text:
        await sh.complain(text if text.endswith("\n") else text + "\n")


async def run_script(sh: Shell, name: str) -> None:
    """A script file; its descriptor stays open out of the way while it runs."""
    path = name
    try:
        if "/" not in name and not sh.sys.exists(name) and not sh.dialect.is_dash:
            from maillab.shell.calling import search_path

            path = next(iter(search_path(sh, name)), name)
        if sh.sys.isdir(path):
            if not sh.dialect.is_dash:
                await sh.complain(f"{name}: {name}: Is a directory\n")
                raise ShellExit(126)
            raise ShellExit(await cannot_open(sh, name, f"{name}: Is a directory", 126))
        data = sh.sys.slurp(path)
    except SysError as error:
        missing = error.name in ("ENOENT", "ENOTDIR")
        raise ShellExit(await cannot_open(sh, name, f"{name}: {error.strerror}", 127 if missing else 126)) from None
    if b"\0" in data[:80].split(b"\n", 1)[0] and not sh.dialect.is_dash:
        await sh.complain(f"{name}: {name}: cannot execute binary file\n")
        raise ShellExit(126)
    sh.state.frames.append(Frame("main", name, 0))
    await run_commands(sh, Parser(decode(data), sh.parser_options()), name)


async def cannot_open(sh: Shell, name: str, message: str, status: int) -> int:
    """A script that is not there."""
    if sh.dialect.is_dash:
        missing = "No such file" if status == 127 else message.split(": ", 1)[1]
        await sh.complain(f"{sh.state.shell_name}: 0: cannot open {name}: {missing}\n")
        return 2
    shown = sh.state.shell_name
    await sh.complain(f"{shown}: {message}\n")
    return status


async def read_standard_input(sh: Shell) -> None:
    """Commands on standard input, line by line: what they read themselves is theirs."""
    text, line = "", 1
    while True:
        data = await read_line(sh.sys, 0)
        text += decode(data)
        await echo_verbose(sh, decode(data))
        if not data and not text:
            return
        parser = Parser(text, sh.parser_options(), line=line, final=not data)
        try:
            command = parser.command()
        except Incomplete:
            continue
        except ShellSyntaxError as error:
            await syntax_error(sh, error, sh.state.name)
            raise ShellExit(2) from None
        await warn(sh, parser)
        line += text.count("\n")
        text = ""
        if command is not None and not sh.option("noexec"):
            await run_top(sh, command)
        if not data:
            return


# --- a person at the prompt -----------------------------------------------------------------------------------------


async def converse(sh: Shell) -> None:
    """Prompt, read, run, until the end."""
    sh.history = History(sh)
    if not sh.dialect.is_dash:
        sh.history.load()
    sh.reader = line_reader(sh)
    while True:
        try:
            command = await read_command(sh)
        except EOFError:
            if await may_leave(sh):
                return
            continue
        if command is not None:
            await run_top(sh, command)


def line_reader(sh: Shell) -> LineReader:
    """What asks the person for lines: bash edits them itself, dash leaves that to the terminal."""
    if sh.dialect.is_dash:
        return PlainReader(sh)
    from maillab.shell.readline.editor import TerminalReader

    return TerminalReader(sh)


async def may_leave(sh: Shell) -> bool:
    """^D at the prompt: `exit` (or `logout`), unless jobs are stopped."""
    from maillab.shell.leaving import stopped_jobs_hold

    if not sh.dialect.is_dash:
        await sh.complain("logout\n" if sh.state.login else "exit\n")
    return not await stopped_jobs_hold(sh)


async def read_command(sh: Shell) -> Sequence | None:
    """One complete command from the person; None for nothing to run. Raises EOFError at the end of input."""
    text = ""
    await before_prompt(sh)
    first_line = sh.state.line_count + 1
    while True:
        line = await ask(sh, "PS1" if not text else "PS2")
        if line is None and not text:
            raise EOFError
        if line == INTERRUPTED:
            return None
        if line is not None:
            sh.state.line_count += 1
            expanded = await history_expanded(sh, line, bool(text))
            if expanded is None:
                return None
            line = expanded
        text += "" if line is None else line + "\n"
        parser = Parser(text, sh.parser_options(), line=first_line, final=line is None)
        try:
            command = parser.command()
        except Incomplete:
            continue
        except ShellSyntaxError as error:
            await syntax_error(sh, error, sh.state.name)
            sh.state.status = 2
            return None
        await warn(sh, parser)
        return command


INTERRUPTED = "\0"


async def before_prompt(sh: Shell) -> None:
    """News of jobs, traps, PROMPT_COMMAND."""
    await sh.jobs.notify(sh)
    try:
        await sh.signals()
    except Interrupted:
        await sh.complain("\n")
    if sh.dialect.is_dash:
        return
    hook = sh.state.variables.find("PROMPT_COMMAND")
    for text in [] if hook is None else [str(value) for value in hook.elements().values()]:
        if text:
            status = sh.state.status
            try:
                await sh.run_text(text)
            except ShellError as error:
                await sh.report(error.message)
            sh.state.status = status


async def ask(sh: Shell, prompt: str) -> str | None:
    """One line of input; INTERRUPTED after ^C."""
    assert sh.reader is not None
    text = await sh.prompt_text(sh.state.variables.text(prompt))
    if prompt == "PS1" and sh.sys.isatty(0):
        sh.sys.observe("prompt", tty=sh.sys.ttyname(0), text=text)
    while True:
        try:
            return await sh.reader.read_line(text)
        except SysError:
            if sh.interrupted:
                sh.interrupted = False
                sh.state.status = 130
                await sh.complain("\n")
                return INTERRUPTED
            try:
                await sh.signals()
            except Interrupted:
                return INTERRUPTED
            text = ""


async def history_expanded(sh: Shell, line: str, continued: bool) -> str | None:
    """! expansion and remembering; None when the line is not to be run."""
    assert sh.history is not None
    if sh.dialect.is_dash:
        return line
    shown_only = False
    if sh.option("histexpand"):
        try:
            line, changed, shown_only = sh.history.expand(line)
        except ShellError as error:
            await sh.complain(f"{sh.prefix}{error.message}\n")
            return None
        if changed:
            await sh.complain(line + "\n")
    if continued:
        sh.history.extend_last(line)
    else:
        sh.history.add(line)
    return None if shown_only else line


