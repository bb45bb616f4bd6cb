"""Building a filesystem image: a release with packages installed, as its installer and dpkg would have left it.

`build` returns the inodes of a frozen `Filesystem`; hosts lay their own changes over it (copy on write). Images of the
same packages are built once.
"""

from __future__ import annotations

import stat
from collections.abc import Iterable, Iterator
from typing import Final

from maillab.sim.host.accounts import parse_group, parse_passwd
from maillab.sim.host.errno import SysError
from maillab.sim.host.fs import ROOT, Filesystem
from maillab.sim.host.inode import Inode
from maillab.sim.program import Program, ProgramIndex
from maillab.sim.releases.alternatives import lay_alternatives
from maillab.sim.releases.database import status_of, write_list
from maillab.sim.releases.initlinks import init_links
from maillab.sim.releases.manual import manual_index, manual_pages
from maillab.sim.releases.package import Entry, Package
from maillab.sim.releases.release import Preset, Release, load
from maillab.sim.releases.system_accounts import Accounts

_KINDS: Final = {"d": stat.S_IFDIR, "f": stat.S_IFREG, "l": stat.S_IFLNK}
_IMAGES: dict[tuple[object, ...], tuple[dict[int, Inode], ProgramIndex, Preset | None]] = {}
"""Images by release, packages and the identity of index and preset, which the values keep alive."""


def build(release: Release, packages: Iterable[str], programs: ProgramIndex, flavour: Preset | None = None) -> dict[int, Inode]:
    """The inodes of a disk with the release's base and these packages (and a preset's own changes)."""
    wanted = list(release.facts.base)
    wanted += [name for name in packages if name not in wanted]
    key = (release.name, tuple(wanted), id(programs), id(flavour))
    if key not in _IMAGES:
        _IMAGES[key] = _Image(release, programs).lay(wanted, flavour), programs, flavour
    return _IMAGES[key][0]


def build_preset(chosen: Preset, programs: ProgramIndex, more: Iterable[str] = ()) -> dict[int, Inode]:
    """The inodes of a named image, with further packages."""
    return build(load(chosen.release), [*chosen.packages, *more], programs, chosen)


def package_entries(release: Release, name: str, programs: ProgramIndex, version: tuple[int, ...] | None = None) -> Iterator[Entry]:
    """All that a package ships: its folder, programs, manual pages and documentation."""
    package = release.package(name)
    yield from package.shipped()
    version = release.version(name) if version is None else version
    known_as = release.facts.program_packages.get(name, name)
    chosen = _alternative_links(package.toml)
    for module in programs.by_package.get(known_as, ()):
        if module.since.get(known_as, ()) <= version:
            image = Program(module.module, name, version, release.name).image()
            for path in module.installed[known_as]:
                if chosen.get(path) in module.installed[known_as]:
                    continue
                folder, _, base = path.rpartition("/")
                path = f"{release.facts.program_directories.get(folder, folder)}/{base}"
                mode, owner, group = package.mode(path)
                yield Entry("f", path, mode, owner, group, image)
    yield from manual_pages(release, name, programs)
    yield Entry("d", f"/usr/share/doc/{name}", 0o755)
    yield Entry("f", f"/usr/share/doc/{name}/copyright", 0o644, data=_copyright(name))


def _alternative_links(package: Package) -> dict[str, str]:
    """Link -> program of the choices that a package registers: the links are made by the alternatives system."""
    links = {choice.link: choice.path for choice in package.alternatives}
    for choice in package.alternatives:
        links.update(dict(choice.slaves.values()))
    return links


def _copyright(name: str) -> bytes:
    return f"{name}: a simulation of the program of this name. The simulated files are part of maillab.\n".encode()


