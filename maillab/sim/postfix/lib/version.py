"""Which Postfix the running program belongs to: what its file on the simulated disk says."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

Version = tuple[int, ...]
SOURCE = "source"


def version_of(sys: Process) -> Version:
    """The upstream version of Postfix, as in `(3, 7, 11)`."""
    return sys.program.version


def flavour_of(sys: Process) -> str:
    """Who compiled it, which decides some built-in defaults: the release's name, or "source" for a build from source."""
    return sys.program.flavour or SOURCE


def parse_version(text: str) -> Version:
    """`"3.7.11"` as `(3, 7, 11)`."""
    return tuple(int(part) for part in text.split("."))


def dotted(version: Version) -> str:
    """`(3, 7, 11)` as `"3.7.11"`."""
    return ".".join(map(str, version))
