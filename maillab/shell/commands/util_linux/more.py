"""more - display the contents of a file in a terminal

SYNOPSIS
    more [-dflpcsu] [-number] [+number] [+/string] [file...]

COMMANDS
    SPACE z  a screen    RETURN  a line    d ^D  half a screen    b ^B  back    s f  skip    /re  search    n  again
    =  line number       :n :p  files      :f  where              h  help       q Q ^C  quit

DESCRIPTION
    more of util-linux. On what is not a terminal the files are copied. From 2.38 on it stays at the end until q is typed.

BUGS
    ! and v are missing: they beep.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.options import TRY_HELP, fail
from maillab.sim.host import posix_regex
from maillab.sim.host.errno import SysError
from maillab.sim.host.stdio import Input

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"util-linux": "/bin/more"}

STAYS = (2, 38)
HALF = 11
RULE = "-" * 79
HELP = f"""Most commands optionally preceded by integer argument k.  Defaults in brackets.
Star (*) indicates argument becomes new default.
{RULE}
<space>                 Display next k lines of text [current screen size]
z                       Display next k lines of text [current screen size]*
<return>                Display next k lines of text [1]*
d or ctrl-D             Scroll k lines [current scroll size, initially 11]*
q or Q or <interrupt>   Exit from more
s                       Skip forward k lines of text [1]
f                       Skip forward k screenfuls of text [1]
b or ctrl-B             Skip backwards k screenfuls of text [1]
'                       Go to place where previous search started
=                       Display current line number
/<regular expression>   Search for kth occurrence of regular expression [1]
n                       Search for kth occurrence of last r.e [1]
!<cmd> or :!<cmd>       Execute <cmd> in a subshell
v                       Start up '/usr/bin/vi' at current line
ctrl-L                  Redraw screen
:n                      Go to kth next file [1]
:p                      Go to kth previous file [1]
:f                      Display current file name and line number
.                       Repeat previous command
{RULE}
"""


class More:
    """One run on a terminal; the keys are read from `keys`."""

    def __init__(self, sys: Process, keys: int, names: list[str]) -> None:
        self.sys = sys
        self.keys = keys
        self.names = names
        self.smart = sys.env.get("TERM", "dumb") not in ("", "dumb")
        rows, self.width = sys.winsize(1)
        self.rows = max(2, rows or 24)
        program = sys.program
        self.stays = not program.version or program.version >= STAYS
        self.prompted = ""
        self.pattern: posix_regex.Regex | None = None

    async def write(self, text: str) -> None:
        """Text at once."""
        await self.sys.stdout.write(text)
        await self.sys.stdout.flush()

    async def line(self, data: bytes) -> None:
        """A line of the file, over the prompt if there is one."""
        text = data.removesuffix(b"\n").decode("utf-8", "surrogateescape")
        lead, tail = "", ""
        if self.prompted:
            lead, tail = "\r", "\33[K" if self.smart else " " * (len(self.prompted) - len(text))
            self.prompted = ""
        await self.write(lead + text + tail + "\n")

    async def prompt(self, text: str) -> None:
        """--More-- and the like."""
        await self.erase()
        self.prompted = text
        await self.write(f"\33[7m{text}\33[27m" if self.smart else text)

    async def erase(self) -> None:
        """Take the prompt away."""
        if self.prompted:
            await self.write("\r\33[K" if self.smart else "\r" + " " * len(self.prompted) + "\r")
        self.prompted = ""

    async def key(self) -> str:
        """A key."""
        return (await self.sys.read(self.keys, 1)).decode("latin-1")

    async def show(self, lines: list[bytes], sized: bool, at: int, room: int) -> bool:
        """One file from a line on; False to stop altogether."""
        offsets = [0]
        for line in lines:
            offsets.append(offsets[-1] + len(line))
        while True:
            stop = min(len(lines), at + room)
            for line in lines[at:stop]:
                await self.line(line)
            blank = room - (stop - at)
            at = stop
            if at >= len(lines):
                if not self.stays:
                    return True
                return await self.end(max(0, blank))
            percent = f"({offsets[at] * 100 // offsets[-1]}%)" if sized else ""
            await self.prompt(f"--More--{percent}")
            move = await self.command(lines, at)
            if move is None:
                await self.erase()
                return False
            at, room = move

    async def end(self, blank: int) -> bool:
        """The end of the last file: (END), until q."""
        while True:
            await self.write("\n" * blank)
            await self.prompt("--More--")
            await self.prompt("(END)")
            key = await self.key()
            if key in ("q", "Q", "\3", "", "\4"):
                await self.erase()
                return False
            await self.write("\r" + " " * (len(self.prompted) + 1))
            self.prompted = ""
            blank = 1 if key in ("\r", "\n") else self.rows - 1

    async def command(self, lines: list[bytes], at: int) -> tuple[int, int] | None:
        """One command: where to go on and how many lines to show; None to stop."""
        count = ""
        while True:
            key = await self.key()
            if key.isdigit():
                count += key
                continue
            number = int(count or 0)
            if key in ("", "q", "Q", "\3"):
                return None
            if key in (" ", "z"):
                return at, number or self.rows - 1
            if key in ("\r", "\n"):
                return at, number or 1
            if key in ("d", "\4"):
                return at, number or HALF
            if key in ("s", "f"):
                skipped = (number or 1) * (1 if key == "s" else self.rows - 1)
                await self.erase()
                await self.write(f"...skipping {skipped} line{'s' if skipped > 1 else ''}\n")
                return min(len(lines), at + skipped), self.rows - 1
            if key in ("b", "\2"):
                await self.erase()
                pages = number or 1
                await self.write(f"...back {pages} page{'s' if pages > 1 else ''}\n\r")
                return max(0, at - (pages + 1) * (self.rows - 1)), self.rows - 1
            if key in ("/", "n"):
                found = await self.search(lines, at, key)
                if found is not None:
                    return found, self.rows - 1
            elif key in ("h", "?"):
                text = self.prompted
                await self.erase()
                await self.write(HELP)
                await self.prompt(text)
            elif key == "=":
                text = self.prompted
                await self.erase()
                await self.write(str(at))
                self.prompted = " " * len(text)
            else:
                await self.write("\a")
            count = ""

    async def search(self, lines: list[bytes], at: int, key: str) -> int | None:
        """/ and n: the line to go on from, two lines above the match."""
        if key == "/":
            await self.prompt("/")
            typed = ""
            while (char := await self.key()) not in ("\r", "\n", ""):
                typed += char
                await self.write(char)
            try:
                self.pattern = posix_regex.compile(typed, "bre") if typed else self.pattern
            except posix_regex.RegexError as error:
                await self.prompt(str(error))
                return None
        if self.pattern is None:
            await self.prompt("No previous regular expression")
            return None
        for number in range(at, len(lines)):
            if self.pattern.search(lines[number].decode("latin-1")):
                await self.erase()
                await self.write("...skipping\n")
                return max(at, number - 2)
        await self.prompt("Pattern not found")
        return None


async def opened(sys: Process, called: str, name: str) -> list[bytes] | None:
    """The lines of a file; None (and a message) when it cannot be shown."""
    try:
        if name != "-" and sys.isdir(name):
            await sys.stdout.write(f"\n*** {name}: directory ***\n\n")
            return None
        source = sys.stdin if name == "-" else Input(sys, sys.open(name, "r"))
        return [line async for line in source]
    except SysError as error:
        await sys.stdout.flush()
        await sys.stderr.write(f"{called}: cannot open {name}: {error.strerror}\n")
        return None


async def main(sys: Process, argv: list[str]) -> int:
    """more."""
    names = [word for word in argv[1:] if not word.startswith(("-", "+")) or word == "-"]
    start = next((word[1:] for word in argv[1:] if word.startswith("+")), "")
    for word in argv[1:]:
        if word.startswith("-") and word.strip("-dflpcsueN0123456789"):
            await fail(sys, argv, f"invalid option -- '{word.strip('-dflpcsueN0123456789')[0]}'", hint=TRY_HELP)
    if not names and sys.isatty(0):
        await fail(sys, argv, "bad usage", hint=TRY_HELP)
    names = names or ["-"]
    if not sys.isatty(1):
        return await copy(sys, argv[0], names)
    keys = 2 if sys.isatty(2) else sys.open("/dev/tty", "r+")
    saved = sys.tcgetattr(keys)
    raw = saved.copy()
    raw.icanon = raw.echo = raw.isig = False
    sys.tcsetattr(keys, raw)
    more = More(sys, keys, names)
    try:
        for name in names:
            lines = await opened(sys, argv[0], name)
            if lines is None:
                continue
            room = more.rows - 1
            if len(names) > 1:
                await more.write(f"{':' * 14}\n{name}\n{':' * 14}\n")
                room -= 2
            first = int(start) - 1 if start.isdigit() else 0
            if not await more.show(lines, name != "-", max(0, first), room):
                break
    finally:
        sys.tcsetattr(keys, saved)
    return 0


async def copy(sys: Process, called: str, names: list[str]) -> int:
    """Output that is no terminal."""
    for name in names:
        if len(names) > 1:
            await sys.stdout.write(f"{':' * 14}\n{name}\n{':' * 14}\n")
        for line in await opened(sys, called, name) or []:
            await sys.stdout.write(line)
    return 0
