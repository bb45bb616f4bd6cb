"""mawk - pattern scanning and text processing language

SYNOPSIS
    awk [-F value] [-v var=value] [--] 'program text' [file ...]
    awk [-F value] [-v var=value] [-f program-file] [--] [file ...]

DESCRIPTION
    The awk of Debian: mawk 1.3.4 (20200120). The whole language is there: patterns and ranges, fields, arrays with several
    subscripts, functions, getline in all its forms, pipes and redirections, RS and FS as expressions. Text is bytes. A
    `for (k in a)` walks an array in mawk's own order, numbers of %d are held to 32 bits, and `{n,m}` in expressions is plain
    text, as there.

OPTIONS
    -f program-file   the program is in this file (several -f are joined)
    -F value          the field separator
    -v var=value      a variable set before BEGIN
    -W version        the version; -W help, -W usage: the usage; -W interactive: accepted

BUGS
    -W dump, exec, random, sprintf and posix_space are refused. rand() gives other numbers than the C library's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from maillab.shell.commands.mawk._arrays import Table
from maillab.shell.commands.mawk._lexer import AwkSyntaxError, unescape
from maillab.shell.commands.mawk._parser import parse
from maillab.shell.commands.mawk._regex import compile_regex
from maillab.shell.commands.mawk._runtime import Exit, MainInput, Next, NextFile, Runtime, names
from maillab.shell.commands.mawk._streams import OutputError, from_path, to_path
from maillab.shell.commands.mawk._translate import SPECIAL, Translator
from maillab.shell.commands.mawk._values import AwkError, Input, num
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"mawk": ["/usr/bin/mawk", "/usr/bin/awk", "/usr/bin/nawk"]}

ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=(.*)", re.DOTALL)
VERSION = """mawk 1.3.4 20200120
Copyright 2008-2019,2020, Thomas E. Dickey
Copyright 1991-1996,2014, Michael D. Brennan

"""
LIMITS = """random-funcs:       srandom/random
regex-funcs:        internal
compiled limits:
sprintf buffer      8192
maximum-integer     2147483647
"""
USAGE = """Usage: mawk [Options] [Program] [file ...]

Program:
    The -f option value is the name of a file containing program text.
    If no -f option is given, a "--" ends option processing; the following
    parameters are the program text.

Options:
    -f program-file  Program  text is read from file instead of from the
                     command-line.  Multiple -f options are accepted.
    -F value         sets the field separator, FS, to value.
    -v var=value     assigns value to program variable var.
    --               unambiguous end of options.

    Implementation-specific options are prefixed with "-W".  They can be
    abbreviated:

    -W version       show version information and exit.
    -W dump          show assembler-like listing of program and exit.
    -W help          show this message and exit.
    -W interactive   set unbuffered output, line-buffered input.
    -W exec file     use file as program as well as last option.
    -W random=number set initial random seed.
    -W sprintf=number adjust size of sprintf buffer.
    -W posix_space   do not consider "\\n" a space.
    -W usage         show this message and exit.
