"""What a package brings: the folder `packages/NAME` of a release, and its entries on the disk.

    package.toml    what cannot be said by files: owners, links, accounts, alternatives, questions (struct `Package`)
    files/          the tree as the package ships it; scripts (`#!`) are 755, the rest 644, unless `modes` says otherwise
    postinst        a shell script that its configuration step runs in the lab (not when an image is built)
    configured/     what its configuration step makes when it is not there yet (so it is in no `.list` of dpkg)

A package without a folder brings its programs, its manual pages and its documentation directory only.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec


class Entry(NamedTuple):
    """A file to lay: `kind` is d, f or l (then `data` is the target). Owner and group are names."""

    kind: str
    path: str
    mode: int
    owner: str = "root"
    group: str = "root"
    data: bytes = b""


class SystemUser(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An account that the package creates (adduser --system)."""

    name: str
    home: str = "/nonexistent"
    shell: str = "/usr/sbin/nologin"
    gecos: str = ""
    group: str = "nogroup"
    """The primary group; the user's own name makes a group of that name."""
    uid: int | None = None


class SystemGroup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A group that the package creates (addgroup --system)."""

    name: str
    gid: int | None = None


class Alternative(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A choice registered with update-alternatives(1). `slaves` maps a name to [link, path]."""

    name: str
    link: str
    path: str
    priority: int = 10
    slaves: dict[str, tuple[str, str]] = {}


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A debconf question: `type` is select, string, boolean, note, password or text."""

    name: str
    type: str
    title: str = ""
    text: str = ""
    choices: list[str] = []
    default: str = ""
    priority: str = "medium"
    when: str = ""
    """Asked only when this question's answer is not the word after the equals sign: `postfix/main_mailer_type!=No configuration`."""


class Package(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """package.toml."""

    description: str = ""
    directories: dict[str, str] = {}
    """Path -> "MODE OWNER GROUP"."""
    configured_directories: dict[str, str] = {}
    appended: dict[str, list[str]] = {}
    """Path -> lines that the configuration step adds when they are missing."""
    links: dict[str, str] = {}
    modes: dict[str, str] = {}
    groups: list[SystemGroup] = []
    users: list[SystemUser] = []
    members: dict[str, list[str]] = {}
    """Group -> users added to it, where both exist."""
    init: list[str] = []
    """Init scripts that the configuration step enables and starts."""
    alternatives: list[Alternative] = []
    questions: list[Question] = []
    messages: list[str] = []
    """What the configuration step prints."""


class PackageFiles:
    """A package of one release, with its folder (which may be missing)."""

    def __init__(self, folder: Path, name: str):
        self.name = name
        self._folder = folder
        toml = folder / "package.toml"
        self.toml = msgspec.toml.decode(toml.read_bytes(), type=Package) if toml.exists() else Package()

    def shipped(self) -> Iterator[Entry]:
        """Directories, files and links of the package itself, without its programs."""
        yield from _directories(self.toml.directories)
        yield from tree(self._folder / "files", self.toml.modes)
        for path, target in self.toml.links.items():
            yield Entry("l", path, 0o777, data=target.encode())

    def configured(self) -> Iterator[Entry]:
        """What the configuration step makes."""
        yield from _directories(self.toml.configured_directories)
        yield from tree(self._folder / "configured", self.toml.modes)

    def script(self, name: str) -> bytes:
        """A maintainer script (`postinst`), b"" when the package has none."""
        path = self._folder / name
        return path.read_bytes() if path.exists() else b""

    def conffiles(self) -> list[str]:
        """The shipped files under /etc, which dpkg never overwrites when they were edited."""
        return [entry.path for entry in tree(self._folder / "files" / "etc", {}, "/etc") if entry.kind == "f"]

    def mode(self, path: str, default: int = 0o755) -> tuple[int, str, str]:
        """Mode, owner and group that package.toml states for a path."""
        text = self.toml.modes.get(path)
        return _ownership(text) if text else (default, "root", "root")


def _ownership(text: str) -> tuple[int, str, str]:
    mode, owner, group = text.split()
    return int(mode, 8), owner, group


def _directories(table: dict[str, str]) -> Iterator[Entry]:
    for path, text in table.items():
        yield Entry("d", path, *_ownership(text))


def tree(top: Path, modes: dict[str, str], prefix: str = "") -> Iterator[Entry]:
    """The files below a folder, directories implied, in the order of their names."""
    if not top.is_dir():
        return
    for found in sorted(top.iterdir()):
        path = f"{prefix}/{found.name}"
        if found.is_dir():
            yield Entry("d", path, 0o755)
            yield from tree(found, modes, path)
            continue
        data = found.read_bytes()
        text = modes.get(path)
        ownership = _ownership(text) if text else (0o755 if data.startswith(b"#!") else 0o644, "root", "root")
        yield Entry("f", path, *ownership, data)
