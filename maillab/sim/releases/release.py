"""A release of a distribution: `release.toml`, its archive, its packages, and the named images."""

from __future__ import annotations

from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final

import msgspec

from maillab.sim.releases.archive import Archive, upstream_version
from maillab.sim.releases.package import Entry, PackageFiles, SystemGroup, SystemUser, tree

_HERE: Final = Path(__file__).parent


class ReleaseFacts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """release.toml."""

    title: str
    suite: str
    kernel: str
    """What `uname -r` prints."""
    kernel_version: str
    """What `uname -v` prints."""
    architecture: str
    """Debian's name of the machine."""
    machine: str
    """What `uname -m` prints."""
    epoch: int
    """Seconds since 1970 when a world of this release starts."""
    installed: int
    """Seconds since 1970: the date of the files of the installation."""
    merged_usr: bool
    base: list[str]
    """Packages of the default installation."""
    directories: dict[str, str]
    """Path -> "MODE OWNER GROUP"."""
    links: dict[str, str]
    devices: dict[str, str]
    """Path -> "MODE OWNER GROUP MAJOR MINOR" of character devices."""
    boot: list[str]
    """Daemons and init scripts that run when a host starts, in order."""
    init_directory_layout: str
    """`service` links: "S01" (all at 01, insserv) or "S20" (sysv-rc's numbers)."""
    hosts: str
    """/etc/hosts of a host without network: {name}, {fqdn} are replaced."""
    program_packages: dict[str, str]
    """Package -> the name under which programs say they are installed, where it is another one."""
    program_directories: dict[str, str]
    """Directory in which programs say they are installed -> the release's own."""
    timezone: str = "Etc/UTC"


class Preset(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A named image: a release and packages, plus folders of `images/` laid over (`overlay`)."""

    release: str
    packages: list[str] = []
    overlay: list[str] = []
    directories: dict[str, str] = {}
    links: dict[str, str] = {}
    modes: dict[str, str] = {}
    remove: list[str] = []
    programs: dict[str, str] = {}
    """Package -> version of programs installed without dpkg (built from source)."""
    moved: dict[str, str] = {}
    """Directory of those programs -> the directory where the image has them."""
    users: list[SystemUser] = []
    groups: list[SystemGroup] = []


class Release:
    """A release: facts, archive and packages, read when asked for."""

    def __init__(self, name: str):
        self.name = name
        self.folder = _HERE / name
        self.facts = msgspec.toml.decode((self.folder / "release.toml").read_bytes(), type=ReleaseFacts)
        self._packages: dict[str, PackageFiles] = {}

    @cached_property
    def archive(self) -> Archive:
        """The packages that the release offers."""
        return Archive((self.folder / "Packages").read_text())

    @cached_property
    def manual(self) -> dict[str, list[tuple[str, str, str]]]:
        """Package -> its manual pages: name, section, description."""
        pages: dict[str, list[tuple[str, str, str]]] = {}
        for line in (self.folder / "manual").read_text().splitlines():
            package, name, section, description = line.split("\t")
            pages.setdefault(package, []).append((name, section, description))
        return pages

    def package(self, name: str) -> PackageFiles:
        """The package of a name, whether it has a folder or not."""
        if name not in self._packages:
            self._packages[name] = PackageFiles(self.folder / "packages" / name, name)
        return self._packages[name]

    def overlay(self, folder: str, modes: dict[str, str]) -> list[Entry]:
        """The files of a folder of `images/`, which a preset lays over the packages."""
        return list(tree(_HERE / "images" / folder, modes))

    def version(self, package: str) -> tuple[int, ...]:
        """The upstream version of a package's software, () when the release has no such package."""
        return upstream_version(self.archive.version(package)) if package in self.archive else ()


@lru_cache(maxsize=8)
def load(name: str) -> Release:
    """The release of a name (`bookworm`, `hardy`). Raises FileNotFoundError when there is none."""
    return Release(name)


def suite(name: str) -> Release | None:
    """The release of a suite as sources.list(5) names it (`bookworm`, `stable`, `hardy`), None when it is unknown."""
    for folder in sorted(_HERE.iterdir()):
        if (folder / "release.toml").exists() and name in (folder.name, load(folder.name).facts.suite):
            return load(folder.name)
    return None


@lru_cache(maxsize=1)
def _presets() -> dict[str, Preset]:
    return msgspec.toml.decode((_HERE / "presets.toml").read_bytes(), type=dict[str, Preset])


def preset(name: str) -> Preset:
    """The image of a name, as the recordings name them. Raises KeyError."""
    return _presets()[name]
