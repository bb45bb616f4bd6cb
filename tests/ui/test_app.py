"""The course on the screen, driven by keys."""

from __future__ import annotations

import os
from pathlib import Path

from textual.containers import VerticalScroll
from textual.pilot import Pilot
from textual.widgets import OptionList

from maillab.lessons.progress import Progress
from maillab.ui.app import MaillabApp
from maillab.ui.checking import AsideChecker
from maillab.ui.screens.course import CourseScreen
from maillab.ui.screens.help import HelpScreen
from maillab.ui.screens.lesson import LAYOUTS
from maillab.ui.widgets.checklist import Checklist
from tests.ui.conftest import BROKEN, FIRST, SECOND, Clock, InPlace, Stage

SIZE = (80, 24)


async def type_line(stage: Stage, pilot: Pilot[None], line: str) -> None:
    """Type a line, wait until it is answered and checked."""
    stage.screen.view().send(line.encode() + b"\r")
    stage.wait(1.25)
    await pilot.pause()


def notes(stage: Stage) -> str:
    return "\n".join(note.message for note in stage.app._notifications)


async def test_the_index_marks_where_one_is(stage: Stage) -> None:
    stage.app.progress.passed[FIRST] = "2026-01-01"
    async with stage.app.run_test(size=SIZE):
        options = stage.app.screen.query_one(OptionList)
        lines = [str(options.get_option_at_index(n).prompt).strip() for n in range(options.option_count)]
        assert lines[0] == "Names"
        assert lines[1].startswith("✔ A name")
        assert "checks.py" not in lines[2]
        assert options.highlighted == 2


async def test_typing_reaches_the_shell_and_the_screen(stage: Stage) -> None:
    async with stage.app.run_test(size=SIZE) as pilot:
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press(*"id", "space", "-", "u", "enter")
        stage.wait(0.5)
        assert stage.shown().endswith("\n0\nroot@mail:~#")


async def test_a_lesson_is_passed_and_remembered(stage: Stage) -> None:
    async with stage.app.run_test(size=SIZE) as pilot:
        stage.app.open_lesson(FIRST)
        await pilot.pause()
        await type_line(stage, pilot, "hostname relais")
        assert stage.screen.query_one(Checklist).done() == ["named"]
        assert "Lesson passed" in notes(stage)
        assert FIRST in Progress(stage.app.progress.folder).passed
        await pilot.press("f12")
        await pilot.pause()
        assert stage.screen.lesson is not None
        assert stage.screen.lesson.name == SECOND


async def test_hints_say_why(stage: Stage) -> None:
    async with stage.app.run_test(size=SIZE) as pilot:
        stage.app.open_lesson(FIRST)
        await pilot.pause()
        await type_line(stage, pilot, "hostname relai")
        await pilot.press("f2")
        await pilot.pause()
        shown = str(stage.screen.query_one(Checklist).render())
        assert "It has another name." in shown
        assert "One letter." in shown


async def test_checks_that_crash_are_told_and_the_lab_goes_on(stage: Stage) -> None:
    async with stage.app.run_test(size=SIZE) as pilot:
        stage.app.open_lesson(FIRST)
        await pilot.pause()
        await type_line(stage, pilot, "hostname crash")
        assert "RuntimeError: boom [bold]" in notes(stage)
        await type_line(stage, pilot, "echo on")
        assert "\non\n" in stage.shown()


async def test_checks_do_not_run_while_nothing_was_typed(stage: Stage) -> None:
    async with stage.app.run_test(size=SIZE) as pilot:
        stage.app.open_lesson(FIRST)
        await pilot.pause()
        await type_line(stage, pilot, "true")
        asked = stage.checker.asked
        stage.wait(5)
        await pilot.pause()
        assert stage.checker.asked == asked


