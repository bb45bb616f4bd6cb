"""dpkg's database on a fresh disk: the status file and the lists of files (deb822; dpkg(1), FILES)."""

from __future__ import annotations

from collections.abc import Iterable

from maillab.sim.releases.package import Entry
from maillab.sim.releases.release import Release


def status_stanza(release: Release, name: str, state: str = "install ok installed") -> str:
    """A package's stanza as /var/lib/dpkg/status holds it: the archive's, with its state and without what only archives have."""
    if name not in release.archive:
        raise KeyError(f"{release.name} has no package {name}")
    text = release.archive.text(name)
    text = text[: text.rindex("\nFilename: ")] if "\nFilename: " in text else text
    head, _, rest = text.partition("\n")
    return f"{head}\nStatus: {state}\n{rest}\n"


def status_of(release: Release, packages: Iterable[str]) -> str:
    """The status file of a disk with these packages installed."""
    return "\n".join(status_stanza(release, name) for name in sorted(packages))


def write_list(entries: Iterable[Entry]) -> bytes:
    """The content of info/NAME.list: every path with its directories, in the order of the package."""
    seen: dict[str, None] = {"/.": None}
    for entry in entries:
        path = entry.path
        missing = []
        while path and path not in seen:
            missing.append(path)
            path = path[: path.rindex("/")]
        for found in reversed(missing):
            seen[found] = None
    return ("\n".join(seen) + "\n").encode()
