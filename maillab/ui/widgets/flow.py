"""The message-flow pane: for each message of the mail logs, the daemons it passed and what became of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from rich.text import Text
from textual.widgets import Static

from maillab.lessons.lab import Lab
from maillab.sim.host.errno import SysError
from maillab.ui.widgets.log import LOG
from maillab.ui.words import say

_QUEUE_ID = r"[0-9A-F]{5,}|[0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-z]{14,}"
_LINE = re.compile(rf"^(?:\w{{3}} [ \d]\d [\d:]{{8}}|\S+) \S+ postfix/(?:[\w-]+/)?([\w-]+)\[\d+\]: ({_QUEUE_ID}): (.*)$")
_TO = re.compile(r"to=<([^>]*)>.*relay=([^,]+),.*dsn=([0-9.]+), status=(\w+) \((.*)\)")
_STYLES = {"sent": "green", "bounced": "red", "deferred": "yellow", "expired": "red", "undeliverable": "red"}
SHOWN = 6


@dataclass
class Trail:
    """One message on one host."""

    host: str
    queue_id: str
    sender: str = ""
    daemons: list[str] = field(default_factory=list)
    ends: list[tuple[str, str, str]] = field(default_factory=list)  # recipient, status, why


def trails(host: str, log: str) -> list[Trail]:
    """The messages of a mail log, oldest first."""
    found: dict[str, Trail] = {}
    for line in log.splitlines():
        match = _LINE.match(line)
        if match is None:
            continue
        daemon, queue_id, rest = match.groups()
        trail = found.setdefault(queue_id, Trail(host, queue_id))
        if daemon not in trail.daemons:
            trail.daemons.append(daemon)
        if rest.startswith("from=<") and not trail.sender:
            trail.sender = rest[5:].split(",")[0]
        delivery = _TO.match(rest)
        if delivery is not None:
            recipient, _, _, status, why = delivery.groups()
            trail.ends = [end for end in trail.ends if end[0] != recipient] + [(recipient, status, why)]
    return list(found.values())


class FlowPane(Static):
    """The last messages, each with its way."""

    def __init__(self, lab: Lab, language: str):
        super().__init__(id="flow")
        self.lab = lab
        self.language = language
        self._last = ""
        self._trails: dict[str, tuple[int, list[Trail]]] = {}  # host: size of its log, what is in it

    def pull(self) -> None:
        """Draw again when something changed."""
        found: list[Trail] = []
        for name, host in self.lab.session.world.hosts.items():
            try:
                log = host.kernel_process.slurp(LOG)
            except SysError:
                continue
            if len(log) != self._trails.get(name, (-1, []))[0]:
                self._trails[name] = (len(log), trails(name, log.decode("utf-8", "replace")))
            found += self._trails[name][1]
        text = Text()
        for trail in found[-SHOWN:]:
            text.append(f"{trail.host} {trail.queue_id} ", "bold").append(trail.sender + "\n")
            text.append("  " + " → ".join(trail.daemons) + "\n", "cyan")
            for recipient, status, why in trail.ends:
                text.append(f"    <{recipient}> ", "").append(status, _STYLES.get(status, "")).append(f" {why}\n", "dim")
        if not found:
            text.append(say(self.language, "flow_empty"), "dim")
        if str(text) != self._last:
            self._last = str(text)
            self.update(text)
