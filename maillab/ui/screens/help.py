"""The help: what the function keys do, over the lesson."""

from __future__ import annotations

from typing import Final

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from maillab.ui.words import say

KEYS: Final = (
    ("F2", "help_hint"),
    ("F3", "help_read"),
    ("F4", "help_undo"),
    ("F5", "help_forward"),
    ("F6", "help_panes"),
    ("F7", "help_new_terminal"),
    ("F8", "help_switch"),
    ("F9", "help_language"),
    ("F10", "help_leave"),
    ("F11", "help_reset"),
    ("F12", "help_next"),
)


class HelpScreen(ModalScreen[None]):
    """Any of the closing keys takes it away."""

    BINDINGS = [Binding("f1,f10,escape,enter,space,q", "dismiss", "close", priority=True)]  # noqa: RUF012  (Textual reads a plain list)

    def __init__(self, language: str):
        super().__init__()
        self.language = language

    def compose(self) -> ComposeResult:
        """A table of keys in a box."""
        language = self.language
        table = Table.grid(padding=(0, 2))
        for key, word in KEYS:
            table.add_row(Text(key, "bold"), say(language, word))
        table.add_row(Text(say(language, "help_scroll"), "bold"), say(language, "help_back"))
        with VerticalScroll(id="help"):
            yield Static(table)
            yield Static("\n" + say(language, "help_terminal"))

    def on_mount(self) -> None:
        """Name the box."""
        self.query_one("#help").border_title = say(self.language, "help_title")
