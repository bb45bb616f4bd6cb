"""Where a trainee stopped: the lab of a saved journal, or a fresh one."""

from __future__ import annotations

from maillab.lessons.errors import MaillabError
from maillab.lessons.journal import Header
from maillab.lessons.lab import BudgetExceeded, Lab, replay
from maillab.lessons.progress import Progress
from maillab.lessons.worldfile import WorldSpec

FREE = WorldSpec(packages=["postfix", "bsd-mailx"]).with_default_host()
"""The world of the free lab."""
BUDGET = 100_000_000
"""Kernel steps that a saved lab may need to come back."""


def resume(progress: Progress, name: str, spec: WorldSpec, header: Header | None = None) -> tuple[Lab, str]:
    """The lab of a name where it was left, and what to say about it (a key of `words`, "" when it is fresh)."""
    header = header or Header(lesson=name)
    journal = progress.load_journal(name)
    if journal is None or not journal.entries:
        return Lab(spec, header), ""
    try:
        if (journal.header.lesson, journal.header.world) != (header.lesson, header.world):
            raise MaillabError(str(progress.journal_path(name)), 0, "the journal is of another world", "start again")
        return replay(spec, journal, BUDGET), "resumed"
    except (MaillabError, BudgetExceeded):
        progress.keep_aside(name)
        return Lab(spec, header), "not_resumed"
