"""Calling a command: functions, builtins, programs found in PATH."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from maillab.shell import builtin, traps
from maillab.shell.assigning import assign, trace
from maillab.shell.builtin import BadOption
from maillab.shell.control import FunctionReturn, RedirectError, ShellError
from maillab.shell.jobs import Job
from maillab.shell.printer import job_text
from maillab.shell.quoting import traced
from maillab.shell.redirection import redirect_all
from maillab.shell.state import Frame, Hashed
from maillab.shell.syntax import Function, Simple
from maillab.shell.variables import Variable
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

NOT_FOUND, NOT_EXECUTABLE = 127, 126


async def call(sh: Shell, node: Simple, words: list[str], *, tail: bool, listed: bool) -> int:
    """Run an expanded command."""
    name = words[0]
    special = name in builtin.SPECIAL and sh.dialect.is_dash
    function = None if special else sh.state.functions.get(name)
    if function is not None:
        return await in_shell(sh, node, words, function)
    run = builtin.find(sh, name)
    if run is not None:
        return await in_shell(sh, node, words, run)
    return await run_program(sh, node, words, tail=tail, listed=listed)


async def trace_call(sh: Shell, node: Simple, words: list[str]) -> None:
    """set -x: dash writes assignments and words on one line."""
    if not sh.option("xtrace"):
        return
    if sh.dialect.is_dash:
        values = [f"{item.name}={sh.state.variables.text(item.name)}" for item in node.assignments]
        await trace(sh, " ".join([*values, *words]))
        return
    await trace(sh, " ".join(traced(word) for word in words))


# --- in the shell's own process -------------------------------------------------------------------------------------


async def in_shell(sh: Shell, node: Simple, words: list[str], target: Function | builtin.Run) -> int:
    """A function or a builtin, with redirections and assignments that last as long as it does."""
    await sh.charge()
    saved = await redirect_all(sh, node.redirects, save=True)
    scopes = len(sh.state.variables.scopes)
    lasting = words[0] == "exec" and len(words) == 1 and not isinstance(target, Function)

    def leave() -> None:
        del sh.state.variables.scopes[scopes:]
        if lasting:
            saved.forget(sh)
        else:
            saved.restore(sh)

    try:
        if node.assignments:
            keeps = sh.dialect.is_dash and words[0] in builtin.SPECIAL
            if not keeps:
                sh.state.variables.push("temporary")
            await temporary_assignments(sh, node, exported=not keeps)
        await trace_call(sh, node, words)
        if isinstance(target, Function):
            status = await call_function(sh, target, words)
        else:
            status = await call_builtin(sh, words, target)
    except Exception:  # the death of the process and exec unwind without undoing anything
        leave()
        raise
    leave()
    return status


async def temporary_assignments(sh: Shell, node: Simple, *, exported: bool) -> None:
    """VAR=x before a command: exported variables of the scope just entered."""
    variables = sh.state.variables
    scope = variables.scopes[-1]
    for item in node.assignments:
        if exported and item.subscript is None and not isinstance(item.value, list):
            old = variables.lookup(item.name)
            if old is not None and old.readonly:
                raise ShellError(f"{item.name}: readonly variable")
            made = scope.names[item.name] = old.copy() if old is not None and item.append else Variable()
            made.exported = True
            await assign(sh, item, before_command=True)
        else:
            await assign(sh, item, before_command=True)


async def call_builtin(sh: Shell, words: list[str], run: builtin.Run) -> int:
    """Run a builtin; its errors are reported under its name."""
    try:
        return await run(sh, words[1:])
    except BadOption as error:
        return error.status
    except ShellError as error:
        if error.fatal:
            raise
        await sh.report(f"{words[0]}: {error.message}")
        return error.status
    except SysError as error:
        return await write_error(sh, words[0], error)


async def write_error(sh: Shell, name: str, error: SysError) -> int:
    """Output that could not be written."""
    if sh.dialect.is_dash:
        await sh.report(f"{name}: {name}: I/O error")
    else:
        await sh.report(f"{name}: write error: {error.strerror}")
    return 1


async def call_function(sh: Shell, function: Function, words: list[str]) -> int:
    """Run a function's body with its arguments, its locals, its frame."""
    state = sh.state
    check_depth(sh, function)
    positional, loops = state.positional, state.loops
    state.positional, state.loops = words[1:], 0
    state.variables.push("function")
    depth_of_scopes = len(state.variables.scopes)
    state.frames.append(Frame(function.name, state.function_sources.get(function.name, ""), state.line))
    state.depth += 1
    try:
        from maillab.shell.running import run_command

        status = await run_command(sh, function.body)
    except FunctionReturn as returned:
        status = returned.status
    finally:
        state.positional, state.loops = positional, loops
        del state.variables.scopes[depth_of_scopes - 1 :]
        frame = state.frames.pop()
        state.depth -= 1
        state.line = frame.called_from
    if "RETURN" in state.traps and state.options["functrace"]:
        await traps.run_return(sh)
    return status


