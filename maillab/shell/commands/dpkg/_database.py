"""dpkg's database in a running world: /var/lib/dpkg/status and info/, and the release that the sources name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from maillab.sim.host.errno import SysError
from maillab.sim.releases import Release, suite
from maillab.sim.releases.archive import Stanza, format_stanza, parse_relations, parse_stanza

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

STATUS: Final = "/var/lib/dpkg/status"
INFO: Final = "/var/lib/dpkg/info"
INSTALLED_STATE: Final = "install ok installed"
CONFIG_STATE: Final = "deinstall ok config-files"
ORDER: Final = (
    "Package",
    "Essential",
    "Status",
    "Priority",
    "Section",
    "Installed-Size",
    "Maintainer",
    "Architecture",
    "Multi-Arch",
    "Source",
    "Version",
    "Replaces",
    "Provides",
    "Depends",
    "Pre-Depends",
    "Recommends",
    "Suggests",
    "Breaks",
    "Conflicts",
    "Enhances",
    "Conffiles",
    "Description",
    "Homepage",
)


class Database:
    """The status file, parsed when it is asked for; `save` writes it back."""

    def __init__(self, sys: Process):
        self.sys = sys
        self._texts: dict[str, str] = {}
        self._stanzas: dict[str, Stanza] = {}
        try:
            text = sys.slurp(STATUS).decode("utf-8", "surrogateescape")
        except SysError:
            text = ""
        for block in text.split("\n\n"):
            block = block.strip("\n")
            if block.startswith("Package: "):
                self._texts[block[9:].partition("\n")[0]] = block

    def names(self) -> list[str]:
        """All known packages, sorted."""
        return sorted(self._texts)

    def get(self, name: str) -> Stanza | None:
        """The stanza of a package, None when dpkg does not know it."""
        if name not in self._texts:
            return None
        if name not in self._stanzas:
            self._stanzas[name] = parse_stanza(self._texts[name])
        return self._stanzas[name]

    def state(self, name: str) -> str:
        """`install ok installed`, `deinstall ok config-files`..., "" when unknown."""
        stanza = self.get(name)
        return stanza["Status"] if stanza else ""

    def installed(self, name: str) -> bool:
        """Whether the package is there, ready to be used."""
        return self.state(name).endswith(" installed")

    def all_installed(self) -> list[str]:
        """The installed packages, sorted."""
        return [name for name in self.names() if f"\nStatus: {INSTALLED_STATE}" in self._texts[name] or self.installed(name)]

    def version(self, name: str) -> str:
        """The version of a known package."""
        stanza = self.get(name)
        return stanza["Version"] if stanza else ""

    def provides(self, name: str) -> list[str]:
        """The virtual packages that an installed package stands for."""
        stanza = self.get(name) or {}
        return [choice.name for choices in parse_relations(stanza.get("Provides", "")) for choice in choices]

    def files(self, name: str) -> list[str]:
        """The lines of info/NAME.list."""
        try:
            return self.sys.slurp(f"{INFO}/{name}.list").decode("utf-8", "surrogateescape").splitlines()
        except SysError:
            return []

    def put(self, stanza: Stanza) -> None:
        """Add or replace a package's stanza."""
        ordered = {field: stanza[field] for field in ORDER if field in stanza} | stanza
        self._stanzas[stanza["Package"]] = ordered
        self._texts[stanza["Package"]] = format_stanza(ordered).rstrip("\n")

    def forget(self, name: str) -> None:
        """Remove a package's stanza."""
        self._texts.pop(name, None)
        self._stanzas.pop(name, None)

    def save(self) -> None:
        """Write the status file."""
        text = "\n\n".join(self._texts[name] for name in self.names()) + "\n"
        self.sys.spew(STATUS + "-new", text.encode("utf-8", "surrogateescape"), mode=0o644)
        self.sys.rename(STATUS + "-new", STATUS)


def release_of(sys: Process) -> Release | None:
    """The release that /etc/apt/sources.list names first, None when it names none that exists."""
    paths = ["/etc/apt/sources.list"]
    if sys.isdir("/etc/apt/sources.list.d"):
        paths += [f"/etc/apt/sources.list.d/{name}" for name in sorted(sys.listdir("/etc/apt/sources.list.d")) if name.endswith(".list")]
    for _, _, name, _ in sources(sys, paths):
        found = suite(name)
        if found:
            return found
    return None


def sources(sys: Process, paths: list[str]) -> list[tuple[str, str, str, list[str]]]:
    """The lines of sources.list(5): type, address, suite, components."""
    found = []
    for path in paths:
        try:
            text = sys.slurp(path).decode("utf-8", "surrogateescape")
        except SysError:
            continue
        for line in text.splitlines():
            words = [word for word in line.split("#")[0].split() if not word.startswith("[")]
            if len(words) >= 3 and words[0] == "deb":
                found.append((words[0], words[1], words[2], words[3:]))
    return found


def multiarch_name(stanza: Stanza) -> str:
    """The name as dpkg shows it: `libc6:amd64` for packages that may be installed for several architectures."""
    if stanza.get("Multi-Arch") == "same":
        return f"{stanza['Package']}:{stanza.get('Architecture', 'amd64')}"
    return stanza["Package"]
