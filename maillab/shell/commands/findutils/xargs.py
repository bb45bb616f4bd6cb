"""xargs - build and execute command lines from standard input

SYNOPSIS
    xargs [options] [command [initial-arguments]]

DESCRIPTION
    GNU xargs 4.9: words cut at blanks and newlines with quotes and backslashes, at a delimiter (-d), at zero bytes (-0) or by
    lines (-I, -L); at most -n words and -s characters a command; -P several commands at once; -t -p -r -x -a -E -o.

EXIT STATUS
    0; 123 a command failed; 124 a command exited with 255; 125 killed by a signal; 126 cannot be run; 127 not found; 1 another error.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from maillab.shell.commands.findutils._exec import spawn
from maillab.shell.commands.findutils._xargs_help import HELP, VERSION
from maillab.shell.options import TRY_HELP, fail, gnu
from maillab.sim.host.errno import SysError
from maillab.sim.host.stdio import Input, decode

if TYPE_CHECKING:
    from maillab.shell.options import Given
    from maillab.sim.host.process import Process
    from maillab.sim.host.signals import Status

INSTALLED = {"findutils": "/usr/bin/xargs"}

OPTIONS = gnu(
    "-0,--null -a,--arg-file= -d,--delimiter= -E= -e,--eof=? -I= -i,--replace=? -L= -l,--max-lines=? -n,--max-args= -o,--open-tty "
    "-P,--max-procs= -p,--interactive --process-slot-var= -r,--no-run-if-empty -s,--max-chars= --show-limits -t,--verbose -x,--exit",
    permute=False,
)
BLANKS = " \t"
MOST_CHARACTERS = 131072
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "\\": "\\"}


class Stop(Exception):
    """The run ends now with this status."""

    def __init__(self, status: int) -> None:
        super().__init__()
        self.status = status


class Settings:
    """What the options say."""

    def __init__(self) -> None:
        self.delimiter: bytes | None = None
        self.replace: str | None = None
        self.lines: int | None = None
        self.words: int | None = None
        self.characters = MOST_CHARACTERS
        self.processes = 1
        self.end_word: str | None = None


async def number(sys: Process, argv: list[str], text: str, letter: str, least: int) -> int:
    """The argument of a numeric option."""
    if not text.lstrip("-").isdigit() or not text:
        await fail(sys, argv, f'invalid number "{text}" for -{letter} option', hint=TRY_HELP)
    if int(text) < least:
        await fail(sys, argv, f"value {text} for -{letter} option should be >= {least}", hint=TRY_HELP)
    return int(text)


async def read_settings(sys: Process, argv: list[str], given: Given) -> Settings:
    """The options; of -I, -L and -n the last one counts, as xargs warns."""
    settings = Settings()
    for found in given.found:
        value = found.value or ""
        if found.name == "null":
            settings.delimiter = b"\0"
        elif found.name == "delimiter":
            settings.delimiter = await delimiter(sys, argv, value)
        elif found.name in ("I", "replace"):
            await override(sys, argv, settings, "--replace/-I/-i")
            settings.replace = value or "{}"
        elif found.name in ("L", "max-lines"):
            await override(sys, argv, settings, "--max-lines")
            settings.lines = await number(sys, argv, value or "1", "L" if found.name == "L" else "l", 1)
        elif found.name == "max-args":
            await override(sys, argv, settings, "--max-args/-n")
            settings.words = await number(sys, argv, value, "n", 1)
        elif found.name == "max-chars":
            settings.characters = await number(sys, argv, value, "s", 1)
        elif found.name == "max-procs":
            settings.processes = await number(sys, argv, value, "P", 0) or 1 << 16
        elif found.name in ("E", "eof"):
            settings.end_word = value or None
    return settings


async def override(sys: Process, argv: list[str], settings: Settings, option: str) -> None:
    """One of -I -L -n after another one."""
    pairs = (("--replace/-I/-i", settings.replace), ("--max-lines", settings.lines), ("--max-args", settings.words))
    for name, value in pairs:
        if value is not None and not option.startswith(name):
            await sys.stderr.write(
                f"{argv[0]}: warning: options {name} and {option} are mutually exclusive, ignoring previous {name} value\n"
            )
    settings.replace = settings.lines = settings.words = None


async def delimiter(sys: Process, argv: list[str], text: str) -> bytes:
    """-d: a character or an escape."""
    if len(text) == 1:
        return text.encode("utf-8", "surrogateescape")[:1]
    if text[:1] == "\\":
        if text[1:] in ESCAPES:
            return ESCAPES[text[1:]].encode()
        base, digits = (16, text[2:]) if text[1:2] == "x" else (8, text[1:])
        try:
            return bytes([int(digits, base)])
        except ValueError:
            await fail(sys, argv, f"Invalid escape sequence {text} in input delimiter specification.")
    return await fail(
        sys, argv, f"Invalid input delimiter specification {text}: the delimiter must be either a single character or an escape "
        "sequence starting with \\.",
    )  # fmt: skip


class Words:
    """The words of the input, with what ends a line; raises ValueError for a quote without end."""

    def __init__(self, source: Input, settings: Settings) -> None:
        self.source = source
        self.settings = settings

    async def delimited(self) -> AsyncIterator[tuple[str, bool]]:
        """Words by a delimiter."""
        assert self.settings.delimiter is not None
        while item := await self.source.readline(separator=self.settings.delimiter):
            yield decode(item.removesuffix(self.settings.delimiter)), True

    async def whole_lines(self) -> AsyncIterator[tuple[str, bool]]:
        """-I: each line that is not blank, without its leading blanks, quotes resolved."""
        while line := await self.source.readline():
            text = decode(line).removesuffix("\n").lstrip(BLANKS)
            words = unquoted(text, blanks="")
            if words:
                if words[0] == self.settings.end_word:
                    return
                yield words[0], True

    async def quoted(self) -> AsyncIterator[tuple[str, bool]]:
        """Words by blanks, quotes and backslashes; a blank at the end of a line joins the next line to it."""
        while line := await self.source.readline():
            text = decode(line)
            while text.endswith("\\\n") and (following := await self.source.readline()):
                text += decode(following)
            words = unquoted(text if text.endswith("\\\n") else text.removesuffix("\n"), blanks=BLANKS + "\n")
            joined = text.removesuffix("\n")[-1:] in tuple(BLANKS)
            for index, word in enumerate(words):
                if word == self.settings.end_word:
                    return
                yield word, index == len(words) - 1 and not joined


def unquoted(text: str, *, blanks: str) -> list[str]:
    """A text cut into words; with no blanks it is one word (or none)."""
    words: list[str] = []
    current: list[str] | None = None
    at = 0
    while at < len(text):
        char = text[at]
        at += 1
        if char in "'\"":
            stop = text.find(char, at)
            if stop < 0:
                raise ValueError("single" if char == "'" else "double")
            current = (current or []) + [text[at:stop]]
            at = stop + 1
        elif char == "\\" and at < len(text):
            current = (current or []) + [text[at]]
            at += 1
        elif blanks and char in blanks:
            if current is not None:
                words.append("".join(current))
            current = None
        else:
            current = (current or []) + [char]
    if current is not None:
        words.append("".join(current))
    return words


class Runner:
    """Starts the commands and keeps their statuses."""

    def __init__(self, sys: Process, argv: list[str], settings: Settings, given: Given, stdin: int) -> None:
        self.sys = sys
        self.argv = argv
        self.settings = settings
        self.verbose = given.has("verbose")
        self.asking = given.has("interactive")
        self.stdin = stdin
        self.running: dict[int, str] = {}
        self.status = 0

    async def run(self, words: list[str]) -> None:
        """One command."""
        while len(self.running) >= self.settings.processes:
            await self.wait()
        if self.verbose or self.asking:
            await self.sys.stderr.write(" ".join(shell_word(word) for word in words) + ("?..." if self.asking else "\n"))
        if self.asking and not await self.agreed():
            return
        await self.sys.stdout.flush()
        try:
            pid = spawn(self.sys, words, {0: self.stdin, 1: 1, 2: 2})
        except SysError as error:
            await self.sys.stderr.write(f"{self.argv[0]}: {words[0]}: {error.strerror}\n")
            raise Stop(127 if error.name == "ENOENT" else 126) from None
        self.running[pid] = words[0]
        if self.settings.processes == 1:
            await self.wait()

    async def agreed(self) -> bool:
        """-p: the answer is read from the terminal."""
        try:
            fd = self.sys.open("/dev/tty", "r")
        except SysError as error:
            await self.sys.stderr.write(f"{self.argv[0]}: failed to open /dev/tty for reading: {error.strerror}\n")
            raise Stop(1) from None
        answer = await self.sys.read(fd)
        self.sys.close(fd)
        return answer[:1] in (b"y", b"Y")

    async def wait(self) -> None:
        """The end of one command."""
        pid, status = await self.sys.waitpid(-1)
        name = self.running.pop(pid, "")
        assert status is not None
        await self.note(name, status)

    async def note(self, name: str, status: Status) -> None:
        """What a command's status means for the run."""
        if not status.exited:
            await self.sys.stderr.write(f"{self.argv[0]}: {name}: terminated by signal {status.signal}\n")
            raise Stop(125)
        if status.code == 255:
            await self.sys.stderr.write(f"{self.argv[0]}: {name}: exited with status 255; aborting\n")
            raise Stop(124)
        if status.code in (126, 127):
            raise Stop(status.code)
        if status.code:
            self.status = 123

    async def finish(self) -> None:
        """Wait for all that still run."""
        while self.running:
            await self.wait()


