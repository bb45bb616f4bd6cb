"""Terminals: the line discipline between a keyboard, a screen and the processes of a session (termios(3), n_tty of Linux)."""

from __future__ import annotations

import stat
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from maillab.sim.host.description import Description, WaitQueue
from maillab.sim.host.errno import SysError
from maillab.sim.host.inode import Inode, Stat
from maillab.sim.host.signals import SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGTTIN, SIGWINCH
from maillab.sim.kernel import traps

if TYPE_CHECKING:
    from maillab.sim.host.host import Host
    from maillab.sim.host.wait_calls import WaitCalls
    from maillab.sim.kernel.kernel import Kernel

_LINE_MAX = 4095
_BYTE_COST = 1
"""Microseconds the screen needs for a byte: what floods a terminal waits for it, as on a line."""
_AHEAD = 65536
"""Bytes that may be on their way to the screen before a writer waits."""


def _control_chars() -> dict[str, int]:
    return {
        "intr": 3, "quit": 28, "erase": 127, "kill": 21, "eof": 4, "eol": 0, "eol2": 0, "start": 17, "stop": 19, "susp": 26,
        "rprnt": 18, "werase": 23, "lnext": 22, "discard": 15, "min": 1, "time": 0,
    }  # fmt: skip


@dataclass
class Termios:
    """The settings of a terminal, under the names stty(1) uses; `cc` values of 0 are disabled."""

    icanon: bool = True
    echo: bool = True
    echoe: bool = True
    echok: bool = True
    echoctl: bool = True
    echonl: bool = False
    isig: bool = True
    iexten: bool = True
    icrnl: bool = True
    inlcr: bool = False
    igncr: bool = False
    ixon: bool = True
    istrip: bool = False
    opost: bool = True
    onlcr: bool = True
    tostop: bool = False
    noflsh: bool = False
    cc: dict[str, int] = field(default_factory=_control_chars)

    def copy(self) -> Termios:
        """An independent copy."""
        return replace(self, cc=dict(self.cc))

    def raw(self) -> Termios:
        """cfmakeraw(3) of these settings."""
        return replace(
            self, icanon=False, echo=False, isig=False, iexten=False, icrnl=False, inlcr=False, igncr=False, ixon=False, istrip=False,
            opost=False, echonl=False, cc={**self.cc, "min": 1, "time": 0},
        )  # fmt: skip