class _Image:
    """A disk under construction. Paths are walked through links, as a merged /usr needs."""

    def __init__(self, release: Release, programs: ProgramIndex):
        when = release.facts.installed * 1_000_000
        self.release = release
        self.programs = programs
        self.fs = Filesystem(lambda: when)
        self.accounts = Accounts((), (), ())
        self.owners: list[tuple[Inode, str, str]] = []
        self._directories: dict[str, int] = {"": ROOT, "/": ROOT}

    def lay(self, packages: list[str], preset: Preset | None) -> dict[int, Inode]:
        """The whole disk."""
        facts = self.release.facts
        for path, target in facts.links.items():
            if self.release.facts.merged_usr and target.startswith("usr/"):
                self.entry(Entry("d", "/" + target, 0o755))
                self.entry(Entry("l", path, 0o777, data=target.encode()))
        for path, text in facts.directories.items():
            mode, owner, group = text.split()
            self.entry(Entry("d", path, int(mode, 8), owner, group))
        for path, target in facts.links.items():
            self.entry(Entry("l", path, 0o777, data=target.encode()))
        listed = [(name, list(package_entries(self.release, name, self.programs))) for name in packages]
        for _, entries in listed:
            for entry in entries:
                self.entry(entry)
        for name in packages:
            for entry in self.release.package(name).configured():
                if self.find(entry.path) is None:
                    self.entry(entry)
        self._append(packages)
        self._make_accounts(packages, preset)
        self._devices()
        self._dpkg(packages, listed)
        for entry in init_links(self.release, packages):
            self.entry(entry)
        for entry in lay_alternatives(self.release, packages, self.exists):
            self.entry(entry)
        if preset:
            self._apply(preset)
        self._own()
        return self.fs.freeze()

    def _apply(self, preset: Preset) -> None:
        for path, text in preset.directories.items():
            mode, owner, group = text.split()
            self.entry(Entry("d", path, int(mode, 8), owner, group))
        for package, version in preset.programs.items():
            self._build_from_source(preset, package, tuple(int(part) for part in version.split(".")))
        for folder in preset.overlay:
            for entry in self.release.overlay(folder, preset.modes):
                self.entry(entry)
        for path, target in preset.links.items():
            self.entry(Entry("l", path, 0o777, data=target.encode()))

    def _build_from_source(self, preset: Preset, package: str, version: tuple[int, ...]) -> None:
        for module in self.programs.by_package.get(package, ()):
            if not module.since.get(package, ()) <= version:
                continue
            image = Program(module.module, package, version, "source").image()
            for path in module.installed[package]:
                folder, _, base = path.rpartition("/")
                path = f"{preset.moved.get(folder, folder)}/{base}"
                text = preset.modes.get(path, "755 root root").split()
                self.entry(Entry("f", path, int(text[0], 8), text[1], text[2], image))

    def _append(self, packages: list[str]) -> None:
        for name in packages:
            for path, lines in self.release.package(name).toml.appended.items():
                if self.exists(path):
                    missing = [line for line in lines if line.encode() not in self._read(path).split(b"\n")]
                    self.entry(Entry("f", path, 0o644, data=self._read(path) + "".join(line + "\n" for line in missing).encode()))

    def _devices(self) -> None:
        for path, text in self.release.facts.devices.items():
            mode, owner, group, major, minor = text.split()
            folder, _, name = path.rpartition("/")
            inode = self._create(self.directory(folder) or ROOT, name, stat.S_IFCHR | int(mode, 8))
            inode.rdev = (int(major), int(minor))
            self.owners.append((inode, owner, group))

    def _make_accounts(self, packages: list[str], preset: Preset | None) -> None:
        self.accounts = Accounts(
            parse_passwd(self._read("/usr/share/base-passwd/passwd.master")),
            parse_group(self._read("/usr/share/base-passwd/group.master")),
            (),
        )
        self.accounts.lock_everybody(self.release.facts.installed // 86400)
        for name in packages:
            self.accounts.add_for(self.release.package(name).toml)
        if preset:
            self.accounts.add_for(Package(users=preset.users, groups=preset.groups))
        for path, mode, group, data in self.accounts.files():
            self.entry(Entry("f", path, mode, "root", group, data))

    def _dpkg(self, packages: list[str], listed: list[tuple[str, list[Entry]]]) -> None:
        self.entry(Entry("f", "/var/lib/dpkg/status", 0o644, data=status_of(self.release, packages).encode()))
        for name, entries in listed:
            self.entry(Entry("f", f"/var/lib/dpkg/info/{name}.list", 0o644, data=write_list(entries)))
            conffiles = self.release.package(name).conffiles()
            if conffiles:
                self.entry(Entry("f", f"/var/lib/dpkg/info/{name}.conffiles", 0o644, data="".join(f"{c}\n" for c in conffiles).encode()))
        self.entry(Entry("f", "/var/cache/man/index.db", 0o644, "man", "man", manual_index(self.release, packages)))

    def _own(self) -> None:
        users = {user.name: user.uid for user in self.accounts.users}
        groups = {group.name: group.gid for group in self.accounts.groups}
        for inode, owner, group in self.owners:
            inode.uid, inode.gid = users.get(owner, 0), groups.get(group, 0)

    def _read(self, path: str) -> bytes:
        found = self.find(path)
        if found is None:
            raise SysError("ENOENT", path)
        return bytes(self.fs.get(found).data)

    def exists(self, path: str) -> bool:
        """Whether the disk has something at a path (links are followed on the way only)."""
        return self.find(path) is not None

    def find(self, path: str) -> int | None:
        """The inode number of a path, its last part not followed."""
        folder, _, name = path.rpartition("/")
        parent = self.directory(folder, make=False)
        return None if parent is None else self.fs.lookup(parent, name)

    def directory(self, path: str, make: bool = True) -> int | None:
        """The inode number of a directory, links followed, missing ones made (755 root root)."""
        known = self._directories.get(path)
        if known is not None:
            return known
        folder, _, name = path.rpartition("/")
        parent = self.directory(folder, make)
        if parent is None:
            return None
        number = self.fs.lookup(parent, name)
        if number is None:
            if not make:
                return None
            number = self._create(parent, name, stat.S_IFDIR | 0o755).ino
        else:
            inode = self.fs.get(number)
            if inode.target:
                target = inode.target if inode.target.startswith("/") else f"{folder}/{inode.target}"
                found = self.directory(_normal(target), make)
                if found is None:
                    return None
                number = found
        self._directories[path] = number
        return number

    def _create(self, parent: int, name: str, mode: int) -> Inode:
        inode = self.fs.create(parent, name, mode, 0, 0)
        inode.mode, inode.gid = mode, 0
        return inode

    def entry(self, entry: Entry) -> None:
        """Lay one entry; what is there already is replaced (directories only get the mode and owner)."""
        folder, _, name = entry.path.rpartition("/")
        parent = self.directory(folder)
        assert parent is not None
        number = self.fs.lookup(parent, name)
        mode = _KINDS[entry.kind] | entry.mode
        if number is None:
            inode = self._create(parent, name, mode)
        else:
            inode = self.fs.get(number)
            if entry.kind == "d":
                if inode.entries is None or (entry.mode == 0o755 and entry.owner == "root"):
                    return
            inode.mode = mode
            inode.target = ""
        if entry.kind == "f":
            inode.data = entry.data
        elif entry.kind == "l":
            inode.target = entry.data.decode()
        if entry.owner != "root" or entry.group != "root":
            self.owners.append((inode, entry.owner, entry.group))


def _normal(path: str) -> str:
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            if parts:
                parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/" + "/".join(parts)
