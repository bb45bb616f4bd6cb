"""Reading programs: whole texts (eval, -c, files), line by line (standard input, the prompt), and running them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.control import Discard, FunctionReturn, Interrupted, LoopExit, OutOfMemory, ShellError, ShellExit
from maillab.shell.nesting import overflow
from maillab.shell.parsed import next_command
from maillab.shell.parser import Parser
from maillab.shell.source import ShellSyntaxError
from maillab.shell.syntax import Sequence

if TYPE_CHECKING:
    from maillab.shell.shell import Shell


def parse_all(sh: Shell, text: str, line: int = 1) -> list[Sequence]:
    """All commands of a text. Raises ShellSyntaxError."""
    return Parser(text, sh.parser_options(), line=line).program()


async def syntax_error(sh: Shell, error: ShellSyntaxError, name: str) -> None:
    """Report a text that is not in the language; `name` stands before `line N`."""
    sh.state.line = error.line
    if sh.dialect.is_dash:
        inner = f"{name}: " if name == "eval" else ""
        shell = sh.state.name if inner else name
        await sh.complain(f"{shell}: {error.line}: {inner}{error.message}\n")
        return
    if sh.state.interactive and not sh.state.frames:
        await sh.complain(f"{sh.state.name}: {error.message}\n")
        return
    await sh.complain(f"{name}: line {error.line}: {error.message}\n")
    if error.excerpt is not None:
        shown = error.excerpt if "arithmetic expression" not in error.message else f"syntax error: `{error.excerpt}'"
        await sh.complain(f"{name}: line {error.line}: {shown if shown != error.excerpt else f'`{shown}' + chr(39)}\n")


async def warn(sh: Shell, parser: Parser) -> None:
    """The parser's warnings (a here-document without end)."""
    for text, line in parser.warnings:
        if not sh.dialect.is_dash:
            where = "" if sh.state.interactive else f"line {line}: "
            await sh.complain(f"{sh.error_name}: {where}warning: {text}\n")
    parser.warnings.clear()


async def run_text(sh: Shell, text: str, *, name: str = "", line: int = 1, tail: bool = False) -> int:
    """Run a text command by command: what was parsed runs before the rest is read (aliases, errors)."""
    parser = Parser(text, sh.parser_options(), line=line)
    status = 0
    while True:
        try:
            parser.options = sh.parser_options()
            command = next_command(parser)
        except ShellSyntaxError as error:
            await warn(sh, parser)
            await syntax_error(sh, error, name or sh.error_name)
            sh.state.status = 2
            if sh.dialect.is_dash and not sh.state.interactive:
                raise ShellExit(2) from None
            return sh.state.status
        await warn(sh, parser)
        if command is None:
            return status
        if sh.state.options["noexec"] and not sh.state.interactive:
            continue
        rest = parser.text[parser.pos :].strip()
        status = await sh.run(command, tail=tail and not rest)
        if sh.state.options["onecmd"]:
            raise ShellExit(status)


async def run_top(sh: Shell, command: Sequence, *, tail: bool = False) -> int:
    """Run one command at the top level: errors drop it, break and return outside of their places do nothing."""
    try:
        sh.state.status = await sh.run(command, tail=tail)
    except ShellError as error:
        try:
            await sh.fail(error)
        except Discard as dropped:
            sh.state.status = dropped.status
    except Discard as dropped:
        sh.state.status = dropped.status
    except LoopExit:
        sh.state.status = 0
    except FunctionReturn as returned:
        sh.state.status = returned.status
    except Interrupted:
        sh.state.status = 130
        if not sh.state.interactive or sh.is_subshell:
            raise
        await sh.complain("\n")
    return sh.state.status


async def run_child(sh: Shell, commands: list[Sequence], *, substitution: bool = False) -> int:
    """The life of a subshell: run commands, then the EXIT trap set in it; returns the exit status."""
    from maillab.shell import traps

    traps.reset_for_subshell(sh)
    status = sh.state.status = sh.state.status if not commands else 0
    try:
        for index, command in enumerate(commands):
            status = await sh.run(command, tail=index == len(commands) - 1)
        sh.state.status = status
    except OutOfMemory as death:
        await sh.complain(f"{sh.state.name}: {death.message}\n")
        return death.status
    except ShellExit as leaving:
        sh.state.status = leaving.status
    except ShellError as error:
        await sh.report(error.message)
        sh.state.status = 2 if sh.dialect.is_dash else error.status
    except Discard as dropped:
        sh.state.status = dropped.status
    except LoopExit:
        sh.state.status = 0
    except FunctionReturn as returned:
        sh.state.status = returned.status
    except Interrupted:
        sh.state.status = 130
    except RecursionError:
        overflow(sh)
    return await traps.run_exit(sh)
