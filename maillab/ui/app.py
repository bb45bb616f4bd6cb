"""The course in a terminal (Textual): the index, and one lesson at a time, saved as it is typed."""

from __future__ import annotations

from dataclasses import replace

from textual.app import App
from textual.screen import Screen

from maillab.lessons.errors import MaillabError
from maillab.lessons.journal import Header, JournalWriter
from maillab.lessons.lab import Lab, replay
from maillab.lessons.lesson import Lesson, load_lesson
from maillab.lessons.progress import Progress
from maillab.lessons.worldfile import WorldSpec
from maillab.ui.screens.course import CourseScreen
from maillab.ui.screens.lesson import LessonScreen
from maillab.ui.words import WORDS, say, system_language

FREE = WorldSpec(packages=["postfix", "bsd-mailx"]).with_default_host()


class MaillabApp(App[None]):
    """`maillab`."""

    CSS_PATH = "maillab.tcss"
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, progress: Progress | None = None, lesson: str | None = None):
        super().__init__()
        self.progress = progress or Progress()
        self.language = self.progress.language or system_language()
        self._first = lesson
        self._writer: JournalWriter | None = None

    def on_mount(self) -> None:
        """The index; then the lesson asked for."""
        self.push_screen(CourseScreen())
        if self._first is not None:
            self.open_lesson(self._first)

    def translate_footer(self, screen: Screen[None]) -> None:
        """Show the keys of a screen in the app's language (a binding's description is a key of `words`)."""
        for bindings in screen._bindings.key_to_bindings.values():
            for number, binding in enumerate(bindings):
                if binding.description in WORDS:
                    bindings[number] = replace(binding, description=say(self.language, binding.description))

    # --- lessons ----------------------------------------------------------------------------------------------------

    def open_lesson(self, name: str) -> None:
        """Open a lesson where the trainee left it ("" = the free lab)."""
        try:
            lesson = load_lesson(name) if name else None
            spec = lesson.world() if lesson else FREE
            lab, message = self._resume(name, spec)
        except MaillabError as error:
            self.notify(str(error), severity="error", timeout=20)
            return
        self._enter(lesson, lab, message)

    def _resume(self, name: str, spec: WorldSpec) -> tuple[Lab, str]:
        journal = self.progress.load_journal(name)
        if journal is None or not journal.entries:
            return Lab(spec, Header(lesson=name)), ""
        try:
            return replay(spec, journal), say(self.language, "resumed")
        except MaillabError:
            return Lab(spec, Header(lesson=name)), say(self.language, "not_resumed")

    def _enter(self, lesson: Lesson | None, lab: Lab, message: str) -> None:
        self.save()
        name = lesson.name if lesson else ""
        self._writer = self.progress.writer(name, lab.journal)
        lab.written = self._writer.add
        if lesson is not None and self.progress.last != name:
            self.progress.last = name
            self.progress.save()
        screen = LessonScreen(lesson, lab)
        if isinstance(self.screen, LessonScreen):
            self.switch_screen(screen)
        else:
            self.push_screen(screen)
        if message:
            self.notify(message)

    def restart_lesson(self, lab: Lab, message: str) -> None:
        """Put another lab in the place of the lesson's (undo, start again)."""
        if isinstance(self.screen, LessonScreen):
            self._enter(self.screen.lesson, lab, message)

    def close_lesson(self) -> None:
        """Back to the index."""
        self.save()
        self.pop_screen()

    def save(self) -> None:
        """Write down the time reached, close the journal."""
        if self._writer is not None:
            if isinstance(self.screen, LessonScreen):
                self.screen.lab.mark_time()
            self._writer.close()
            self._writer = None

    # --- actions ----------------------------------------------------------------------------------------------------

    def action_language(self) -> None:
        """French or English."""
        self.language = "en" if self.language == "fr" else "fr"
        self.progress.language = self.language
        self.progress.save()
        if isinstance(self.screen, LessonScreen):
            self.restart_lesson(self.screen.lab, "")
        elif isinstance(self.screen, CourseScreen):
            self.screen.fill()

    async def action_quit(self) -> None:
        """Save and leave."""
        self.save()
        self.exit()


def run_app(lesson: str | None = None) -> None:
    """Open the course. Raises MaillabError when progress cannot be kept."""
    progress = Progress()
    progress.save()
    MaillabApp(progress, lesson).run()