def shell_word(word: str) -> str:
    """A word as -t shows it."""
    from maillab.shell.quotearg import quote

    return quote(word, "shell")


async def feed(words: AsyncIterator[tuple[str, bool]], settings: Settings, command: list[str], runner: Runner, empty: bool) -> None:
    """Gather words into commands; `empty`: run once even without any word."""
    batch: list[str] = []
    lines, ran = 0, False
    fixed = sum(len(word.encode("utf-8", "surrogateescape")) + 1 for word in command)
    size = fixed
    async for word, ends_line in words:
        if settings.replace is not None:
            await runner.run([item.replace(settings.replace, word) for item in command])
            continue
        length = len(word.encode("utf-8", "surrogateescape")) + 1
        if fixed + length > settings.characters:
            await runner.sys.stderr.write(f"{runner.argv[0]}: argument line too long\n")
            raise Stop(1)
        if batch and size + length > settings.characters:
            await runner.run(command + batch)
            batch, lines, ran, size = [], 0, True, fixed
        batch.append(word)
        size += length
        lines += ends_line
        if len(batch) == settings.words or (settings.lines is not None and lines >= settings.lines):
            await runner.run(command + batch)
            batch, lines, ran, size = [], 0, True, fixed
    if batch or (not ran and empty and settings.replace is None):
        await runner.run(command + batch)


