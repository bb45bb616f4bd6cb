"""The terminal as less uses it: raw keys, and two ways to draw (a terminal that can move its cursor, and a dumb one)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

DUMB = ("", "dumb", "unknown", "network")
ENTER, LEAVE = "\33[?1049h\33[22;0;0t\33[?1h\33=\r", "\33[?1l\33>\33[?1049l\33[23;0;0t"
ENTER_PLAIN, LEAVE_PLAIN = "\33[?1h\33=\r", "\33[?1l\33>"


class Screen:
    """One terminal; `height` rows for text (the last row is the prompt's) of `width` columns."""

    def __init__(self, sys: Process, keys: int, *, alternate: bool) -> None:
        self.sys = sys
        self.keys = keys
        self.alternate = alternate
        self.smart = sys.env.get("TERM", "") not in DUMB
        self.saved = sys.tcgetattr(keys)
        self.pending = b""
        self.measure()

    def measure(self) -> None:
        """Ask for the window's size."""
        try:
            rows, columns = self.sys.winsize(1)
        except SysError:
            rows, columns = 24, 80
        self.height = max(1, (rows or 24) - 1)
        self.width = columns or 80

    async def write(self, text: str) -> None:
        """Text at once."""
        await self.sys.stdout.write(text)
        await self.sys.stdout.flush()

    async def start(self) -> None:
        """Raw keys; the alternate screen."""
        raw = self.saved.copy()
        raw.icanon = raw.echo = raw.isig = False
        self.sys.tcsetattr(self.keys, raw)
        if self.smart:
            await self.write(ENTER if self.alternate else ENTER_PLAIN)

    async def stop(self) -> None:
        """As it was before."""
        await self.write(self.erase() + ((LEAVE if self.alternate else LEAVE_PLAIN) if self.smart else ""))
        self.sys.tcsetattr(self.keys, self.saved)

    def erase(self) -> str:
        """Take the prompt away."""
        return "\r\33[K" if self.smart else "\r"

    def standout(self, text: str) -> str:
        """Text in reverse video, where there is any."""
        return f"\33[7m{text}\33[27m" if self.smart and text else text

    async def key(self) -> str:
        """One key; the letters of an arrow or page key come as one text. "" at the end of input."""
        if not self.pending:
            self.pending = await self.sys.read(self.keys, 256)
            if not self.pending:
                return ""
        if self.pending[:2] in (b"\33[", b"\33O"):
            size = 4 if self.pending[3:4] == b"~" else 3
        else:
            size = 1
            while size < len(self.pending) and self.pending[0] >= 0xC0 and self.pending[size] & 0xC0 == 0x80:
                size += 1
        taken, self.pending = self.pending[:size], self.pending[size:]
        return taken.decode("utf-8", "replace")

    async def line(self, prompt: str) -> str | None:
        """A line typed at the bottom (after / for example); None when it is given up."""
        await self.write(self.erase() + prompt)
        typed = ""
        while True:
            key = await self.key()
            if key in ("\r", "\n"):
                return typed
            if key in ("", "\3", "\33", "\7"):
                return None
            if key in ("\x7f", "\b"):
                if not typed:
                    return None
                typed = typed[:-1]
                await self.write("\b \b")
            elif key == "\x15":
                await self.write("\b \b" * len(typed))
                typed = ""
            elif key >= " ":
                typed += key
                await self.write(key)