class Tty:
    """A terminal: `type` is the keyboard, `sinks` are the screens; the rest is the simulated kernel's side."""

    def __init__(self, host: Host, kernel: Kernel, name: str, number: int, rows: int = 24, cols: int = 80):
        self.host = host
        self.kernel = kernel
        self.name = name
        self.number = number
        self.rows = rows
        self.cols = cols
        self.termios = Termios()
        self.session = 0
        self.foreground = 0
        self.hung_up = False
        self.stopped = False
        self.sinks: list[Callable[[bytes], None]] = []
        self.readers = WaitQueue(kernel)
        self.writers = WaitQueue(kernel)
        self._drawn = 0  # the microsecond at which the screen will have shown all there is
        self._line = bytearray()
        self._literal = False
        self._ahead = bytearray()  # typed while the terminal was raw, not read yet, and now it is canonical
        self._ready: deque[bytes] = deque()  # whole lines in canonical mode; b"" is an end of file

    @property
    def rdev(self) -> tuple[int, int]:
        """The device number: pts are major 136, virtual consoles major 4."""
        return (136 if self.name.startswith("/dev/pts/") else 4, self.number)

    def device_number(self) -> int:
        """The device number as /proc/PID/stat encodes it."""
        return self.rdev[0] * 256 + self.number

    # --- the keyboard -----------------------------------------------------------------------------------------------

    def type(self, data: bytes) -> None:
        """Keys pressed, as the bytes a terminal sends."""
        if self.hung_up:
            return
        if self._ahead:
            self._type_again()
        for byte in data:
            self._key(byte)
        self.readers.wake()

    def resize(self, rows: int, cols: int) -> None:
        """The window changed: SIGWINCH to the foreground."""
        if (rows, cols) != (self.rows, self.cols):
            self.rows, self.cols = rows, cols
            self.host.kill_group(self.foreground, SIGWINCH)

    def hangup(self) -> None:
        """The line is cut: reads see the end, the session's leader and foreground get SIGHUP and SIGCONT."""
        self.hung_up = True
        for process in self.host.session_members(self.session):
            if process.pid == self.session or process.pgid == self.foreground:
                self.host.deliver(process, SIGHUP)
                self.host.deliver(process, SIGCONT)
        self.readers.wake()
        self.writers.wake()

    def _key(self, byte: int) -> None:
        t = self.termios
        if t.istrip:
            byte &= 0x7F
        if self._literal:
            self._literal = False
            self._accept(byte)
            return
        if byte == 13 and t.igncr:
            return
        if byte == 13 and t.icrnl:
            byte = 10
        elif byte == 10 and t.inlcr:
            byte = 13
        if t.ixon and self._flow(byte):
            return
        if t.isig and self._interrupt(byte):
            return
        if t.icanon and byte and self._edit(byte):
            return
        self._accept(byte)

    def _flow(self, byte: int) -> bool:
        cc = self.termios.cc
        if byte in (cc["start"], cc["stop"]) and byte:
            self.stopped = byte == cc["stop"]
            if not self.stopped:
                self.writers.wake()
            return True
        if self.stopped:
            self.stopped = False
            self.writers.wake()
        return False

    def _interrupt(self, byte: int) -> bool:
        cc = self.termios.cc
        signal = {cc["intr"]: SIGINT, cc["quit"]: SIGQUIT, cc["susp"]: SIGTSTP}.get(byte) if byte else None
        if signal is None:
            return False
        if not self.termios.noflsh:
            self._line.clear()
            self._ready.clear()
            self._ahead.clear()
        if self.termios.echo:
            self._echo(byte)
        self.host.kill_group(self.foreground, signal)
        return True

    def _edit(self, byte: int) -> bool:
        """The editing keys of canonical mode; False for a character that simply enters the line."""
        t, cc = self.termios, self.termios.cc
        if byte == cc["erase"]:
            self._erase(1)
        elif byte == cc["kill"]:
            self._erase(len(self._line))
        elif byte == cc["werase"] and t.iexten:
            kept = bytes(self._line).rstrip(b" \t")
            cut = max(kept.rfind(b" "), kept.rfind(b"\t")) + 1
            self._erase(len(self._line) - cut)
        elif byte == cc["rprnt"] and t.iexten:
            self._echo(byte)
            self._show(b"\r\n" + self._echoed(bytes(self._line)))
        elif byte == cc["lnext"] and t.iexten:
            self._literal = True
            if t.echo and t.echoctl:
                self._show(b"^\b")
        elif byte == cc["eof"]:
            self._ready.append(bytes(self._line))
            self._line.clear()
        else:
            return False
        return True

    def _erase(self, count: int) -> None:
        """Take back `count` bytes (a UTF-8 character is one erasure of one column)."""
        for _ in range(count):
            if not self._line:
                return
            gone = self._line.pop()
            while gone & 0xC0 == 0x80 and self._line:
                gone = self._line.pop()
            if self.termios.echo and self.termios.echoe:
                width = 2 if (gone < 32 and gone != 9) or gone == 127 else 1
                self._show(b"\b \b" * width)

    def _accept(self, byte: int) -> None:
        t = self.termios
        if not t.icanon:
            if t.echo:
                self._echo(byte)
            self._ready.append(bytes((byte,)))
            return
        if byte == 10:
            if t.echo or t.echonl:
                self._show(b"\r\n" if t.opost and t.onlcr else b"\n")
            self._end_line(byte)
        elif byte and byte in (t.cc["eol"], t.cc["eol2"]):
            if t.echo:
                self._echo(byte)
            self._end_line(byte)
        elif len(self._line) < _LINE_MAX:
            if t.echo:
                self._echo(byte)
            self._line.append(byte)

    def _end_line(self, byte: int) -> None:
        self._line.append(byte)
        self._ready.append(bytes(self._line))
        self._line.clear()

    def _echo(self, byte: int) -> None:
        self._show(self._echoed(bytes((byte,))))

    def _echoed(self, data: bytes) -> bytes:
        if not self.termios.echoctl:
            return data
        out = bytearray()
        for byte in data:
            if (byte < 32 and byte not in (9, 10)) or byte == 127:
                out += b"^" + bytes((byte ^ 64,))
            elif byte == 10 and self.termios.opost and self.termios.onlcr:
                out += b"\r\n"
            else:
                out.append(byte)
        return bytes(out)

    # --- the screen -------------------------------------------------------------------------------------------------

    def _show(self, data: bytes) -> None:
        for sink in self.sinks:
            sink(data)

    def put(self, data: bytes) -> None:
        """Output of a process, processed as the settings say."""
        if self.termios.opost and self.termios.onlcr:
            data = data.replace(b"\n", b"\r\n")
        self._show(data)

    async def drain(self, size: int) -> None:
        """Wait while the screen is too far behind with `size` more bytes."""
        self._drawn = max(self._drawn, self.kernel.now) + size * _BYTE_COST
        behind = self._drawn - self.kernel.now - _AHEAD * _BYTE_COST
        if behind > 0:
            await traps.sleep(behind)

    # --- what a process reads ---------------------------------------------------------------------------------------

    def available(self) -> bool:
        """Whether a read would find something."""
        if self._ahead:
            self._type_again()
        if self.hung_up or (self._ready and self.termios.icanon):
            return True
        if self.termios.icanon:
            return False
        return len(self._ready) >= max(1, self.termios.cc["min"])

    def take(self, size: int) -> bytes:
        """What a read gets: one line (or its beginning) in canonical mode, all there is otherwise."""
        if not self._ready:
            return b""
        if self.termios.icanon:
            line = self._ready.popleft()
            if len(line) > size:
                self._ready.appendleft(line[size:])
            return line[:size]
        out = bytearray()
        while self._ready and len(out) + len(self._ready[0]) <= size:
            out += self._ready.popleft()
        if self._ready and len(out) < size:
            room = size - len(out)
            out += self._ready[0][:room]
            self._ready[0] = self._ready[0][room:]
        return bytes(out)

    def set_termios(self, termios: Termios, flush: bool = False) -> None:
        """tcsetattr(3); a half-typed line becomes readable when canonical mode is left."""
        if self.termios.icanon and not termios.icanon and self._line:
            self._ready.append(bytes(self._line))
            self._line.clear()
        resumed, left = termios.icanon and not self.termios.icanon, self.termios.icanon and not termios.icanon
        self.termios = termios.copy()
        if resumed:
            self._ahead += b"".join(self._ready)
            self._ready.clear()
        elif left and self._ahead:
            self._ready.extend(bytes((byte,)) for byte in self._ahead)
            self._ahead.clear()
        if flush:
            self._line.clear()
            self._ready.clear()
            self._ahead.clear()
        self.readers.wake()

    def _type_again(self) -> None:
        """What was typed ahead in raw mode becomes lines when a program reads lines, or when more is typed. (Linux makes it one
        unfinished line; here its ^D keeps its meaning.)"""
        ahead = bytes(self._ahead)
        self._ahead.clear()
        for byte in ahead:
            self._key(byte)


