"""The lesson: prose and checklist beside live terminals, the mail log and the way of each message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import Screen
from textual.widgets import Footer, Header, Markdown, TabbedContent, TabPane

from maillab.lessons.assessment import Assessment
from maillab.lessons.lab import Lab
from maillab.lessons.lesson import Lesson, lesson_names
from maillab.ui.checking import Answer
from maillab.ui.pace import Pacer
from maillab.ui.screens.help import HelpScreen
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
SURE_WITHIN = 5.0
"""Wall seconds within which the second key press of a restart must come."""
FORWARD = 60.0
LAYOUTS = ("split", "terminal", "text", "panes")
WIDE = 140


def _key(key: str, action: str, word: str, show: bool = True) -> Binding:
    return Binding(key, action, word, show=show, key_display=key.split(",")[0].upper(), priority=True)


class LessonScreen(Screen[None]):
    """One lesson, or the free lab when `lesson` is None."""

    app: MaillabApp
    BINDINGS = [  # noqa: RUF012  (Textual reads a plain list; the footer shows them in this order, as far as there is room)
        _key("f1", "help", "help"),
        _key("f2", "hint", "hint"),
        _key("f3,ctrl+pagedown", "read(1)", "read_on"),
        _key("f15,shift+f3,ctrl+pageup", "read(-1)", "read_on", show=False),
        _key("f10", "leave", "leave"),
        _key("f12", "next", "next"),
        _key("f4", "undo", "undo"),
        _key("f6", "layout", "panes"),
        _key("f7", "new_terminal", "new_terminal"),
        _key("f8", "switch", "switch"),
        _key("f9", "app.language", "language"),
        _key("f5", "forward", "forward"),
        _key("f11", "reset", "reset", show=False),
    ]

    def __init__(self, lesson: Lesson | None, lab: Lab):
        super().__init__()
        self.lesson = lesson
        self.lab = lab
        self.clock = self.app.clock
        self.pacer = Pacer(lab, self.clock)
        self.layout_name = LAYOUTS[0]
        self.views: list[TerminalView] = []
        self._checked = -1
        self._checking = False
        self._reveal = False
        self._calm_since = self.clock()
        self._reset_asked = float("-inf")
        self._notices = 0
        self._bugs = 0

    # --- composition ------------------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """Text on the left (or above), terminals and panes on the right (or below)."""
        language = self.app.language
        yield Header(icon="")
        with Horizontal(id="body"):
            with VerticalScroll(id="text", can_focus=False):
                if self.lesson is not None:
                    yield Markdown(self.lesson.texts[language].prose, id="prose")
                    yield Checklist(self.lesson, language)
            with Vertical(id="right"):
                with TabbedContent(id="terminals"):
                    for name in self.lab.names():
                        view = TerminalView(self.lab, name)
                        self.views.append(view)
                        yield TabPane(_tab_title(name), view, id=f"tab-{view.id}")
                with TabbedContent(id="panes"):
                    with TabPane(say(language, "log")):
                        yield LogPane(self.lab)
                    with TabPane(say(language, "flow")):
                        with VerticalScroll(can_focus=False):
                            yield FlowPane(self.lab, language)
        yield Footer(compact=True)

    def on_mount(self) -> None:
        """Start the clock."""
        self.app.translate_footer(self)
        self.title = self.lesson.texts[self.app.language].title if self.lesson else say(self.app.language, "free_lab")
        for tabs in self.query("Tabs"):
            tabs.can_focus = False
        self._apply_layout()
        self.set_interval(FRAME, self.frame)
        self.set_interval(PANES_EVERY, self._pull_panes)
        self.call_after_refresh(self._focus_terminal)

    def on_resize(self, event: events.Resize) -> None:
        """A wide screen has its text beside the terminal, a narrow one above."""
        self.set_class(event.size.width >= WIDE, "wide")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The footer offers what makes sense here."""
        if action in ("hint", "read", "reset"):
            return self.lesson is not None
        if action == "next":
            return bool(self._next_name())
        return action != "switch" or len(self.views) > 1

    def _apply_layout(self) -> None:
        for name in LAYOUTS:
            self.set_class(name == self.layout_name, name)
        self.set_class(self.lesson is None, "free")
        self.set_class(len(self.views) == 1, "single")
        self.refresh_bindings()

    def view(self) -> TerminalView:
        """The terminal in front."""
        active = self.query_one("#terminals", TabbedContent).active
        return next((view for view in self.views if f"tab-{view.id}" == active), self.views[0])

    def _focus_terminal(self) -> None:
        self.view().focus()

    def on_tabbed_content_tab_activated(self) -> None:
        """A tab was chosen with the mouse: its terminal gets the keys."""
        self.call_after_refresh(self._focus_terminal)

    # --- the clock --------------------------------------------------------------------------------------------------

    def frame(self) -> None:
        """The lab catches up with the wall, the views with the lab."""
        self.pacer.advance()
        for view in self.views:
            if view.pull():
                view.refresh()
                self._calm_since = self.clock()
        self._say_news()
        self._maybe_check()

    def _pull_panes(self) -> None:
        self.query_one(LogPane).pull()
        self.query_one(FlowPane).pull()

    def _say_news(self) -> None:
        notices, bugs = self.lab.session.notices, self.lab.session.world.bugs
        for what in notices[self._notices :]:
            self.app.tell(say(self.app.language, "not_simulated", what=what), severity="warning")
        self._notices = len(notices)
        for bug in bugs[self._bugs :]:
            file = self.app.progress.journal_path(self.lesson.name if self.lesson else "")
            what = f"{bug.program}: {type(bug.error).__name__}"
            self.app.tell(say(self.app.language, "internal", what=what, file=file), severity="error", timeout=20)
        self._bugs = len(bugs)
        for view in self.views:
            if view.just_ended():
                self.app.tell(say(self.app.language, "over"))

    def on_terminal_view_typed(self) -> None:
        """Keys were typed: answer at once, without waiting for the next frame."""
        self._calm_since = self.clock()
        self.frame()

    # --- checking ---------------------------------------------------------------------------------------------------

    def _maybe_check(self) -> None:
        inputs = len(self.lab.journal.entries)
        calm = self.clock() - self._calm_since > CHECK_AFTER
        if self.lesson is not None and calm and not self._checking and inputs != self._checked and self._view_at_prompt():
            self._check()

    def _view_at_prompt(self) -> bool:
        return self.lab.terminal(self.view().terminal_name).at_prompt()

    @work
    async def _check(self) -> None:
        """Ask the checks of a replica, aside."""
        assert self.lesson is not None
        self._checking, self._checked = True, len(self.lab.journal.entries)
        reveal, self._reveal = self._reveal, False
        answer = await self.app.checker.ask(self.lesson.name, self.lab.journal.text(), self.lab.now)
        self._checking = False
        if self.is_attached:
            self._show(answer, reveal)
            if self._reveal:
                self._check()

    def _show(self, answer: Answer, reveal: bool) -> None:
        checklist = self.query_one(Checklist)
        done = checklist.done()
        checklist.take(answer.assessment, reveal)
        checklist.checking = self._reveal
        checklist.show()
        if answer.problem:
            self.app.tell(say(self.app.language, "check_broken", what=answer.problem), severity="error", timeout=20)
            return
        if reveal:
            self.call_after_refresh(checklist.scroll_visible)
        self._celebrate(answer.assessment, [check for check in checklist.done() if check not in done])

    def _celebrate(self, assessment: Assessment, fresh: list[str]) -> None:
        """Say what turned green, and that all is."""
        assert self.lesson is not None
        language = self.app.language
        self.sub_title = self.query_one(Checklist).marks()
        for check in fresh:
            self.app.tell(self.lesson.sentence(language, "checks", check), title="✔")
        if assessment.passed() and self.lesson.name not in self.app.progress.passed:
            self.app.mark_passed(self.lesson.name)
            self.app.tell(say(language, "passed", next="F12") if self._next_name() else say(language, "passed_last"), timeout=10)

    # --- actions ----------------------------------------------------------------------------------------------------

    def action_help(self) -> None:
        """The keys."""
        self.app.push_screen(HelpScreen(self.app.language))

    def action_leave(self) -> None:
        """Back to the index."""
        self.app.close_lesson()

    def action_hint(self) -> None:
        """Check now, and say why what is missing is missing."""
        checklist = self.query_one(Checklist)
        checklist.checking = True
        checklist.show()
        checklist.scroll_visible()
        self._reveal = True
        if not self._checking:
            self._check()

    def action_read(self, pages: int) -> None:
        """The next page of the text, whoever has the keys; after the last page comes the first."""
        text = self.query_one("#text", VerticalScroll)
        at, end, page = text.scroll_offset.y, text.max_scroll_y, max(1, text.size.height - 1)
        target = at + pages * page
        if pages > 0 and at >= end:
            target = 0
        text.scroll_to(y=max(0, min(end, target)), animate=False)

    def action_undo(self) -> None:
        """Take back the last line typed."""
        self.app.restart_lesson(self.lab.undo(1), say(self.app.language, "undone"))

    def action_reset(self) -> None:
        """Start the lesson again, when asked twice."""
        if self.clock() - self._reset_asked > SURE_WITHIN:
            self._reset_asked = self.clock()
            self.app.tell(say(self.app.language, "reset_sure", key="F11"), severity="warning", timeout=SURE_WITHIN)
        else:
            self.app.restart_lesson(Lab(self.lab.spec, self.lab.journal.header), "")

    def action_forward(self) -> None:
        """Let a minute pass at once."""
        self.pacer.fast_forward(FORWARD)
        self.frame()
        self.app.tell(say(self.app.language, "forwarded", n=int(FORWARD)))

    def action_layout(self) -> None:
        """The next arrangement of the panes."""
        names = LAYOUTS if self.lesson is not None else [name for name in LAYOUTS if name in ("terminal", "panes")]
        at = names.index(self.layout_name) if self.layout_name in names else 0
        self.layout_name = names[(at + 1) % len(names)]
        self._apply_layout()
        text = self.query_one("#text")
        text.can_focus = self.layout_name == "text"  # alone on the screen it also takes the arrow keys
        (text if text.can_focus else self.view()).focus()

    async def action_new_terminal(self) -> None:
        """A further terminal on the host in view."""
        name = self.lab.open(self.view().terminal_name.rpartition("/")[0])
        view = TerminalView(self.lab, name)
        self.views.append(view)
        tabs = self.query_one("#terminals", TabbedContent)
        await tabs.add_pane(TabPane(_tab_title(name), view, id=f"tab-{view.id}"))
        tabs.active = f"tab-{view.id}"
        self._apply_layout()
        view.focus()

    def action_switch(self) -> None:
        """The next terminal."""
        view = self.views[(self.views.index(self.view()) + 1) % len(self.views)]
        self.query_one("#terminals", TabbedContent).active = f"tab-{view.id}"
        view.focus()

    def _next_name(self) -> str:
        names = lesson_names()
        following = names[names.index(self.lesson.name) + 1 :] if self.lesson is not None and self.lesson.name in names else []
        return following[0] if following else ""

    def action_next(self) -> None:
        """The next lesson of the course."""
        name = self._next_name()
        if name:
            self.app.open_lesson(name)


def _tab_title(name: str) -> str:
    host, _, number = name.rpartition("/")
    return host if number == "0" else f"{host} {int(number) + 1}"
