"""The one table of all parameters of Postfix 2.5.1 to 3.7.11, read lazily from params.toml.

An entry of `[parameters]` is one line: `name = { type = "int", default = "20", min = 1, since = "2.6", changed = [["3.0",
"50"]] }`:
`default` is the oldest default, `changed` the later ones; a key with the name of a release is its compiled-in difference.
`[programs]` lists the parameters that a program reads when it starts, in its order; `[services]` the suffixes of parameters
that every
transport of master.cf has (`_destination_concurrency_limit`...) with their defaults.
Source: `postconf -d` of both versions, and the order, types and limits that the daemons of 3.7.11 show in verbose mode and
with bad values.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache

from maillab.sim.postfix.lib.version import SOURCE, Version, parse_version
from maillab.sim.program import data_text

PARAMS = "postfix/lib/params.toml"


@dataclass(frozen=True)
class Param:
    """One parameter of one version. `type`: str, raw, int, long, bool, time. `low`, `high`: limits of its value (of its
    length, for str)."""

    name: str
    type: str
    default: str
    low: int | None = None
    high: int | None = None

    @property
    def unit(self) -> str:
        """The unit of a time without unit: the last letter of the default."""
        return self.default[-1] if self.default[-1:] in "smhdw" and self.default else "s"


@lru_cache(maxsize=1)
def _sections() -> dict[str, dict[str, str]]:
    """The lines of params.toml by section and key, not yet parsed."""
    sections: dict[str, dict[str, str]] = {}
    current: dict[str, str] = {}
    for line in data_text(PARAMS).split("\n"):
        if line.startswith("["):
            current = sections.setdefault(line.strip("[]"), {})
        elif line and not line.startswith("#"):
            key, _, _ = line.partition(" = ")
            current[key.strip('"')] = line
    return sections


@cache
def _entry(section: str, name: str) -> object:
    line = _sections()[section].get(name)
    return None if line is None else tomllib.loads(line)[name]


class ParamTable:
    """The parameters of one version and flavour."""

    def __init__(self, version: Version, flavour: str) -> None:
        self.version = version
        self.flavour = flavour
        self.packaged = flavour != SOURCE
        self._known: dict[str, Param | None] = {}
        self._service: dict[tuple[str, str], Param] = {}

    def get(self, name: str) -> Param | None:
        """The built-in parameter of that name, None when this version has none."""
        if name not in self._known:
            self._known[name] = self._read(name)
        return self._known[name]

    def names(self) -> list[str]:
        """The names of all built-in parameters of this version, in the order of the table (sorted)."""
        return [name for name in _sections()["parameters"] if self.get(name) is not None]

    def service(self, name: str) -> Param | None:
        """The parameter TRANSPORT_SUFFIX that every transport has, for any transport."""
        for suffix in _sections()["services"]:
            if name.endswith(suffix) and len(name) > len(suffix):
                return self.service_param(name[: -len(suffix)], suffix)
        return None

    def service_param(self, transport: str, suffix: str) -> Param:
        """The parameter of one transport with one of `suffixes()`."""
        found = self._service.get((transport, suffix))
        if found is None:
            entry = _entry("services", suffix)
            assert isinstance(entry, dict)
            found = self.get(transport + suffix)
            found = found or Param(transport + suffix, entry["type"], entry["default"], entry.get("min"), entry.get("max"))
            self._service[transport, suffix] = found
        return found

    def suffixes(self) -> list[str]:
        """The suffixes of the parameters that every transport has."""
        return list(_sections()["services"])

    def program(self, name: str) -> list[str]:
        """The parameters a program reads at its start, in its order (those that this version has); [] for an unknown program."""
        words = _entry("programs", name)
        return [word for word in words.split() if self.get(word) is not None] if isinstance(words, str) else []

    def _read(self, name: str) -> Param | None:
        entry = _entry("parameters", name)
        if not isinstance(entry, dict) or ("since" in entry and parse_version(entry["since"]) > self.version):
            return None
        default: str = entry.get(self.flavour) or entry["default"]
        for since, value in entry.get("changed", []):
            if parse_version(since) <= self.version and self.flavour not in entry:
                default = value
        return Param(name, entry["type"], default, entry.get("min"), entry.get("max"))


@lru_cache(maxsize=8)
def table_of(version: Version, flavour: str) -> ParamTable:
    """The table of one version and flavour."""
    return ParamTable(version, flavour)