async def test_leaving_and_coming_back(stage: Stage) -> None:
    async with stage.app.run_test(size=SIZE) as pilot:
        stage.app.open_lesson(FIRST)
        await pilot.pause()
        await type_line(stage, pilot, "touch kept")
        now = stage.screen.lab.now
        await pilot.press("f10")
        await pilot.pause()
        assert isinstance(stage.app.screen, CourseScreen)
        await pilot.press("enter")
        await pilot.pause()
        assert stage.screen.lab.now >= now
        await type_line(stage, pilot, "ls")
        assert "\nkept\n" in stage.shown()


async def test_undo_takes_a_line_back(stage: Stage) -> None:
    async with stage.app.run_test(size=SIZE) as pilot:
        stage.app.open_lesson(FIRST)
        await pilot.pause()
        await type_line(stage, pilot, "touch one")
        await type_line(stage, pilot, "rm one")
        await pilot.press("f4")
        await pilot.pause()
        await type_line(stage, pilot, "ls")
        assert "\none\n" in stage.shown()


async def test_restarting_asks_twice(stage: Stage) -> None:
    async with stage.app.run_test(size=SIZE) as pilot:
        stage.app.open_lesson(FIRST)
        await pilot.pause()
        await type_line(stage, pilot, "touch one")
        before = stage.screen.lab
        await pilot.press("f11")
        assert stage.screen.lab is before
        await pilot.press("f11")
        await pilot.pause()
        assert stage.screen.lab is not before
        assert not [entry for entry in stage.screen.lab.journal.entries if entry.kind == "type"]


async def test_hosts_and_further_terminals(stage: Stage) -> None:
    async with stage.app.run_test(size=SIZE) as pilot:
        stage.app.open_lesson(SECOND)
        await pilot.pause()
        await pilot.press("f8")
        await pilot.pause()
        await type_line(stage, pilot, "hostname")
        assert "\nrelay\n" in stage.shown(1)
        await pilot.press("f7")
        await pilot.pause()
        await type_line(stage, pilot, "tty")
        assert "/dev/pts/1" in stage.shown(2)


async def test_the_language_changes_and_the_lab_stays(stage: Stage) -> None:
    async with stage.app.run_test(size=SIZE) as pilot:
        stage.app.open_lesson(FIRST)
        await pilot.pause()
        await type_line(stage, pilot, "touch one")
        lab = stage.screen.lab
        await pilot.press("f9")
        await pilot.pause()
        assert stage.screen.lab is lab
        assert stage.screen.title == "Un nom"
        await type_line(stage, pilot, "ls")
        assert "\none\n" in stage.shown()


async def test_the_text_is_read_while_the_terminal_has_the_keys(stage: Stage) -> None:
    async with stage.app.run_test(size=(60, 14)) as pilot:
        stage.app.open_lesson(FIRST)
        await pilot.pause()
        text = stage.screen.query_one("#text", VerticalScroll)
        offsets = []
        for _ in range(9):
            await pilot.press("f3")
            await pilot.pause()
            offsets.append(text.scroll_offset.y)
        assert text.max_scroll_y in offsets
        assert 0 in offsets
        assert stage.app.focused is stage.screen.views[0]


async def test_views_and_sizes(stage: Stage) -> None:
    async with stage.app.run_test(size=SIZE) as pilot:
        stage.app.open_lesson(FIRST)
        await pilot.pause()
        for name in (*LAYOUTS[1:], LAYOUTS[0]):
            await pilot.press("f6")
            await pilot.pause()
            assert (stage.app.focused is stage.screen.views[0]) == (name != "text")
        await pilot.resize_terminal(160, 50)
        await pilot.pause()
        tty = stage.screen.lab.terminal("mail/0").tty
        assert (tty.cols, tty.rows > 20) == (80, True)
        await pilot.resize_terminal(20, 6)
        await pilot.pause()
        assert tty.cols == 20