def check_depth(sh: Shell, function: Function) -> None:
    """FUNCNEST."""
    limit = sh.state.variables.text("FUNCNEST")
    if limit.isdigit() and 0 < int(limit) <= sh.state.depth:
        raise ShellError(f"{function.name}: maximum function nesting level exceeded ({limit})")


# --- programs -------------------------------------------------------------------------------------------------------


async def run_program(sh: Shell, node: Simple, words: list[str], *, tail: bool, listed: bool) -> int:
    """A program: in a child, or in this very process when nothing comes after it."""
    from maillab.shell.running import enter_foreground, place_in_group, wait_foreground

    path = locate(sh, words[0])
    if sh.state.shopt["autocd"] and sh.state.interactive and len(words) == 1 and (path is None or "/" in path) and sh.sys.isdir(words[0]):
        await sh.complain(f"cd -- {words[0]}\n")
        return await sh.run_text(f"cd -- {traced(words[0])}")
    if tail and not sh.state.traps and (sh.is_subshell or not sh.state.interactive):
        await become(sh, node, words, path)

    async def run(child: Shell) -> int:
        traps.default_signals(child)
        traps.reset_for_subshell(child)
        await become(child, node, words, path)

    job = Job([await sh.fork(run)], job_text(node), directory=sh.state.variables.text("PWD"))
    place_in_group(sh, job, job.pids[0])
    enter_foreground(sh, job)
    return await wait_foreground(sh, job, listed=listed)


async def become(sh: Shell, node: Simple, words: list[str], path: str | None) -> NoReturn:
    """In the process that will be the program: redirections, environment, exec; errors end it."""
    sh.substitution_fds.clear()
    try:
        await redirect_all(sh, node.redirects, save=False)
        if node.assignments:
            sh.state.variables.push("temporary")
            await temporary_assignments(sh, node, exported=True)
        await trace_call(sh, node, words)
    except RedirectError as error:
        await sh.report(error.message)
        sh.sys.exit(error.status)
    except ShellError as error:
        await sh.report(error.message)
        sh.sys.exit(1)
    if path is None:
        sh.sys.exit(await not_found(sh, words))
    sh.sys.exit(await execute(sh, path, words))


async def not_found(sh: Shell, words: list[str]) -> int:
    """No such command: the handler function, or the message."""
    handler = sh.state.functions.get("command_not_found_handle")
    if handler is not None and not sh.dialect.is_dash:
        return await call_function(sh, handler, ["command_not_found_handle", *words])
    if sh.dialect.is_dash:
        await sh.report(f"{words[0]}: not found")
    else:
        await sh.report(f"{words[0]}: command not found")
    return NOT_FOUND


async def execute(sh: Shell, path: str, words: list[str], *, argv0: str | None = None, env: dict[str, str] | None = None) -> int:
    """execve(2) with the shell's environment; returns only when it failed, with the status."""
    environment = exported_environment(sh, path) if env is None else env
    try:
        await sh.sys.execve(path, [words[0] if argv0 is None else argv0, *words[1:]], environment)
    except SysError as error:
        if error.name == "ENOEXEC":
            return await run_as_script(sh, path, words, environment)
        return await exec_failed(sh, path, words[0], error)


