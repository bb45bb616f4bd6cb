"""The lesson: prose and checklist beside live terminals, the mail log and the way of each message."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import Screen
from textual.widgets import Footer, Header, Markdown, TabbedContent, TabPane
from textual.worker import get_current_worker

from maillab.lessons.assessment import Assessment, assess
from maillab.lessons.journal import Journal
from maillab.lessons.lab import Lab, replay
from maillab.lessons.lesson import Lesson, lesson_names
from maillab.ui.pace import Pacer
from maillab.ui.widgets.checklist import Checklist
from maillab.ui.widgets.flow import FlowPane
from maillab.ui.widgets.log import LogPane
from maillab.ui.widgets.terminal import TerminalView
from maillab.ui.words import say

if TYPE_CHECKING:
    from maillab.ui.app import MaillabApp

FRAME = 1 / 30
PANES_EVERY = 0.5
CHECK_AFTER = 0.6
"""Wall seconds of calm at a prompt before the checks run by themselves."""
FORWARD = 60.0
LAYOUTS = ("split", "terminal", "text", "panes")
WIDE = 120


class LessonScreen(Screen[None]):
    """One lesson, or the free lab when `lesson` is None."""

    app: MaillabApp
    BINDINGS = [  # noqa: RUF012
        Binding("f1", "leave", "course", priority=True),
        Binding("f2", "hint", "hint", priority=True),
        Binding("f3", "check", "check", priority=True, show=False),
        Binding("f4", "undo", "undo", priority=True),
        Binding("f5", "forward", "forward", priority=True),
        Binding("f6", "layout", "panes", priority=True),
        Binding("f7", "new_terminal", "new_terminal", priority=True),
        Binding("f8", "switch", "switch", priority=True, show=False),
        Binding("f9", "app.language", "language", priority=True),
        Binding("f11", "reset", "reset", priority=True, show=False),
        Binding("f12", "next", "next", priority=True),
        Binding("f10", "app.quit", "quit", priority=True),
    ]

    def __init__(self, lesson: Lesson | None, lab: Lab):
        super().__init__()
        self.lesson = lesson
        self.lab = lab
        self.pacer = Pacer(lab)
        self.layout_name = LAYOUTS[0]
        self._views: list[TerminalView] = []
        self._checked = -1
        self._calm_since = time.monotonic()
        self._notices = 0
        self._bugs = 0

    # --- composition ------------------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """Text on the left (or above), terminals and panes on the right (or below)."""
        language = self.app.language
        self.app.translate_footer(self)
        yield Header()
        with Horizontal(id="body"):
            with VerticalScroll(id="text"):
                if self.lesson is not None:
                    yield Markdown(self.lesson.texts[language].prose, id="prose")
                    yield Checklist(self.lesson, language)
            with Vertical(id="right"):
                with TabbedContent(id="terminals"):
                    for name in self.lab.names():
                        view = TerminalView(self.lab, name)
                        self._views.append(view)
                        yield TabPane(_tab_title(name), view, id=f"tab-{view.id}")
                with TabbedContent(id="panes"):
                    with TabPane(say(language, "log")):
                        yield LogPane(self.lab)
                    with TabPane(say(language, "flow")):
                        with VerticalScroll():
                            yield FlowPane(self.lab, language)
        yield Footer()

    def on_mount(self) -> None:
        """Start the clock."""
        title = self.lesson.texts[self.app.language].title if self.lesson else say(self.app.language, "free_lab")
        self.title = f"maillab - {title}"
        self._apply_layout()
        self.set_interval(FRAME, self._frame)
        self.set_interval(PANES_EVERY, self._pull_panes)
        self.call_after_refresh(self._focus_terminal)

    def on_resize(self, event: events.Resize) -> None:
        """A wide screen has its text beside the terminal, a narrow one above."""
        self.set_class(event.size.width >= WIDE, "wide")

    def _apply_layout(self) -> None:
        for name in LAYOUTS:
            self.set_class(name == self.layout_name, name)
        self.set_class(self.lesson is None, "free")
        self.set_class(len(self._views) == 1, "single")

    def _view(self) -> TerminalView:
        active = self.query_one("#terminals", TabbedContent).active
        return next((view for view in self._views if f"tab-{view.id}" == active), self._views[0])

    def _focus_terminal(self) -> None:
        self._view().focus()

    # --- the clock --------------------------------------------------------------------------------------------------

    def _frame(self) -> None:
        self.pacer.advance()
        for view in self._views:
            if view.pull():
                view.refresh()
                self._calm_since = time.monotonic()
        self._say_news()
        self._maybe_check()

    def _pull_panes(self) -> None:
        self.query_one(LogPane).pull()
        self.query_one(FlowPane).pull()

    def _say_news(self) -> None:
        notices, bugs = self.lab.session.notices, self.lab.session.world.bugs
        for what in notices[self._notices :]:
            self.notify(say(self.app.language, "not_simulated", what=what), severity="warning")
        self._notices = len(notices)
        for bug in bugs[self._bugs :]:
            file = self.app.progress.journal_path(self.lesson.name if self.lesson else "")
            what = f"{bug.program}: {type(bug.error).__name__}"
            self.notify(say(self.app.language, "internal", what=what, file=file), severity="error", timeout=20)
        self._bugs = len(bugs)

    def on_terminal_view_typed(self) -> None:
        """Keys were typed: answer at once, without waiting for the next frame."""
        self._calm_since = time.monotonic()
        self._frame()

    # --- checking ---------------------------------------------------------------------------------------------------

    def _maybe_check(self) -> None:
        inputs = len(self.lab.journal.entries)
        calm = time.monotonic() - self._calm_since > CHECK_AFTER
        if self.lesson is not None and calm and inputs != self._checked and self._view_at_prompt():
            self._checked = inputs
            self._check(reveal=False)

    def _view_at_prompt(self) -> bool:
        return self.lab.terminal(self._view().terminal_name).at_prompt()

    @work(thread=True, exclusive=True)
    def _check(self, reveal: bool) -> None:
        """Ask the checks of a replica, aside."""
        assert self.lesson is not None
        worker = get_current_worker()
        now = self.lab.now
        copy = replay(self.lab.spec, Journal(self.lab.journal.header, list(self.lab.journal.entries)))
        copy.session.world.run_until(now)
        result = assess(self.lesson, copy)
        if not worker.is_cancelled:
            self.app.call_from_thread(self._show, result, reveal)

    def _show(self, result: Assessment, reveal: bool) -> None:
        assert self.lesson is not None
        language, checklist = self.app.language, self.query_one(Checklist)
        checklist.checking = False
        checklist.assessment = result
        if reveal:
            checklist.hints = [self.lesson.sentence(language, "hints", hint) for hint in result.hints]
            if not checklist.hints and not result.passed():
                checklist.hints = [say(language, "no_hint")]
        elif result.passed():
            checklist.hints = []
        checklist.show()
        if result.passed() and self.lesson.name not in self.app.progress.passed:
            self.app.progress.mark_passed(self.lesson.name)
            self.notify(say(language, "passed", next="F12"), timeout=10)

    # --- actions ----------------------------------------------------------------------------------------------------

    def action_leave(self) -> None:
        """Back to the index."""
        self.app.close_lesson()

    def action_hint(self) -> None:
        """Check now and show what fits."""
        self._start_check(reveal=True)

    def action_check(self) -> None:
        """Check now."""
        self._start_check(reveal=False)

    def _start_check(self, reveal: bool) -> None:
        if self.lesson is not None:
            checklist = self.query_one(Checklist)
            checklist.checking = True
            checklist.show()
            checklist.scroll_visible()
            self._check(reveal=reveal)

    def action_undo(self) -> None:
        """Take back the last line typed."""
        self.app.restart_lesson(self.lab.undo(1), say(self.app.language, "undone"))

    def action_reset(self) -> None:
        """Start the lesson again."""
        self.app.restart_lesson(self.lab.undo(1 << 30), "")

    def action_forward(self) -> None:
        """Let a minute pass at once."""
        self.pacer.fast_forward(FORWARD)
        self._frame()
        self.notify(say(self.app.language, "forwarded", n=int(FORWARD)))

    def action_layout(self) -> None:
        """The next arrangement of the panes."""
        self.layout_name = LAYOUTS[(LAYOUTS.index(self.layout_name) + 1) % len(LAYOUTS)]
        self._apply_layout()
        (self.query_one("#text") if self.layout_name == "text" else self._view()).focus()

    async def action_new_terminal(self) -> None:
        """A further terminal on the host in view."""
        name = self.lab.open(self._view().terminal_name.rpartition("/")[0])
        view = TerminalView(self.lab, name)
        self._views.append(view)
        tabs = self.query_one("#terminals", TabbedContent)
        await tabs.add_pane(TabPane(_tab_title(name), view, id=f"tab-{view.id}"))
        tabs.active = f"tab-{view.id}"
        self._apply_layout()
        view.focus()

    def action_switch(self) -> None:
        """The next terminal."""
        view = self._views[(self._views.index(self._view()) + 1) % len(self._views)]
        self.query_one("#terminals", TabbedContent).active = f"tab-{view.id}"
        view.focus()

    def action_next(self) -> None:
        """The next lesson of the course."""
        names = lesson_names()
        if self.lesson is not None and self.lesson.name in names[:-1]:
            self.app.open_lesson(names[names.index(self.lesson.name) + 1])


def _tab_title(name: str) -> str:
    host, _, number = name.rpartition("/")
    return host if number == "0" else f"{host} {int(number) + 1}"


