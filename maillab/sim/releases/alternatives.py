"""The alternatives system on a fresh disk: links through /etc/alternatives and its records (update-alternatives(1)).

The record of a group, /var/lib/dpkg/alternatives/NAME, holds the mode, the link, the slaves and the choices.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from maillab.sim.releases.package import Alternative, Entry
from maillab.sim.releases.release import Release

ADMIN: Final = "/var/lib/dpkg/alternatives"


def lay_alternatives(release: Release, packages: list[str], exists: Callable[[str], bool]) -> Iterator[Entry]:
    """The links and records of every group that the packages register. A link whose place is taken by a file stays a file."""
    groups: dict[str, list[Alternative]] = {}
    for name in packages:
        for choice in release.package(name).toml.alternatives:
            if exists(choice.path):
                groups.setdefault(choice.name, []).append(choice)
    for name, choices in groups.items():
        best = max(choices, key=lambda choice: choice.priority)
        slaves = {slave: link for choice in choices for slave, (link, _) in choice.slaves.items()}
        if not exists(best.link):
            yield Entry("l", best.link, 0o777, data=f"/etc/alternatives/{name}".encode())
        yield Entry("l", f"/etc/alternatives/{name}", 0o777, data=best.path.encode())
        for slave, (link, path) in best.slaves.items():
            if exists(path):
                if not exists(link):
                    yield Entry("l", link, 0o777, data=f"/etc/alternatives/{slave}".encode())
                yield Entry("l", f"/etc/alternatives/{slave}", 0o777, data=path.encode())
        yield Entry("f", f"{ADMIN}/{name}", 0o644, data=_record(best.link, slaves, choices).encode())


def _record(link: str, slaves: dict[str, str], choices: list[Alternative]) -> str:
    lines = ["auto", link]
    for slave in sorted(slaves):
        lines += [slave, slaves[slave]]
    lines.append("")
    for choice in sorted(choices, key=lambda choice: choice.path):
        lines += [choice.path, str(choice.priority)]
        lines += [choice.slaves.get(slave, ("", ""))[1] for slave in sorted(slaves)]
    return "\n".join([*lines, "", ""])