async def main(sys: Process, argv: list[str]) -> int:
    """xargs."""
    given = await OPTIONS.read(sys, argv, help=HELP, version=VERSION)
    settings = await read_settings(sys, argv, given)
    if given.has("show-limits"):
        await fail(sys, argv, "--show-limits is not simulated")
    command = given.operands or ["echo"]
    if sum(len(word) + 1 for word in command) > settings.characters:
        await fail(sys, argv, "cannot fit single argument within argument list size limit")
    name = given.last("arg-file")
    try:
        source = sys.stdin if name in (None, "-") else Input(sys, sys.open(name or "", "r"))
        stdin = 0 if source is not sys.stdin else sys.open("/dev/tty" if given.has("open-tty") else "/dev/null", "r")
    except SysError as error:
        await fail(sys, argv, f"Cannot open input file '{name}': {error.strerror}")
    words = Words(source, settings)
    items = words.delimited() if settings.delimiter is not None else words.whole_lines() if settings.replace else words.quoted()
    runner = Runner(sys, argv, settings, given, stdin)
    try:
        await feed(items, settings, command, runner, not given.has("no-run-if-empty"))
        await runner.finish()
    except Stop as stop:
        return stop.status
    except ValueError as error:
        await fail(
            sys, argv, f"unmatched {error} quote; by default quotes are special to xargs unless you use the -0 option"
        )  # fmt: skip
    return runner.status
