"""The terminal widget: a simulated tty on the screen, keys to its keyboard."""

from __future__ import annotations

from collections import deque
from typing import Final

from rich.segment import Segment
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from maillab.lessons.lab import Lab
from maillab.ui.emulator import Emulator
from maillab.ui.keys import key_bytes

INTERRUPT: Final = b"\x03"
PASTED_LINES: Final = 10
"""Lines of a paste that are typed in one frame."""
PATIENCE: Final = 0.01
"""Virtual seconds a paste waits, a line, for somebody to read."""


class TerminalView(Widget, can_focus=True):
    """Shows terminal `name` of a lab. All keys but the function keys go to the tty."""

    class Typed(Message):
        """Keys were typed: the lab has something to do."""

    def __init__(self, lab: Lab, name: str):
        super().__init__(id="terminal-" + name.replace("/", "-").replace(".", "-"))
        self.lab = lab
        self.terminal_name = name
        tty = lab.terminal(name).tty
        self.emulator = Emulator(tty.rows, tty.cols)
        self.back = 0
        self._pending: deque[bytes] = deque()
        self._shown = 0
        self._ended = lab.terminal(name).over()
        self.pull()

    def pull(self) -> bool:
        """Go on with a paste; feed what the tty sent since the last time to the emulator; whether there was anything."""
        self.type_pending()
        output = self.lab.terminal(self.terminal_name).output
        if len(output) == self._shown:
            return False
        self.emulator.feed(bytes(output[self._shown :]))
        self._shown = len(output)
        self.back = 0
        return True

    def just_ended(self) -> bool:
        """Whether the shell of the terminal has ended since the last time somebody asked."""
        before, self._ended = self._ended, self.lab.terminal(self.terminal_name).over()
        return self._ended and not before

    def on_resize(self, event: events.Resize) -> None:
        """The pane changed: so does the window of the tty."""
        size = event.size
        if size.width > 0 and size.height > 0:
            self.lab.resize(self.terminal_name, size.height, size.width)
            self.emulator.resize(size.height, size.width)
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        segments = self.emulator.line(y, self.back, cursor=self.has_focus)
        style = self.rich_style
        styled = list(Segment.apply_style(segments, style))
        return Strip(styled).adjust_cell_length(self.size.width, style)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """As wide as there is room."""
        return container.width

    def on_key(self, event: events.Key) -> None:
        """Keys go to the tty; shift and page keys look back."""
        if event.key in ("shift+pageup", "shift+pagedown"):
            self._look_back(self.size.height // 2 * (1 if event.key == "shift+pageup" else -1))
            event.stop()
            return
        data = key_bytes(event.key, event.character, self.emulator.application_keys)
        if data is not None:
            event.stop()
            event.prevent_default()
            self.send(data)

    def on_paste(self, event: events.Paste) -> None:
        """Pasted text is typed, line by line."""
        event.stop()
        self.paste(event.text)

    def paste(self, text: str) -> None:
        """Type a text as somebody patient would: each line when the one before has been taken."""
        lines = text.replace("\r\n", "\r").replace("\n", "\r").encode("utf-8", "surrogateescape").split(b"\r")
        self._pending += [line + b"\r" for line in lines[:-1]] + [line for line in lines[-1:] if line]
        self.type_pending()
        self.post_message(self.Typed())

    def type_pending(self) -> None:
        """Go on with a paste, a few lines a frame."""
        terminal = self.lab.terminal(self.terminal_name)
        for _ in range(PASTED_LINES):
            if not self._pending or not (terminal.waiting() or self.lab.run(PATIENCE, terminal.waiting)):
                return
            self.lab.type(self.terminal_name, self._pending.popleft())

    def send(self, data: bytes) -> None:
        """Type bytes, after what is still to be pasted; ^C ends a paste."""
        if INTERRUPT in data:
            self._pending.clear()
        if self._pending:
            self._pending.append(data)
        else:
            self.lab.type(self.terminal_name, data)
        self.post_message(self.Typed())

    def on_mouse_scroll_up(self) -> None:
        """Look back."""
        self._look_back(3)

    def on_mouse_scroll_down(self) -> None:
        """Look forward."""
        self._look_back(-3)

    def _look_back(self, lines: int) -> None:
        self.back = max(0, min(self.emulator.height() - self.emulator.rows, self.back + lines))
        self.refresh()