"""


class Complaint(Exception):
    """A message that ends the program with status 2."""


class Command:
    """What the command line asks for."""

    def __init__(self) -> None:
        self.files: list[str] = []
        self.assignments: list[tuple[str, str]] = []
        self.separator: str | None = None
        self.shown: str | None = None
        self.rest: list[str] = []


def read_command(arguments: list[str]) -> Command:
    """The options of mawk; raises Complaint."""
    command = Command()
    at = 0
    while at < len(arguments):
        word = arguments[at]
        if word == "--":
            at += 1
            break
        if len(word) < 2 or word[0] != "-":
            break
        letter, value = word[1], word[2:]
        if letter not in "WFvf" or word.startswith("--"):
            raise Complaint(f"not an option: {word}")
        at += 1
        if not value:
            if at >= len(arguments):
                raise Complaint(f"option -{letter} lacks argument")
            value = arguments[at]
            at += 1
        take_option(command, letter, value)
        if command.shown is not None:
            break
    command.rest = arguments[at:]
    return command


def take_option(command: Command, letter: str, value: str) -> None:
    """One option with its value."""
    if letter == "f":
        command.files.append(value)
    elif letter == "F":
        command.separator = value
    elif letter == "v":
        found = ASSIGNMENT.fullmatch(value)
        if not found:
            raise Complaint(f"improper assignment: -v {value}")
        command.assignments.append((found[1], found[2]))
    elif "version".startswith(value.lower()):
        command.shown = VERSION
    elif "help".startswith(value.lower()) or "usage".startswith(value.lower()):
        command.shown = USAGE
    elif not "interactive".startswith(value.lower()):
        raise Complaint(f"vacuous option: -W {value}")


class Run:
    """One program at work."""

    def __init__(self, sys: Process, text: str, arguments: list[str]) -> None:
        program = parse(text)
        translator = Translator(program)
        try:
            source = translator.text()
        except AwkSyntaxError as error:
            last = str(text.count("\n") + 2)
            raise AwkSyntaxError(*[message.replace("{last}", last) for message in error.texts]) from None
        self.program = program
        self.runtime = Runtime(sys, MainInput(self._files, self._take_assignment))
        self.names: dict[str, Any] = names(self.runtime, [compiled(item.source, item.line) for item in translator.regexes])
        for name in translator.globals:
            self.names[f"v_{name}"] = Table() if translator.kinds.is_array(None, name) else None
        self.scalars = {name for name in translator.globals if not translator.kinds.is_array(None, name)}
        self._arguments(sys, arguments)
        exec(compile(source, "<awk>", "exec"), self.names)

    def _arguments(self, sys: Process, arguments: list[str]) -> None:
        words: list[Any] = [Input(from_path(word)) for word in arguments]
        for number, word in enumerate(words):
            self.names["v_ARGV"].put(float(number), word)
        self.names["v_ARGC"] = float(len(words))
        for name, value in sys.env.items():
            self.names["v_ENVIRON"].put(from_path(name), Input(from_path(value)))

    def _files(self, main: MainInput) -> Iterator[str]:
        """The words of ARGV from where the last file was."""
        while main.at < num(self.names["v_ARGC"]):
            word = self.names["v_ARGV"].get(str(main.at))
            main.at += 1
            text = self.runtime.text(word)
            if text:
                yield text

    def _take_assignment(self, word: str) -> bool:
        found = ASSIGNMENT.fullmatch(word)
        if found is None:
            return False
        self.set_variable(found[1], found[2])
        return True

    def set_variable(self, name: str, value: str) -> None:
        """var=value of the command line."""
        text = Input(unescape(value, slash=True))
        if name in SPECIAL:
            self.runtime.assign(name, text)
        elif name in self.scalars or f"v_{name}" not in self.names:
            self.names[f"v_{name}"] = text

    async def run(self) -> int:
        """BEGIN, the records, END; the exit status."""
        status = 0
        try:
            await self.names["begin"]()
            if self.program.rules or self.program.end:
                await self._records()
        except Exit as leave:
            status = exit_status(leave, self.runtime, status)
        if self.program.end:
            try:
                await self.names["end"]()
            except Exit as leave:
                status = exit_status(leave, self.runtime, status)
        return status

    async def _records(self) -> None:
        runtime, each = self.runtime, self.names["each"]
        while True:
            got, text = await runtime.read_main(True)
            if not got:
                return
            runtime.set_record(text)
            runtime.fuel -= 1
            if runtime.fuel < 0:
                await runtime.breathe()
            try:
                await each()
            except Next:
                pass
            except NextFile:
                runtime.main.skip(runtime)


def exit_status(leave: Exit, runtime: Runtime, before: int) -> int:
    """The status of an exit statement; without a value the one given before stays."""
    return before if leave.value is None else int(num(leave.value)) & 255


def compiled(source: str, line: int) -> Any:
    """A constant expression, compiled; raises AwkSyntaxError."""
    try:
        return compile_regex(source)
    except ValueError as error:
        raise AwkSyntaxError(f"line {line}: {error}") from None


async def program_text(sys: Process, command: Command) -> str:
    """The text of the program: the -f files joined, or the first operand."""
    if not command.files:
        return from_path(command.rest.pop(0))
    texts: list[str] = []
    for name in command.files:
        try:
            fd = 0 if name == "-" else sys.open(name, "r")
        except SysError as error:
            raise Complaint(f"cannot open {name} ({error.strerror})") from None
        data = b""
        while part := await sys.read(fd):
            data += part
        texts.append(data.decode("latin-1"))
    return "\n".join(texts)


async def main(sys: Process, argv: list[str]) -> int:
    """awk."""
    called = argv[0].rpartition("/")[2]
    try:
        command = read_command(argv[1:])
        if command.shown is not None or (not command.files and not command.rest):
            await sys.stdout.write(USAGE if command.shown is None else command.shown)
            await sys.stderr.write(LIMITS if command.shown == VERSION else "")
            return 0
        text = await program_text(sys, command)
        run = Run(sys, text, [called, *command.rest])
        for name, value in command.assignments:
            run.set_variable(name, from_path(value))
        if command.separator is not None:
            run.set_variable("FS", from_path(command.separator))
            check_separator(run.runtime)
    except Complaint as error:
        await sys.stderr.write(f"{called}: {error}\n")
        return 2
    except AwkSyntaxError as error:
        await sys.stderr.write("".join(f"{called}: {message}\n" for message in error.texts))
        return 2
    except (RecursionError, SyntaxError):
        await sys.stderr.write(f"{called}: program limit exceeded: the program is nested too deep\n")
        return 2
    return await finish(sys, called, run)


def check_separator(runtime: Runtime) -> None:
    """The expression of -F is compiled before anything runs."""
    separator = runtime.text(runtime.FS)
    if len(separator) > 1:
        compiled(separator, 0)


async def finish(sys: Process, called: str, run: Run) -> int:
    """Run the program and close what it opened; errors of the run end it with status 2."""
    runtime = run.runtime
    try:
        status = await run.run()
    except OutputError as error:
        await report(sys, runtime, f"{called}: {error.text}\n")
        return 2
    except AwkError as error:
        place = f'\tFILENAME="{runtime.text(runtime.FILENAME)}" FNR={runtime.text(runtime.FNR)} NR={runtime.text(runtime.NR)}\n'
        await report(sys, runtime, f"{called}: run time error: {error.text}\n{place}")
        return 2
    except RecursionError:
        await report(sys, runtime, f"{called}: function call nesting too deep\n")
        return 2
    except SysError as error:
        await report(sys, runtime, f"{called}: write failure ({error.strerror})\n{called}: close failure on file /dev/stdout\n")
        return 2
    await runtime.streams.end()
    return status


async def report(sys: Process, runtime: Runtime, text: str) -> None:
    """An error: the message first, what was buffered after it, as mawk does at its exit."""
    await sys.stderr.write(from_bytes(text))
    try:
        await runtime.streams.end()
    except SysError:
        return


def from_bytes(text: str) -> str:
    """Text of the program as text for stderr."""
    return to_path(text)
