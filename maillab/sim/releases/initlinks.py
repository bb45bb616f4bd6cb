"""The links of the run levels, /etc/rc?.d, as update-rc.d(8) makes them from the scripts' LSB headers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from maillab.sim.releases.package import Entry
from maillab.sim.releases.release import Release

_HEADER = re.compile(r"^### BEGIN INIT INFO\n(.*?)^### END INIT INFO", re.M | re.S)


class Levels(NamedTuple):
    """The run levels of a script's header; `start` and `stop` are strings of their names."""

    start: str
    stop: str


def levels(script: bytes) -> Levels:
    """Default-Start and Default-Stop of an init script; the usual levels when it has no header."""
    header = _HEADER.search(script.decode("utf-8", "replace"))
    if not header:
        return Levels("2345", "016")
    fields = dict(re.findall(r"^# ([\w-]+): *(.*)$", header[1], re.M))
    return Levels(fields.get("Default-Start", "").replace(" ", ""), fields.get("Default-Stop", "").replace(" ", ""))


def init_links(release: Release, packages: list[str]) -> Iterator[Entry]:
    """The links of every script that the packages enable: `name`, or `name START STOP` with sequence numbers of its own."""
    for package in packages:
        found = release.package(package)
        scripts = {entry.path: entry.data for entry in found.shipped()} if found.toml.init else {}
        for text in found.toml.init:
            name, *numbers = text.split()
            start, stop = (numbers[0], numbers[1]) if numbers else (release.facts.init_directory_layout[1:],) * 2
            where = levels(scripts.get(f"/etc/init.d/{name}", b""))
            for level in where.start:
                yield Entry("l", f"/etc/rc{level}.d/S{start}{name}", 0o777, data=f"../init.d/{name}".encode())
            for level in where.stop:
                yield Entry("l", f"/etc/rc{level}.d/K{stop}{name}", 0o777, data=f"../init.d/{name}".encode())