class TtyFile(Description):
    """A descriptor on a terminal."""

    kind = "tty"

    def __init__(self, tty: Tty, path: str, inode: Inode | None = None):
        super().__init__(tty.kernel, True, True)
        self.tty = tty
        self.path = path
        self.readers = tty.readers
        self.writers = tty.writers
        self.inode = inode

    def ready_read(self) -> int | None:
        return 0 if self.tty.available() else None

    def ready_write(self) -> int | None:
        return None if self.tty.stopped else 0

    async def read(self, process: WaitCalls, size: int) -> bytes:
        tty = self.tty
        deadline = None
        while True:
            if process.sid == tty.session and process.pgid != tty.foreground and not tty.hung_up:
                if process.ignores(SIGTTIN) or process.host.is_orphaned_group(process.pgid):
                    raise SysError("EIO")
                process.host.kill_group(process.pgid, SIGTTIN)
                await process.sleep_microseconds(0)
                continue
            if tty.available():
                return tty.take(size)
            if self.nonblock:
                raise SysError("EAGAIN")
            if not tty.termios.icanon and tty.termios.cc["min"] == 0:
                if deadline is None:
                    deadline = self.kernel.now + tty.termios.cc["time"] * 100_000
                if self.kernel.now >= deadline:
                    return tty.take(size)
            await process.block(tty.readers, deadline=deadline)

    async def write(self, process: WaitCalls, data: bytes) -> int:
        while self.tty.stopped and not self.tty.hung_up:
            await process.block(self.tty.writers)
        if self.tty.hung_up:
            raise SysError("EIO")
        self.tty.put(data)
        await self.tty.drain(len(data))
        return len(data)

    def stat(self) -> Stat:
        inode = self.inode or Inode(1000 + self.tty.number, stat.S_IFCHR | 0o620, 0, 5)
        return inode.stat()
