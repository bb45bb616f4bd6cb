"""The checklist: what the lesson asks, green when it is done, with the reason when it is not."""

from __future__ import annotations

from rich.text import Text
from textual.widgets import Static

from maillab.lessons.assessment import Assessment
from maillab.lessons.lesson import Lesson
from maillab.ui.words import say


class Checklist(Static):
    """The checks of a lesson and their verdicts; reasons and hints once they were asked for."""

    def __init__(self, lesson: Lesson, language: str):
        super().__init__(id="checklist")
        self.lesson = lesson
        self.language = language
        self.assessment = Assessment()
        self.checking = False
        self.revealed = False
        self.hints: list[str] = []

    def on_mount(self) -> None:
        """Show the points, all open."""
        self.show()

    def done(self) -> list[str]:
        """The checks that say yes."""
        return [verdict.check for verdict in self.assessment.verdicts if verdict.ok]

    def take(self, assessment: Assessment, reveal: bool) -> None:
        """New verdicts; with `reveal`, also the reasons and hints."""
        self.assessment = assessment
        self.revealed = (self.revealed or reveal) and not assessment.passed()
        if reveal:
            self.hints = [self.lesson.sentence(self.language, "hints", hint) for hint in assessment.hints]
            if not self.hints and not any(verdict.reason for verdict in assessment.verdicts):
                self.hints = [say(self.language, "no_hint")]
        if assessment.passed():
            self.hints = []

    def marks(self) -> str:
        """The verdicts in a few characters."""
        done = self.done()
        return " ".join("✔" if check in done else "·" for check in self.lesson.checks)

    def show(self) -> None:
        """Draw again."""
        text = Text()
        for check in self.lesson.checks:
            self._point(text, check)
        for hint in self.hints:
            text.append("➜ " + hint + "\n", "bold cyan")
        if self.checking:
            text.append(say(self.language, "checking"), "dim")
        text.rstrip()
        self.update(text)

    def _point(self, text: Text, check: str) -> None:
        verdict = self.assessment.verdict(check)
        sentence = self.lesson.sentence(self.language, "checks", check)
        if verdict is not None and verdict.ok:
            text.append("✔ ", "bold green").append(sentence + "\n", "green")
            return
        text.append("· " if verdict is None else "✘ ", "dim" if verdict is None else "red").append(sentence + "\n")
        if verdict is not None and self.revealed:
            text.append("  " + self.lesson.sentence(self.language, "reasons", verdict.reason) + "\n", "italic yellow")
            for line in verdict.evidence[:3]:
                text.append("  " + line + "\n", "dim")
