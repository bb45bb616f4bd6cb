"""apt-cache - query the APT cache

SYNOPSIS
    apt-cache search [-n] REGEXP...
    apt-cache show|policy|depends|rdepends|madison PACKAGE...
    apt-cache pkgnames [PREFIX]
    apt-cache stats

DESCRIPTION
    Shows what the archive of the release offers. The archive of the lab holds the packages around mail and a basic system only.

BUGS
    showpkg, dump, dotty and the other commands about the cache itself are refused.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from maillab.shell.commands.apt import _help
from maillab.shell.commands.dpkg._database import Database, release_of, sources
from maillab.shell.options import gnu
from maillab.sim.releases import Release
from maillab.sim.releases.archive import Stanza, format_stanza, parse_relations

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"apt": "/usr/bin/apt-cache"}
OPTIONS = gnu(
    "-h,--help -v,--version -n,--names-only -f,--full -a,--all-versions -i,--important --installed -q,--quiet -g,--generate -o,--option=",
    standard=False,
)


async def main(sys: Process, argv: list[str]) -> int:
    given = await OPTIONS.read(sys, argv, status=100, hint="")
    if given.has("help") or not given.operands:
        await sys.stdout.write(_help.APT_CACHE)
        return 0 if given.has("help") else 1
    if given.has("version"):
        await sys.stdout.write(_help.APT_CACHE.split("\n")[0] + "\n")
        return 0
    command, names = given.operands[0], given.operands[1:]
    return await run(sys, command, names, names_only=given.has("names-only"), full=given.has("full"))


async def run(
    sys: Process,
    command: str,
    names: list[str],
    *,
    as_apt: bool = False,
    only_installed: bool = False,
    names_only: bool = False,
    full: bool = False,
) -> int:
    """One command, for apt-cache and (`as_apt`) for apt."""
    release = release_of(sys)
    query = _Query(sys, release, as_apt)
    if command == "search":
        return await query.search(names, names_only, full)
    if command == "list":
        return await query.listing(names, only_installed)
    if command == "pkgnames":
        await sys.stdout.write("".join(f"{name}\n" for name in query.names() if name.startswith(names[0] if names else "")))
        return 0
    if command == "stats":
        await sys.stdout.write(f"Total package names: {len(query.names())}\n")
        return 0
    actions = {"show": query.show, "policy": query.policy, "depends": query.depends, "rdepends": query.rdepends, "madison": query.madison}
    if command not in actions:
        await sys.stderr.write(f"E: Invalid operation {command}\n")
        return 100
    return await actions[command](names)


class _Query:
    """The archive and the installed packages, asked."""

    def __init__(self, sys: Process, release: Release | None, as_apt: bool):
        self.sys = sys
        self.release = release
        self.as_apt = as_apt
        self.database = Database(sys)

    def names(self) -> list[str]:
        """The names in the archive."""
        return list(self.release.archive) if self.release else []

    def stanza(self, name: str) -> Stanza | None:
        """The archive's stanza, or the installed package's."""
        found = self.release.archive.get(name) if self.release else None
        return found or self.database.get(name)

    async def _missing(self, name: str) -> int:
        await self.sys.stdout.flush()
        await self.sys.stderr.write(
            f"N: Unable to locate package {name}\nE: No packages found\n" if self.as_apt else f"N: Unable to locate package {name}\n"
        )
        return 100

    async def search(self, words: list[str], names_only: bool, full: bool) -> int:
        """Packages whose name or description matches all expressions."""
        if not words:
            await self.sys.stderr.write("E: You must give at least one search pattern\n")
            return 100
        patterns = [re.compile(word, re.I) for word in words]
        if self.as_apt:
            await self.sys.stdout.write("Sorting...\nFull Text Search...\n")
        for name in sorted(self.names()):
            stanza = self.stanza(name) or {}
            description = stanza.get("Description", "")
            if all(pattern.search(name) or (not names_only and pattern.search(description)) for pattern in patterns):
                summary = description.split("\n")[0]
                if self.as_apt:
                    await self.sys.stdout.write(f"{self._apt_line(name, stanza)}\n  {summary}\n\n")
                else:
                    await self.sys.stdout.write(f"{format_stanza(stanza)}\n" if full else f"{name} - {summary}\n")
        return 0

    def _apt_line(self, name: str, stanza: Stanza) -> str:
        suite = self.release.facts.suite if self.release else "now"
        installed = self.database.installed(name)
        return f"{name}/{suite}{',now' if installed else ''} {stanza.get('Version', '')} {stanza.get('Architecture', '')}" + (
            " [installed]" if installed else ""
        )

    async def listing(self, patterns: list[str], only_installed: bool) -> int:
        """apt list."""
        await self.sys.stdout.write("Listing...\n")
        for name in sorted(self.names()):
            if patterns and name not in patterns and not any(_glob(pattern).fullmatch(name) for pattern in patterns):
                continue
            if not only_installed or self.database.installed(name):
                await self.sys.stdout.write(self._apt_line(name, self.stanza(name) or {}) + "\n")
        return 0

    async def show(self, names: list[str]) -> int:
        """The stanzas."""
        status = 0
        for name in names:
            stanza = self.stanza(name)
            if stanza is None:
                await self._missing(name)
                await self.sys.stderr.write("" if self.as_apt else "E: No packages found\n")
                status = 100
                continue
            shown = {field: value for field, value in stanza.items() if field != "Status"}
            text = self.release.package(name).toml.description.strip() if self.release else ""
            if text and "\n" not in shown.get("Description", ""):
                shown["Description"] = shown.get("Description", "") + "".join(f"\n {line or '.'}" for line in text.splitlines())
            await self.sys.stdout.write(format_stanza(shown) + "\n")
        return status

    async def policy(self, names: list[str]) -> int:
        """Installed and candidate versions."""
        found = sources(self.sys, ["/etc/apt/sources.list"])
        address, suite = (found[0][1], found[0][2]) if found else ("", "")
        architecture = self.release.facts.architecture if self.release else ""
        for name in names:
            if self.stanza(name) is None:
                await self.sys.stdout.flush()
                if self.as_apt:
                    await self.sys.stderr.write(f"N: Unable to locate package {name}\n")
                continue
            installed = self.database.version(name) if self.database.installed(name) else ""
            candidate = self.release.archive.version(name) if self.release and name in self.release.archive else installed
            lines = [f"{name}:", f"  Installed: {installed or '(none)'}", f"  Candidate: {candidate}", "  Version table:"]
            mark = " ***" if installed == candidate else "    "
            lines += [f"{mark} {candidate} 500", f"        500 {address} {suite}/main {architecture} Packages"]
            if installed:
                lines.append("        100 /var/lib/dpkg/status")
            await self.sys.stdout.write("\n".join(lines) + "\n")
        return 0

    async def depends(self, names: list[str]) -> int:
        """Dependencies, alternatives marked with |, virtual packages in brackets with their providers."""
        for name in names:
            stanza = self.stanza(name)
            if stanza is None:
                await self._missing(name)
                await self.sys.stderr.write("E: No packages found\n")
                return 100
            await self.sys.stdout.write(f"{name}\n")
            for field, title in (("Pre-Depends", "PreDepends"), ("Depends", "Depends"), ("Conflicts", "Conflicts"), ("Breaks", "Breaks"),
                                 ("Suggests", "Suggests"), ("Recommends", "Recommends"), ("Replaces", "Replaces")):  # fmt: skip
                for choices in parse_relations(stanza.get(field, "")):
                    for place, choice in enumerate(choices):
                        real = self.stanza(choice.name) is not None
                        await self.sys.stdout.write(
                            f" {'|' if place < len(choices) - 1 else ' '}{title}: {choice.name if real else f'<{choice.name}>'}\n"
                        )
                        if not real and self.release:
                            await self.sys.stdout.write(
                                "".join(f"    {provider}\n" for provider in self.release.archive.providers(choice.name))
                            )
        return 0

    async def rdepends(self, names: list[str]) -> int:
        """Who depends on a package."""
        for name in names:
            await self.sys.stdout.write(f"{name}\nReverse Depends:\n")
            for other in self.names():
                stanza = self.stanza(other) or {}
                text = ",".join(stanza.get(field, "") for field in ("Pre-Depends", "Depends", "Recommends", "Suggests"))
                if name in text:
                    for choices in parse_relations(text):
                        if any(choice.name == name for choice in choices):
                            await self.sys.stdout.write(f" {'|' if choices[-1].name != name else ' '}{other}\n")
        return 0

    async def madison(self, names: list[str]) -> int:
        """One line for each version."""
        found = sources(self.sys, ["/etc/apt/sources.list"])
        address, suite = (found[0][1], found[0][2]) if found else ("", "")
        for name in names:
            stanza = self.stanza(name)
            if stanza and self.release:
                await self.sys.stdout.write(
                    f"{name:>10} | {stanza.get('Version', ''):>10} | {address} {suite}/main {self.release.facts.architecture} Packages\n"
                )
        return 0


def _glob(pattern: str) -> re.Pattern[str]:
    return re.compile(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."))
