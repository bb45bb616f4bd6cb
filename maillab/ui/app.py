"""The course in a terminal (Textual): the index, and one lesson at a time, saved as it is typed."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial

from textual.app import App
from textual.notifications import SeverityLevel
from textual.screen import Screen

from maillab.lessons.errors import MaillabError
from maillab.lessons.journal import Entry, JournalWriter
from maillab.lessons.lab import Lab
from maillab.lessons.lesson import Lesson, load_lesson
from maillab.lessons.progress import Progress
from maillab.ui.checking import AsideChecker, Checker
from maillab.ui.resuming import FREE, resume
from maillab.ui.screens.course import CourseScreen
from maillab.ui.screens.lesson import LessonScreen
from maillab.ui.words import WORDS, say, system_language


class MaillabApp(App[None], inherit_bindings=False):
    """`maillab`. Tests give a clock of their own (seconds) and a checker that runs in place."""

    CSS_PATH = "maillab.tcss"
    ENABLE_COMMAND_PALETTE = False

    def __init__(
        self,
        progress: Progress | None = None,
        lesson: str | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        checker: Checker | None = None,
    ):
        super().__init__()
        self.progress = progress or Progress()
        self.language = self.progress.language or system_language()
        self.clock = clock
        self.checker = checker or AsideChecker()
        self._first = lesson
        self._writer: JournalWriter | None = None
        self._told: dict[str, float] = {}  # message: the second at which it leaves the screen

    def on_mount(self) -> None:
        """The index; then the lesson asked for."""
        self.push_screen(CourseScreen())
        if self._first is not None:
            self.open_lesson(self._first)

    def on_unmount(self) -> None:
        """The child process of the checks ends with the app."""
        self.checker.close()

    def translate_footer(self, screen: Screen[None]) -> None:
        """Show the keys of a screen in the app's language (a binding's description is a key of `words`)."""
        for template in type(screen).BINDINGS:
            for key in template.key.split(","):  # type: ignore[union-attr]
                bindings = screen._bindings.key_to_bindings[key]
                word = template.description  # type: ignore[union-attr]
                if word in WORDS:
                    bindings[:] = [replace(binding, description=say(self.language, word)) for binding in bindings]
        screen.refresh_bindings()

    def tell(self, text: str, title: str = "", severity: SeverityLevel = "information", timeout: float = 5.0) -> None:
        """Show a message for some seconds; one that is still there is not shown twice."""
        if self.clock() < self._told.get(text, float("-inf")):
            return
        self._told[text] = self.clock() + timeout
        self.notify(text, title=title, severity=severity, timeout=timeout, markup=False)

    # --- lessons ----------------------------------------------------------------------------------------------------

    def open_lesson(self, name: str) -> None:
        """Open a lesson where the trainee left it ("" = the free lab)."""
        try:
            lesson = load_lesson(name) if name else None
            lab, word = resume(self.progress, name, lesson.world() if lesson else FREE)
            self._enter(lesson, lab, say(self.language, word) if word else "")
        except MaillabError as error:
            self.tell(str(error), severity="error", timeout=20)

    def _enter(self, lesson: Lesson | None, lab: Lab, message: str) -> None:
        """Show a lab, kept in its journal from now on. Raises MaillabError when it cannot be kept; then nothing has changed."""
        self._mark_time()
        name = lesson.name if lesson else ""
        writer = self.progress.writer(name, lab.journal)
        self._close_writer()
        self._writer = writer
        lab.written = partial(self._write, writer)
        if lesson is not None and self.progress.last != name:
            self.progress.last = name
            self.progress.save()
        screen = LessonScreen(lesson, lab)
        if isinstance(self.screen, LessonScreen):
            self.switch_screen(screen)
        else:
            self.push_screen(screen)
        if message:
            self.tell(message)

    def _write(self, writer: JournalWriter, entry: Entry) -> None:
        """Keep an input, unless its lab has been replaced; a disk that refuses is told once, and the lab goes on."""
        if self._writer is not writer:
            return
        try:
            writer.add(entry)
        except OSError as error:
            self._writer = None
            self.tell(say(self.language, "not_saved", what=error.strerror or str(error)), severity="error", timeout=20)

    def restart_lesson(self, lab: Lab, message: str) -> None:
        """Put another lab in the place of the lesson's (undo, start again)."""
        if isinstance(self.screen, LessonScreen):
            try:
                self._enter(self.screen.lesson, lab, message)
            except MaillabError as error:
                self.tell(str(error), severity="error", timeout=20)

    def mark_passed(self, name: str) -> None:
        """Remember that a lesson is passed."""
        try:
            self.progress.mark_passed(name)
        except MaillabError as error:
            self.tell(say(self.language, "not_saved", what=str(error)), severity="error", timeout=20)

    def close_lesson(self) -> None:
        """Back to the index."""
        self.save()
        self.pop_screen()

    def save(self) -> None:
        """Write down the time reached, close the journal."""
        self._mark_time()
        self._close_writer()

    def _mark_time(self) -> None:
        if self._writer is not None and isinstance(self.screen, LessonScreen):
            self.screen.lab.mark_time()

    def _close_writer(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            with suppress(OSError):
                writer.close()

    # --- actions ----------------------------------------------------------------------------------------------------

    def action_language(self) -> None:
        """French or English."""
        self.language = "en" if self.language == "fr" else "fr"
        self.progress.language = self.language
        try:
            self.progress.save()
        except MaillabError as error:
            self.tell(str(error), severity="error", timeout=20)
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
