"""Running a sed script over its input: the pattern space, the hold space and the cycle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.sed._commands import Address, Command
from maillab.shell.commands.sed._spaces import SIMPLE, filled
from maillab.sim.host.errno import SysError
from maillab.sim.host.posix_regex import Regex
from maillab.sim.host.stdio import Input, Output, encode

if TYPE_CHECKING:
    from maillab.shell.commands.sed._input import Lines
    from maillab.sim.host.process import Process

LONGEST_SPACE = 1 << 26
FUEL = 20000
FUEL_SECONDS = 0.002
WORD_ESCAPES = {7: "\\a", 8: "\\b", 12: "\\f", 10: "\\n", 13: "\\r", 9: "\\t", 11: "\\v", 92: "\\\\"}


class Panic(Exception):
    """An error that ends sed: the message and the exit status."""

    def __init__(self, text: str, status: int) -> None:
        super().__init__(text)
        self.status = status


class Leave(Exception):
    """q and Q, or n and N at the end: `printing` says whether the pattern space is shown first."""

    def __init__(self, status: int, printing: bool) -> None:
        super().__init__()
        self.status = status
        self.printing = printing


class Target:
    """An output of sed that knows whether its last line lacks a newline."""

    def __init__(self, output: Output) -> None:
        self.output = output
        self.missing_newline = False

    async def line(self, data: bytes, end: bytes) -> None:
        """A line and its end (b"" for a last line without one)."""
        if self.missing_newline:
            await self.output.write(b"\n")
        await self.output.write(data + end)
        self.missing_newline = not end

    async def raw(self, data: bytes) -> None:
        """Text that carries its own newlines."""
        if data:
            await self.line(data, b"")
            self.missing_newline = False


class Editor:
    """One run of a script. `quiet` is -n, `end` the byte that ends a line, `width` that of `l`."""

    def __init__(
        self, sys: Process, commands: list[Command], lines: Lines, *, quiet: bool, width: int, posix: bool, unbuffered: bool, utf8: bool
    ) -> None:  # fmt: skip
        self.sys = sys
        self.commands = commands
        self.lines = lines
        self.quiet = quiet
        self.width = width
        self.posix = posix
        self.unbuffered = unbuffered
        self.charset = ("utf-8", "surrogateescape") if utf8 else ("latin-1", "strict")
        self.stdout = Target(sys.stdout)
        self.files: dict[str, Target] = {"/dev/stdout": self.stdout, "/dev/stderr": Target(sys.stderr)}
        self.readers: dict[str, Input | None] = {}
        self.space = ""
        self.hold = ""
        self.hold_end = lines.end
        self.queue: list[tuple[str, str]] = []
        self.last_regex: Regex | None = None
        self.replaced = False
        self.fuel = FUEL
        lines.editor = self

    @property
    def target(self) -> Target:
        """Where the pattern space is printed: stdout, or the file edited in place."""
        return self.lines.replacing or self.stdout

    def encoded(self, text: str) -> bytes:
        """Text of the pattern space as bytes."""
        return text.encode(*self.charset)

    def open_files(self) -> None:
        """The files of w are created before anything runs; raises Panic."""
        for command in self.commands:
            if command.file and command.letter in "wWs" and command.file not in self.files:
                try:
                    fd = self.sys.open(command.file, "w")
                except SysError as error:
                    raise Panic(f"couldn't open file {command.file}: {error.strerror}", 4) from None
                self.files[command.file] = Target(Output(self.sys, fd))

    async def run(self) -> int:
        """All cycles; the exit status of q."""
        status = 0
        try:
            while await self.next_line():
                while await self.cycle():
                    pass
        except Leave as leave:
            status = leave.status
            if leave.printing:
                await self.end_of_cycle()
            await self.lines.abandon()
        for target in self.files.values():
            await target.output.flush()
        return status

    async def next_line(self) -> bool:
        """Read the next line into the pattern space."""
        line = await self.lines.take()
        if line is None:
            return False
        self.space = line.decode(*self.charset)
        self.replaced = False
        return True

    async def end_of_cycle(self) -> None:
        """Print the pattern space unless -n, then what was queued."""
        if not self.quiet:
            await self.print_space()
        await self.flush_queue()

    async def print_space(self) -> None:
        """The pattern space as a line."""
        await self.emit(self.space)

    async def emit(self, text: str) -> None:
        """A line of output."""
        await self.target.line(self.encoded(text), self.lines.line_end)
        if self.unbuffered:
            await self.target.output.flush()

    async def flush_queue(self) -> None:
        """Texts of a, contents of r, lines of R."""
        queue, self.queue = self.queue, []
        for kind, text in queue:
            if kind == "text":
                await self.target.raw(self.encoded(text))
            elif kind == "line":
                await self.target.line(self.encoded(text), self.lines.end)
            else:
                try:
                    data = await self.sys.stdin.read() if text == "/dev/stdin" else self.sys.slurp(text)
                except SysError:
                    continue
                await self.target.raw(data)

    # --- one cycle

    async def cycle(self) -> bool:
        """Run the script once; True when D wants it run again on what is left."""
        at = 0
        while at < len(self.commands):
            self.fuel -= 1
            if self.fuel < 0:
                self.fuel = FUEL
                await self.sys.sleep(FUEL_SECONDS)
            command = self.commands[at]
            at += 1
            if await self.selects(command) == command.negated:
                if command.letter == "{":
                    at = command.target
                continue
            letter = command.letter
            if letter == "{" or letter == ":":
                continue
            if letter in "btT":
                if letter == "b" or self.replaced == (letter == "t"):
                    at = command.target
                if letter != "b":
                    self.replaced = False
            elif letter == "d":
                await self.flush_queue()
                return False
            elif letter == "D":
                return await self.delete_line()
            elif letter == "c":
                await self.change(command)
                return False
            else:
                await self.execute(command)
        await self.end_of_cycle()
        return False

    async def delete_line(self) -> bool:
        """D."""
        _, newline, rest = self.space.partition("\n")
        await self.flush_queue()
        self.space = rest
        return bool(newline)

    async def change(self, command: Command) -> None:
        """c: the text, at the end of a range."""
        if command.last is None or command.negated or not command.active:
            await self.target.raw(self.encoded(command.text))
        await self.flush_queue()

    async def execute(self, command: Command) -> None:
        """A command that only works on the spaces and the output."""
        letter = command.letter
        simple = SIMPLE.get(letter)
        if simple is not None:
            simple(self, command)
        elif letter == "s":
            await self.substitute(command)
        elif letter == "p":
            await self.print_space()
        elif letter == "P":
            await self.emit(self.space.partition("\n")[0])
        elif letter == "=":
            await self.target.raw(b"%d\n" % self.lines.number)
        elif letter == "i":
            await self.target.raw(self.encoded(command.text))
        elif letter == "F":
            await self.target.raw(encode(self.lines.name) + b"\n")
        elif letter == "l":
            await self.target.raw(self.shown(self.width if command.number < 0 else command.number))
        elif letter in "nN":
            await self.advance(letter)
        elif letter in "qQ":
            raise Leave(command.number, letter == "q")
        elif letter in "wW":
            text = self.space if letter == "w" else self.space.partition("\n")[0]
            await self.write_file(command.file, text)
        elif letter == "R":
            await self.queue_line(command.file)
        elif letter == "e":
            await self.run_command(command)

    async def advance(self, letter: str) -> None:
        """n and N; at the end of the input sed is done, having printed the pattern space."""
        if await self.lines.is_last():
            if letter == "N" and self.posix:
                raise Leave(0, False)
            raise Leave(0, True)
        if letter == "n":
            await self.end_of_cycle()
        else:
            await self.flush_queue()
        before = self.space
        line = await self.lines.take()
        self.space = (line or b"").decode(*self.charset)
        if letter == "N":
            self.space = f"{before}\n{self.space}"
            self.limit()

    def limit(self) -> None:
        """A space that grows without end is more than memory holds."""
        if len(self.space) > LONGEST_SPACE or len(self.hold) > LONGEST_SPACE:
            raise Panic("couldn't allocate memory", 4)

    async def write_file(self, name: str, text: str) -> None:
        """w and its kin."""
        target = self.target if name == "/dev/stdout" and self.lines.replacing is None else self.files[name]
        await target.line(self.encoded(text), self.lines.line_end)
        if target is not self.stdout:
            await target.output.flush()

    async def queue_line(self, name: str) -> None:
        """R: the next line of a file, after the cycle."""
        if name not in self.readers:
            try:
                self.readers[name] = self.sys.stdin if name == "/dev/stdin" else Input(self.sys, self.sys.open(name, "r"))
            except SysError:
                self.readers[name] = None
        reader = self.readers[name]
        line = await reader.readline() if reader is not None else b""
        if line:
            self.queue.append(("line", line.removesuffix(b"\n").decode(*self.charset)))

    async def run_command(self, command: Command) -> None:
        """e: a command's output before the line, or in its place."""
        if command.text:
            await self.target.raw(await self.output_of(command.text))
        else:
            self.space = (await self.output_of(self.space)).decode(*self.charset).removesuffix("\n")

    async def output_of(self, text: str) -> bytes:
        """What a shell command prints."""
        await self.sys.stdout.flush()
        reading, writing = self.sys.pipe()
        words = ["sh", "-c", self.encoded(text).decode("utf-8", "surrogateescape")]
        pid = self.sys.spawn("/bin/sh", words, fds={0: 0, 1: writing, 2: 2})
        self.sys.close(writing)
        data = await Input(self.sys, reading).read()
        self.sys.close(reading)
        await self.sys.waitpid(pid)
        return data

    # --- addresses

    async def selects(self, command: Command) -> bool:
        """Do the command's addresses select this line?"""
        first, last = command.first, command.last
        if first is None:
            return True
        if last is None:
            return await self.matches(first)
        if first.kind == "zero" and command.until == -1:
            command.active, command.until = True, 0
        if not command.active:
            if first.kind == "zero" or not await self.matches(first):
                return False
            return self.start_range(command, last)
        return await self.continue_range(command, last)

    def start_range(self, command: Command, last: Address) -> bool:
        """The first line of a range, which may be the only one."""
        number = self.lines.number
        if last.kind == "plus":
            command.until = number + last.number
        elif last.kind == "multiple":
            command.until = number + last.number - number % last.number if last.number else number
        elif last.kind == "line":
            command.until = last.number
        else:
            command.active = True
            return True
        command.active = command.until > number
        return True

    async def continue_range(self, command: Command, last: Address) -> bool:
        """A line inside a range, or the one that ends it."""
        if last.kind in ("plus", "multiple", "line"):
            command.active = self.lines.number < command.until
            return self.lines.number <= command.until
        command.active = not await self.matches(last)
        return True

    async def matches(self, address: Address) -> bool:
        """Does a simple address select this line?"""
        if address.kind == "line":
            return self.lines.number == address.number
        if address.kind == "step":
            return self.lines.number >= address.number and (self.lines.number - address.number) % address.step == 0
        if address.kind == "last":
            return await self.lines.is_last()
        return self.used(address.regex).search(self.space) is not None

    def used(self, regex: Regex | None) -> Regex:
        """An expression, the empty one being the last used."""
        if regex is not None:
            self.last_regex = regex
        if self.last_regex is None:
            raise Panic("-e expression #1, char 0: no previous regular expression", 1)
        return self.last_regex

    # --- s

    async def substitute(self, command: Command) -> None:
        """s and its flags."""
        regex = self.used(command.regex)
        assert command.replacement is not None
        wanted = command.number or 1
        out: list[str] = []
        at, count, done = 0, 0, False
        for found in regex.finditer(self.space):
            count += 1
            if count < wanted:
                continue
            out.append(self.space[at : found.start()])
            out.append(filled(command.replacement.pieces, found))
            at, done = found.end(), True
            if not command.everywhere:
                break
        if not done:
            return
        self.space = "".join(out) + self.space[at:]
        self.limit()
        self.replaced = True
        if command.evaluate:
            self.space = (await self.output_of(self.space)).decode(*self.charset).removesuffix("\n")
        if command.printing:
            await self.print_space()
        if command.file:
            await self.write_file(command.file, self.space)

    def shown(self, width: int) -> bytes:
        """The pattern space as l shows it."""
        pieces = [WORD_ESCAPES.get(byte) or (chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}") for byte in self.encoded(self.space)]
        lines, line = [], ""
        for piece in pieces:
            if width > 0 and len(line) + len(piece) > width - 1:
                lines.append(line + "\\\n")
                line = ""
            line += piece
        return ("".join(lines) + line + "$\n").encode()
