"""Progress: which lessons are passed, and the journal of each, kept in the trainee's data folder.

    $MAILLAB_HOME or $XDG_DATA_HOME/maillab or ~/.local/share/maillab
        progress.json               {"passed": {lesson: date}, "last": lesson, "language": "fr"}
        journals/CHAPTER--SLUG.journal

A journal is appended to as the trainee types, so that a crash loses nothing; a damaged tail is set aside, not deleted.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

from maillab.lessons.errors import MaillabError
from maillab.lessons.journal import Journal, JournalWriter, parse_journal


def data_folder() -> Path:
    """Where progress is kept."""
    given = os.environ.get("MAILLAB_HOME")
    if given:
        return Path(given)
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "maillab"


class Progress:
    """The trainee's progress, written at each change."""

    def __init__(self, folder: Path | None = None):
        self.folder = folder or data_folder()
        self.passed: dict[str, str] = {}
        self.last = ""
        self.language = ""
        self._read()

    def _read(self) -> None:
        try:
            data = json.loads((self.folder / "progress.json").read_text(encoding="utf-8"))
            self.passed = {str(k): str(v) for k, v in data.get("passed", {}).items()}
            self.last, self.language = str(data.get("last", "")), str(data.get("language", ""))
        except FileNotFoundError:
            return
        except (OSError, ValueError, AttributeError):
            self._set_aside(self.folder / "progress.json")

    def _set_aside(self, path: Path) -> None:
        try:
            path.replace(path.with_name(f"{path.name}.damaged-{int(time.time())}"))
        except OSError:
            return

    def save(self) -> None:
        """Write progress.json, whole or not at all. Raises MaillabError."""
        text = json.dumps({"passed": self.passed, "last": self.last, "language": self.language}, indent=1)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            fresh = self.folder / "progress.json.new"
            fresh.write_text(text, encoding="utf-8")
            fresh.replace(self.folder / "progress.json")
        except OSError as error:
            raise MaillabError(str(self.folder), 0, error.strerror or str(error), "set MAILLAB_HOME to a writable folder") from None

    def mark_passed(self, lesson: str) -> None:
        """Remember that a lesson is passed."""
        if lesson not in self.passed:
            self.passed[lesson] = time.strftime("%Y-%m-%d")
            self.save()

    def journal_path(self, lesson: str) -> Path:
        """The journal of a lesson ("" = the free lab)."""
        return self.folder / "journals" / f"{lesson.replace('/', '--') or 'free'}.journal"

    def load_journal(self, lesson: str) -> Journal | None:
        """The saved journal of a lesson, as far as it is intact; None when there is none. A damaged file is copied aside."""
        path = self.journal_path(lesson)
        try:
            data = path.read_bytes()
        except OSError:
            return None
        try:
            journal, damage = parse_journal(data, str(path))
        except MaillabError:
            self._set_aside(path)
            return None
        if damage is not None:
            self._set_aside(path)
        return journal

    def keep_aside(self, lesson: str) -> None:
        """Rename the journal of a lesson, so that a new one can begin."""
        self._set_aside(self.journal_path(lesson))

    def writer(self, lesson: str, journal: Journal) -> JournalWriter:
        """Keeps the journal of a lesson on disk as it grows, beginning with what it holds. Raises MaillabError."""
        path = self.journal_path(lesson)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            return JournalWriter(path, journal)
        except OSError as error:
            raise MaillabError(str(path), 0, error.strerror or str(error), "set MAILLAB_HOME to a writable folder") from None

