"""World files: the hosts, network, DNS and packages a lab starts from, as TOML.

    seed = 1
    release = "bookworm"                       # or image = "P1", a named image of `maillab.sim.releases`
    packages = ["postfix"]                     # on every host, in addition to the release's base
    boot = ["newaliases"]                      # typed by root on every host before the terminal opens
    dns = ["mx-host=ploplo.fr,mail.ploplo.fr,10"]    # dnsmasq's options; with any, a server answers at 192.0.2.53

    [hosts.mail]
    fqdn = "mail.ploplo.fr"
    ip = "192.0.2.10"                          # or "192.0.2.10/24", "-" for no network but lo
    packages = []
    boot = []
    terminals = 1                              # 0: a host without a trainee

    [hosts.mail.files]
    "/etc/postfix/main.cf" = "mydomain = ploplo.fr\\n"
"""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from maillab.lessons.errors import MaillabError

_HOST_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


class HostSpec(msgspec.Struct, forbid_unknown_fields=True):
    """One host of a world file."""

    fqdn: str = ""
    ip: str = "-"
    gateway: str = ""
    image: str = ""
    release: str = ""
    packages: list[str] = []
    boot: list[str] = []
    files: dict[str, str] = {}
    terminals: int = 1
    router: bool = False


class WorldSpec(msgspec.Struct, forbid_unknown_fields=True):
    """A whole world file."""

    release: str = "bookworm"
    image: str = ""
    seed: int = 1
    packages: list[str] = []
    boot: list[str] = []
    dns: list[str] = []
    dns_faults: list[str] = []
    environment: dict[str, str] = {}
    hosts: dict[str, HostSpec] = {}

    def with_default_host(self) -> WorldSpec:
        """The same world; one named julien when it names no host."""
        return self if self.hosts else msgspec.structs.replace(self, hosts={"julien": HostSpec("julien.localdomain")})


def parse_world(text: str, name: str) -> WorldSpec:
    """Read a world file. Raises MaillabError with file, line and remedy."""
    try:
        spec = msgspec.toml.decode(text, type=WorldSpec)
    except msgspec.ValidationError as error:
        raise MaillabError(name, 0, str(error), "see CONTRIBUTING.md, `World files`, for the keys a world may have") from None
    except msgspec.DecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise MaillabError(name, int(line[1]) if line else 0, str(error), "write the file as TOML") from None
    for host, entry in spec.hosts.items():
        _check_host(name, text, host, entry)
    return spec.with_default_host()


def _check_host(name: str, text: str, host: str, entry: HostSpec) -> None:
    line = next((n for n, row in enumerate(text.split("\n"), 1) if f"hosts.{host}" in row), 0)
    if not _HOST_NAME.fullmatch(host):
        raise MaillabError(name, line, f"{host!r} is no host name", "use letters, digits and dashes")
    if entry.ip != "-" and not re.fullmatch(r"[0-9.]+(/[0-9]+)?", entry.ip):
        raise MaillabError(name, line, f"{entry.ip!r} is no IPv4 address", 'write ip = "192.0.2.10", or "-" for no network')


def read_world(path: Path) -> WorldSpec:
    """Read a world file from disk."""
    try:
        return parse_world(path.read_text(encoding="utf-8"), str(path))
    except OSError as error:
        raise MaillabError(str(path), 0, error.strerror or str(error), "name a readable world file") from None
    except UnicodeDecodeError:
        raise MaillabError(str(path), 0, "the file is not UTF-8 text", "name a world file, written as TOML") from None
