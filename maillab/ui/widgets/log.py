"""The log pane: the mail log of every host as it grows."""

from __future__ import annotations

from rich.text import Text
from textual.widgets import RichLog

from maillab.lessons.lab import Lab
from maillab.sim.host.errno import SysError

LOG = "/var/log/mail.log"
_COLOURS = (("fatal:", "bold red"), ("panic:", "bold red"), ("reject:", "red"), ("status=bounced", "red"), ("warning:", "yellow"),
            ("status=deferred", "yellow"), ("status=sent", "green"))  # fmt: skip


class LogPane(RichLog):
    """Follows /var/log/mail.log of all hosts."""

    def __init__(self, lab: Lab):
        super().__init__(id="log", wrap=True, max_lines=500, auto_scroll=True)
        self.can_focus = False
        self.lab = lab
        self._read: dict[str, int] = {}

    def pull(self) -> None:
        """Show the lines that came since the last time."""
        for name, host in self.lab.session.world.hosts.items():
            try:
                data = host.kernel_process.slurp(LOG)
            except SysError:
                continue
            start = self._read.get(name, 0)
            start = 0 if len(data) < start else start
            end = data.rfind(b"\n") + 1
            for line in data[start:end].decode("utf-8", "replace").splitlines():
                self.write(Text(line, next((colour for word, colour in _COLOURS if word in line), "")))
            self._read[name] = max(start, end)
