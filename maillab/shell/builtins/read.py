"""read - Read a line from the standard input and split it into fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.builtin import Options, dash_error, options
from maillab.shell.control import ShellError
from maillab.shell.source import NAME
from maillab.shell.splitting import split_line
from maillab.sim.host.errno import SysError
from maillab.sim.host.stdio import decode

if TYPE_CHECKING:
    from maillab.shell.shell import Shell
    from maillab.sim.host.tty import Termios

DASH = True
SYNOPSIS = (
    "read [-ers] [-a array] [-d delim] [-i text] [-n nchars] [-N nchars] [-p prompt] [-t timeout] [-u fd] [name ...]"
)
TIMED_OUT = 142


async def run(sh: Shell, args: list[str]) -> int:
    """1 at the end of input, above 128 after a timeout."""
    given = await options(sh, "read", args, "p:r" if sh.dialect.is_dash else "ersa:d:i:n:N:p:t:u:")
    status = await refused(sh, given)
    if status:
        return status
    fd = int(given.value("u") or 0)
    timeout = float(given.value("t")) if "t" in given else None
    if timeout == 0:
        return int(not (await sh.sys.poll([fd], timeout=0))[0])
    if "p" in given and (sh.sys.isatty(fd) or sh.dialect.is_dash):
        await sh.complain(given.value("p"))
    silent = silence(sh, fd) if "s" in given else None
    try:
        text, marks, ended = await Reader(sh, given, fd, timeout).read()
    finally:
        if silent is not None:
            sh.sys.tcsetattr(fd, silent)
    try:
        assign(sh, given, text, marks)
    except ShellError as error:
        await sh.report(error.message)
        return 1
    return ended


async def refused(sh: Shell, given: Options) -> int:
    """What cannot be read into, from, or for so long."""
    if "t" in given and not given.value("t").replace(".", "", 1).isdigit():
        await sh.report(f"read: {given.value('t')}: invalid timeout specification")
        return 1
    for letter in "nN":
        if letter in given and not given.value(letter).isdigit():
            await sh.report(f"read: {given.value(letter)}: invalid number")
            return 1
    if "u" in given:
        text = given.value("u")
        if not text.isdigit() or int(text) not in sh.sys.fds:
            await sh.report(f"read: {text}: invalid file descriptor{'' if not text.isdigit() else ': Bad file descriptor'}")
            return 1
    for name in given.operands:
        base = name.partition("[")[0]
        if not NAME.fullmatch(base):
            if sh.dialect.is_dash:
                return await dash_error(sh, "read", f"{name}: bad variable name")
            await sh.report(f"read: `{name}': not a valid identifier")
            return 1
    if sh.dialect.is_dash and not given.operands:
        return await dash_error(sh, "read", "arg count")
    return 0


def silence(sh: Shell, fd: int) -> Termios | None:
    """-s: no echo on a terminal; the settings to put back."""
    if not sh.sys.isatty(fd):
        return None
    old = sh.sys.tcgetattr(fd)
    new = old.copy()
    new.echo = False
    sh.sys.tcsetattr(fd, new)
    return old


class Reader:
    """Reads characters up to the delimiter; a backslash quotes unless -r."""

    def __init__(self, sh: Shell, given: Options, fd: int, timeout: float | None) -> None:
        self.sh = sh
        self.raw = "r" in given
        self.fd = fd
        self.exact = "N" in given
        count = given.value("N") or given.value("n")
        self.limit = int(count) if count else None
        delimiter = given.value("d")[:1] if "d" in given else "\n"
        self.delimiter = delimiter.encode() or b"\0"
        self.deadline = None if timeout is None else sh.sys.monotonic() + int(timeout * 1_000_000)
        self.data = bytearray()
        self.marks = bytearray()  # 1 for each byte that a backslash quoted

    async def read(self) -> tuple[str, list[bool], int]:
        """(text, which characters were quoted, status)."""
        status = 0
        quoted = False
        while self.limit is None or len(decode(bytes(self.data))) < self.limit:
            byte = await self.byte()
            if byte is None:
                status = TIMED_OUT
                break
            if not byte:
                status = 1
                break
            if byte == b"\0" and self.delimiter != b"\0":
                continue
            if quoted:
                quoted = False
                if byte == b"\n":
                    continue
                self.keep(byte, 1)
            elif byte == b"\\" and not self.raw:
                quoted = True
            elif byte == self.delimiter and not self.exact:
                break
            else:
                self.keep(byte, 0)
        text = decode(bytes(self.data))
        marks = [bool(mark) for mark in self.marks] if len(text) == len(self.marks) else [False] * len(text)
        return text, marks, status

    def keep(self, byte: bytes, mark: int) -> None:
        self.data += byte
        self.marks.append(mark)

    async def byte(self) -> bytes | None:
        """The next byte, b"" at the end, None when time is over. SIGINT runs through."""
        if self.deadline is not None:
            left = (self.deadline - self.sh.sys.monotonic()) / 1_000_000
            if left <= 0 or not (await self.sh.sys.poll([self.fd], timeout=left))[0]:
                return None
        while True:
            try:
                return await self.sh.sys.read(self.fd, 1)
            except SysError as error:
                if error.name != "EINTR":
                    if not self.sh.dialect.is_dash:
                        await self.sh.report(f"read: read error: {self.fd}: {error.strerror}")
                    return b""
                await self.sh.signals()


def assign(sh: Shell, given: Options, text: str, marks: list[bool]) -> None:
    """Split the line over the names. Raises ShellError."""
    variables = sh.state.variables
    if "a" in given:
        variables.unset(given.value("a")) if variables.lookup(given.value("a")) else None
        variables.set_array(given.value("a"), split_line(text, marks, sh.ifs, 0))
        return
    if not given.operands:
        variables.set("REPLY", text)
        return
    if "N" in given:
        values = [text]
    else:
        values = split_line(text, marks, sh.ifs, len(given.operands))
    for index, name in enumerate(given.operands):
        value = values[index] if index < len(values) else ""
        base, _, subscript = name.partition("[")
        if subscript:
            variables.set_element(base, subscript.removesuffix("]"), value)
        else:
            variables.set(name, value)