async def exec_failed(sh: Shell, path: str, name: str, error: SysError) -> int:
    """Why a program cannot be run, as the shell words it."""
    missing = error.name in ("ENOENT", "ENOTDIR")
    if sh.dialect.is_dash:
        if missing:
            await sh.report(f"{name}: not found")
            return NOT_FOUND
        await sh.report(f"{name}: {error.strerror}")
        return NOT_EXECUTABLE
    if sh.sys.isdir(path):
        await sh.report(f"{name}: Is a directory")
        return NOT_EXECUTABLE
    if missing and is_nameless(sh, path):
        await sh.report(f"{name}: Permission denied")
        return NOT_EXECUTABLE
    if missing and sh.sys.exists(path):
        interpreter = interpreter_of(sh, path)
        if interpreter:
            await sh.report(f"{name}: cannot execute: required file not found")
            return NOT_FOUND
    await sh.report(f"{name}: {error.strerror}")
    return NOT_FOUND if missing else NOT_EXECUTABLE


def is_nameless(sh: Shell, path: str) -> bool:
    """A pipe or socket under /dev/fd: it is there, but no file has its name."""
    try:
        return sh.sys.stat(path).kind in "ps" and not sh.sys.exists(path)
    except SysError:
        return False


def interpreter_of(sh: Shell, path: str) -> str:
    """The interpreter a #! line names."""
    try:
        first = sh.sys.slurp(path).split(b"\n", 1)[0]
    except SysError:
        return ""
    return first[2:].decode("utf-8", "surrogateescape").strip() if first.startswith(b"#!") else ""


async def run_as_script(sh: Shell, path: str, words: list[str], environment: dict[str, str]) -> int:
    """A text file without #! is a script of this shell."""
    data = sh.sys.slurp(path) if sh.sys.access(path, "r") else b""
    if b"\0" in data[:80].split(b"\n", 1)[0] and not sh.dialect.is_dash:
        await sh.report(f"{words[0]}: cannot execute binary file: Exec format error")
        return NOT_EXECUTABLE
    shell = "/bin/sh" if sh.dialect.is_dash else "/bin/bash"
    try:
        await sh.sys.execve(shell, [shell.rsplit("/", 1)[-1], path, *words[1:]], environment)
    except SysError as error:
        return await exec_failed(sh, path, words[0], error)


def exported_environment(sh: Shell, path: str) -> dict[str, str]:
    """What the program inherits: exported variables, `_`, exported functions."""
    env = sh.state.variables.environment()
    env.pop("_", None)
    for name in sh.state.exported_functions:
        function = sh.state.functions.get(name)
        if function is not None:
            from maillab.shell.printer import function_value

            env[f"BASH_FUNC_{name}%%"] = function_value(function)
    if not sh.dialect.is_dash:
        env["_"] = path
    return env


# --- PATH -----------------------------------------------------------------------------------------------------------


def search_path(sh: Shell, name: str, path: str | None = None) -> list[str]:
    """All executable files of this name in PATH, in order."""
    found = []
    for directory in (sh.state.variables.text("PATH") if path is None else path).split(":"):
        candidate = f"{directory}/{name}" if directory else f"./{name}"
        if candidate not in found and is_program(sh, candidate):
            found.append(candidate)
    return found


def is_program(sh: Shell, path: str) -> bool:
    """An executable regular file."""
    return sh.sys.isfile(path) and sh.sys.access(path, "x")


def locate(sh: Shell, name: str) -> str | None:
    """The file a command name means: itself with a slash, else the hashed or the first one in PATH."""
    if "/" in name:
        return name
    if not name:
        return None
    temporary = any("PATH" in scope.names for scope in sh.state.variables.scopes[1:])
    known = sh.state.hashed.get(name)
    if known is not None and not temporary and sh.option("hashall"):
        known.hits += 1
        return known.path
    found = search_path(sh, name)
    if not found:
        return unusable(sh, name)
    if sh.option("hashall") and not found[0].startswith("./") and not temporary:
        sh.state.hashed[name] = Hashed(found[0], 1)
    return found[0]


def unusable(sh: Shell, name: str) -> str | None:
    """A file of that name in PATH that is no program: it will be `Permission denied`."""
    for directory in sh.state.variables.text("PATH").split(":"):
        candidate = f"{directory or '.'}/{name}"
        if sh.sys.isfile(candidate):
            return candidate
    return None

