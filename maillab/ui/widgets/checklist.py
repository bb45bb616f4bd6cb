"""The checklist: what the lesson asks, green when it is done, with the reason when it is not."""

from __future__ import annotations

from rich.text import Text
from textual.widgets import Static

from maillab.lessons.assessment import Assessment
from maillab.lessons.lesson import Lesson
from maillab.ui.words import say


class Checklist(Static):
    """The checks of a lesson and their verdicts."""

    def __init__(self, lesson: Lesson, language: str):
        super().__init__(id="checklist")
        self.lesson = lesson
        self.language = language
        self.assessment = Assessment()
        self.checking = False
        self.hints: list[str] = []

    def on_mount(self) -> None:
        """Show the points, all open."""
        self.show()

    def show(self) -> None:
        """Draw again."""
        text = Text()
        for check in self.lesson.checks:
            verdict = self.assessment.verdict(check)
            sentence = self.lesson.sentence(self.language, "checks", check)
            if verdict is not None and verdict.ok:
                text.append("✔ ", "bold green").append(sentence + "\n", "green")
                continue
            text.append("· " if verdict is None else "✘ ", "dim" if verdict is None else "red").append(sentence + "\n")
            if verdict is not None and self.hints:
                text.append("  " + self.lesson.sentence(self.language, "reasons", verdict.reason) + "\n", "italic yellow")
                for line in verdict.evidence[:3]:
                    text.append("  " + line + "\n", "dim")
        for hint in self.hints:
            text.append("➜ " + hint + "\n", "bold cyan")
        if self.checking:
            text.append(say(self.language, "checking"), "dim")
        self.update(text)
