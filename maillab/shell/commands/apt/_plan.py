"""What an installation or removal entails: dependencies, conflicts, what becomes superfluous."""

from __future__ import annotations

from dataclasses import dataclass, field

from maillab.shell.commands.dpkg._database import Database
from maillab.sim.releases.archive import Archive, Relation, Stanza, parse_relations


@dataclass
class Plan:
    """Package names: to install (dependencies before who needs them), to remove; what was asked for, and what is only suggested."""

    asked: list[str] = field(default_factory=list)
    install: list[str] = field(default_factory=list)
    remove: list[str] = field(default_factory=list)
    suggested: list[str] = field(default_factory=list)
    recommended: list[str] = field(default_factory=list)
    broken: list[tuple[str, str]] = field(default_factory=list)


class Planner:
    """Works out plans against an archive and the installed packages."""

    def __init__(self, archive: Archive, database: Database, recommends: bool):
        self.archive = archive
        self.database = database
        self.recommends = recommends
        self.plan = Plan()

    def installed(self, relation: Relation) -> bool:
        """Whether an installed package (that stays) satisfies one alternative, by itself or as a provider."""
        name = relation.name
        if self.database.installed(name) and name not in self.plan.remove:
            return relation.met_by(self.database.version(name))
        return not relation.operator and any(
            name in self.database.provides(other) for other in self.archive.providers(name)
            if self.database.installed(other) and other not in self.plan.remove
        )  # fmt: skip

    def satisfied(self, choices: list[Relation]) -> bool:
        """Whether one of the alternatives is there or will be."""
        return any(
            self.installed(choice)
            or choice.name in self.plan.install
            or any(p in self.plan.install for p in self.archive.providers(choice.name))
            for choice in choices
        )

    def add(self, name: str) -> None:
        """Plan to install a package with all it needs."""
        if name in self.plan.install or self.database.installed(name):
            return
        stanza = self.archive.get(name) or {}
        self.plan.install.append(name)
        place = len(self.plan.install) - 1
        self._conflicts(name, stanza)
        for choices in _depends(stanza):
            if not self.satisfied(choices):
                self._choose(name, choices)
        if self.recommends:
            for choices in parse_relations(stanza.get("Recommends", "")):
                if not self.satisfied(choices):
                    found = self._candidate(choices)
                    if found:
                        self.add(found)
        self.plan.install.append(self.plan.install.pop(place))

    def _candidate(self, choices: list[Relation]) -> str:
        for choice in choices:
            if choice.name in self.archive and choice.met_by(self.archive.version(choice.name)):
                return choice.name
            providers = self.archive.providers(choice.name)
            if providers:
                return providers[0]
        return ""

    def _choose(self, name: str, choices: list[Relation]) -> None:
        found = self._candidate(choices)
        if found:
            self.add(found)
        else:
            self.plan.broken.append((name, " | ".join(str(choice) for choice in choices)))

    def _conflicts(self, name: str, stanza: Stanza) -> None:
        for choices in parse_relations(stanza.get("Conflicts", "") + ", " + stanza.get("Breaks", "")):
            for choice in choices:
                rivals = [choice.name, *self.archive.providers(choice.name)] if not choice.operator else [choice.name]
                for rival in rivals:
                    if rival != name and self.database.installed(rival) and choice.met_by(self.database.version(rival)):
                        self.drop(rival, keep=name)

    def drop(self, name: str, keep: str = "") -> None:
        """Plan to remove a package and those that cannot do without it."""
        if name in self.plan.remove or not self.database.installed(name):
            return
        self.plan.remove.append(name)
        for other in self.database.all_installed():
            if other in self.plan.remove:
                continue
            stanza = self.database.get(other) or {}
            if any(not self.satisfied(choices) for choices in _depends(stanza) if self._concerns(choices, name)):
                self.drop(other, keep)

    def _concerns(self, choices: list[Relation], name: str) -> bool:
        provided = self.database.provides(name)
        return any(choice.name == name or choice.name in provided for choice in choices)

    def suggestions(self) -> list[str]:
        """Suggested packages of what is installed anew, that are not there."""
        found: list[str] = []
        for name in self.plan.install:
            for choices in parse_relations((self.archive.get(name) or {}).get("Suggests", "")):
                if not self.satisfied(choices):
                    text = " | ".join(choice.name for choice in choices)
                    if text not in found and any(choice.name in self.archive for choice in choices):
                        found.append(text)
        return found


def _depends(stanza: Stanza) -> list[list[Relation]]:
    return parse_relations(stanza.get("Pre-Depends", "")) + parse_relations(stanza.get("Depends", ""))
