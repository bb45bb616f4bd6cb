"""Assessing a lab against its lesson: which checks say yes, why the others say no, which hints fit."""

from __future__ import annotations

from dataclasses import dataclass, field

from maillab.lessons.check import Fail
from maillab.lessons.lab import Lab
from maillab.lessons.lesson import Lesson
from maillab.lessons.probe import Probe


@dataclass(frozen=True)
class Verdict:
    """The answer of one check; `reason` is "" when it says yes."""

    check: str
    ok: bool
    reason: str = ""
    evidence: tuple[str, ...] = ()


@dataclass
class Assessment:
    """All verdicts of a lesson, and the hints whose state is there."""

    verdicts: list[Verdict] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)

    def passed(self) -> bool:
        """Whether every check says yes."""
        return bool(self.verdicts) and all(verdict.ok for verdict in self.verdicts)

    def verdict(self, check: str) -> Verdict | None:
        """The verdict of one check."""
        return next((verdict for verdict in self.verdicts if verdict.check == check), None)


def assess(lesson: Lesson, replica: Lab, stop_at_no: bool = False) -> Assessment:
    """Ask every hint, then every check, of a replica (which is disturbed). `stop_at_no` ends at the first no."""
    probe = Probe(replica)
    result = Assessment(hints=[name for name, fires in lesson.hints.items() if fires(probe)])
    for name, function in lesson.checks.items():
        try:
            function(probe)
            result.verdicts.append(Verdict(name, True))
        except Fail as no:
            result.verdicts.append(Verdict(name, False, no.reason, tuple(no.evidence)))
            if stop_at_no:
                break
    return result