async def test_a_paste_of_many_lines(stage: Stage) -> None:
    async with stage.app.run_test(size=SIZE) as pilot:
        stage.app.open_lesson(FIRST)
        await pilot.pause()
        stage.screen.views[0].paste("".join(f"echo {n}\n" for n in range(200)))
        stage.wait(6)
        assert stage.shown().endswith("\n199\nroot@mail:~#")


async def test_control_keys_reach_the_tty(stage: Stage) -> None:
    async with stage.app.run_test(size=SIZE) as pilot:
        stage.app.open_lesson(FIRST)
        await pilot.pause()
        await type_line(stage, pilot, "sleep 1000")
        await pilot.press("ctrl+z")
        stage.wait(0.5)
        assert "Stopped" in stage.shown()
        await type_line(stage, pilot, "cat")
        await pilot.press("ctrl+q", "tab", "x", "ctrl+c")
        stage.wait(0.5)
        assert "x^C" in stage.shown()


async def test_the_help_comes_and_goes(stage: Stage) -> None:
    async with stage.app.run_test(size=SIZE) as pilot:
        stage.app.open_lesson(FIRST)
        await pilot.pause()
        await pilot.press("f1")
        await pilot.pause()
        assert isinstance(stage.app.screen, HelpScreen)
        await pilot.press("escape")
        await pilot.pause()
        assert stage.screen.lab.names() == ["mail/0"]


async def test_a_broken_lesson_is_told(stage: Stage) -> None:
    async with stage.app.run_test(size=SIZE) as pilot:
        stage.app.open_lesson(SECOND)
        await pilot.pause()
        lab = stage.screen.lab
        await pilot.press("f12")
        await pilot.pause()
        assert "checks.py" in notes(stage)
        await type_line(stage, pilot, "touch kept")
        assert stage.screen.lab is lab
        journal = stage.app.progress.load_journal(SECOND)
        assert journal is not None
        assert len(journal.entries) == len(lab.journal.entries)
        assert BROKEN != SECOND


async def test_a_damaged_journal_resumes_as_far_as_it_is_good(stage: Stage) -> None:
    async with stage.app.run_test(size=SIZE) as pilot:
        stage.app.open_lesson(FIRST)
        await pilot.pause()
        await type_line(stage, pilot, "touch one")
        await pilot.press("f10")
        await pilot.pause()
        with stage.app.progress.journal_path(FIRST).open("a") as file:
            file.write("garbage\n")
        await pilot.press("enter")
        await pilot.pause()
        await type_line(stage, pilot, "ls")
        assert "\none\n" in stage.shown()


async def test_a_full_disk_is_told_once(stage: Stage) -> None:
    async with stage.app.run_test(size=SIZE) as pilot:
        stage.app.open_lesson(FIRST)
        await pilot.pause()
        assert stage.app._writer is not None
        os.close(stage.app._writer._file.fileno())
        await type_line(stage, pilot, "echo on")
        assert notes(stage).count("Nothing is saved any more") == 1
        assert "\non\n" in stage.shown()


async def test_the_free_lab(course: Path, tmp_path: Path) -> None:
    clock, checker = Clock(), InPlace()
    free = Stage(MaillabApp(Progress(tmp_path / "home"), "", clock=clock, checker=checker), clock, checker)
    async with free.app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await type_line(free, pilot, "hostname")
        assert "\njulien\n" in free.shown()


async def test_the_child_process_answers_and_can_die(course: Path, stage: Stage) -> None:
    from maillab.lessons.journal import Header, Journal

    checker = AsideChecker()
    try:
        journal = Journal(Header(lesson=FIRST)).text()
        answer = await checker.ask(FIRST, journal, 0)
        assert [verdict.reason for verdict in answer.assessment.verdicts] == ["other-name"]
        assert checker._pool is not None
        for child in checker._pool._processes.values():
            child.kill()
        assert (await checker.ask(FIRST, journal, 0)).problem
        assert not (await checker.ask(FIRST, journal, 0)).problem
    finally:
        checker.close()
