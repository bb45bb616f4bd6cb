"""Keys as an xterm sends them, read byte by byte, so that what is typed ahead stays for the program that runs next."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

ESCAPE_SECONDS = 0.5  # keyseq-timeout: how long an Escape waits to be the beginning of a longer key

SEQUENCES = {
    "A": "up", "B": "down", "C": "right", "D": "left", "H": "home", "F": "end", "1~": "home", "4~": "end", "7~": "home", "8~": "end",
    "2~": "insert", "3~": "delete", "5~": "pageup", "6~": "pagedown", "1;5C": "M-f", "1;5D": "M-b", "1;3C": "M-f", "1;3D": "M-b",
    "Z": "backtab", "200~": "paste", "3;5~": "M-d",
}  # fmt: skip
PASTE_END = "\x1b[201~"


class Keys:
    """Reads keys from descriptor 0. Raises SysError EINTR as read(2) does; "" is the end of input."""

    def __init__(self, sys: Process) -> None:
        self.sys = sys
        self.pushed: list[str] = []

    async def character(self) -> str:
        """One character; bytes that are not UTF-8 come as surrogates."""
        if self.pushed:
            return self.pushed.pop()
        data = await self.sys.read(0, 1)
        if not data:
            return ""
        if 0xC2 <= data[0] < 0xF5:
            missing = 1 + (data[0] >= 0xE0) + (data[0] >= 0xF0)
            while missing and await self.ready(0.05):
                data += await self.sys.read(0, 1)
                missing -= 1
        text = data.decode("utf-8", "surrogateescape")
        self.pushed.extend(reversed(text[1:]))
        return text[0]

    async def ready(self, seconds: float) -> bool:
        """Whether a further character comes within a time."""
        return bool(self.pushed) or bool((await self.sys.poll([0], timeout=seconds))[0])

    async def key(self, *, meta: bool) -> str:
        """One key: a character, "up", "M-f"... `meta`: an Escape waits for the key it modifies (emacs keys)."""
        ch = await self.character()
        if ch != "\x1b":
            return ch
        if not meta and not await self.ready(ESCAPE_SECONDS):
            return ch
        second = await self.character()
        if second in ("[", "O"):
            return await self.sequence(second, meta)
        if meta:
            return "M-" + second
        self.pushed.append(second)
        return ch

    async def sequence(self, second: str, meta: bool) -> str:
        """What follows `Escape [` or `Escape O`."""
        text = ""
        while len(text) < 8 and (meta or await self.ready(ESCAPE_SECONDS)):
            ch = await self.character()
            text += ch
            if not ch or not (ch.isdigit() or ch == ";"):
                break
        if text in SEQUENCES:
            return SEQUENCES[text]
        if not meta and second == "O":
            self.pushed.extend(reversed(second + text))
            return "\x1b"
        return "unknown"

    async def paste(self) -> str:
        """The text of a bracketed paste, up to its end mark."""
        text = ""
        while not text.endswith(PASTE_END):
            ch = await self.character()
            if not ch:
                break
            text += ch
        return text.removesuffix(PASTE_END).replace("\r", "\n")
