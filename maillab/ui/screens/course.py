"""The course index: chapters and lessons, with the trainee's progress."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen
from textual.widgets import Footer, Header, OptionList, Static
from textual.widgets.option_list import Option

from maillab.lessons.errors import MaillabError
from maillab.lessons.lesson import chapter_title, lesson_names, load_lesson
from maillab.ui.words import say

if TYPE_CHECKING:
    from maillab.ui.app import MaillabApp


class CourseScreen(Screen[None]):
    """All lessons; Enter opens one."""

    app: MaillabApp
    BINDINGS = [  # noqa: RUF012  (Textual reads a plain list)
        Binding("enter", "open", "open", key_display="Enter", priority=True),
        Binding("f8", "free", "free_lab", key_display="F8"),
        Binding("f9", "app.language", "language", key_display="F9"),
        Binding("f10,q,ctrl+q,ctrl+c", "app.quit", "quit", key_display="F10"),
    ]

    def compose(self) -> ComposeResult:
        """The list under a line of progress."""
        yield Header(icon="")
        yield Static(id="summary")
        yield OptionList(id="lessons")
        yield Footer(compact=True)

    def on_mount(self) -> None:
        """Fill the list."""
        self.fill()

    def on_screen_resume(self) -> None:
        """Back from a lesson: the marks may have changed."""
        self.fill()

    def fill(self) -> None:
        """List chapters and lessons in the app's language."""
        language, progress = self.app.language, self.app.progress
        self.app.translate_footer(self)
        names = lesson_names()
        self.title = "maillab - " + say(language, "course")
        done = sum(name in progress.passed for name in names)
        self.query_one("#summary", Static).update(say(language, "progress", done=done, all=len(names)))
        options = self.query_one(OptionList)
        options.clear_options()
        chapter = ""
        for name in names:
            if name.split("/")[0] != chapter:
                chapter = name.split("/")[0]
                options.add_option(Option(Text("\n" + self._chapter(chapter), "bold"), disabled=True))
            options.add_option(Option(self._line(name), id=name))
        wanted = progress.last if progress.last in names else next((n for n in names if n not in progress.passed), "")
        if wanted:
            options.highlighted = options.get_option_index(wanted)
        options.focus()

    def _chapter(self, chapter: str) -> str:
        try:
            return chapter_title(chapter, self.app.language)
        except MaillabError:
            return chapter

    def _line(self, name: str) -> Text:
        """A lesson: its mark, its title, its minutes; a lesson that cannot be read says so."""
        language, progress = self.app.language, self.app.progress
        mark = Text("✔ ", "green") if name in progress.passed else Text("▸ ", "cyan") if name == progress.last else Text("  ")
        try:
            lesson = load_lesson(name)
        except MaillabError as error:
            return Text("  ").append(f"✘ {name}: {error.what}", "red")
        line = Text("  ").append_text(mark).append(lesson.texts[language].title)
        return line.append("  " + say(language, "minutes", n=lesson.facts.minutes), "dim")

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A lesson was chosen."""
        if event.option.id:
            self.app.open_lesson(event.option.id)

    def action_open(self) -> None:
        """Open the highlighted lesson."""
        self.query_one(OptionList).action_select()

    def action_free(self) -> None:
        """Open the free lab."""
        self.app.open_lesson("")
