"""Which packages were installed only because others needed them: /var/lib/apt/extended_states."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.dpkg._database import Database
from maillab.sim.host.errno import SysError
from maillab.sim.releases.archive import parse_relations, parse_stanza

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

PATH = "/var/lib/apt/extended_states"


def automatic(sys: Process) -> list[str]:
    """The names marked as automatically installed, in the file's order."""
    try:
        text = sys.slurp(PATH).decode()
    except SysError:
        return []
    return [
        stanza["Package"] for block in text.split("\n\n") if block.strip() and (stanza := parse_stanza(block)).get("Auto-Installed") == "1"
    ]


def mark(sys: Process, names: list[str], architecture: str) -> None:
    """Write the list of automatic packages anew."""
    text = "".join(f"Package: {name}\nArchitecture: {architecture}\nAuto-Installed: 1\n\n" for name in names)
    sys.spew(PATH, text.encode(), mode=0o644)


def superfluous(sys: Process, database: Database, gone: list[str]) -> list[str]:
    """Automatic packages that no other installed package needs or recommends any more, once `gone` are away."""
    marked = [name for name in automatic(sys) if database.installed(name) and name not in gone]
    staying = [name for name in database.all_installed() if name not in gone]
    reached = [name for name in staying if name not in marked]
    known = dict.fromkeys(reached)
    for name in reached:
        stanza = database.get(name) or {}
        for field in ("Pre-Depends", "Depends", "Recommends"):
            for choices in parse_relations(stanza.get(field, "")):
                for choice in choices:
                    if choice.name in marked and choice.name not in known:
                        known[choice.name] = None
                        reached.append(choice.name)
    return sorted(name for name in marked if name not in known)
