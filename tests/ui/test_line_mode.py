"""Line mode: keys in, bytes out."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

import pytest
from click.testing import CliRunner
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.key_binding import KeyPress
from prompt_toolkit.keys import Keys

from maillab.cli import main
from maillab.lessons.journal import Header
from maillab.lessons.lab import Lab
from maillab.lessons.lesson import load_lesson
from maillab.lessons.progress import Progress
from maillab.lessons.worldfile import WorldSpec, parse_world
from maillab.ui.line_mode import LineMode, plain_lab, run_lines, verdict_lines
from maillab.ui.resuming import resume
from tests.ui.conftest import FIRST, TWO, Clock, InPlace


def mode(world: str = "", lesson: str = "") -> tuple[LineMode, io.BytesIO, Clock]:
    out, clock = io.BytesIO(), Clock()
    read = load_lesson(lesson) if lesson else None
    lab = Lab(read.world() if read else parse_world(world, "test"), Header(lesson=lesson))
    return LineMode(lab, out, "en", lesson=read, checker=InPlace(), clock=clock), out, clock


def press(line: LineMode, clock: Clock, text: str) -> None:
    line.press([KeyPress(character, character) for character in text])
    for _ in range(8):
        clock.now += 0.25
        line.frame()


def test_keys_go_in_and_bytes_come_out() -> None:
    line, out, clock = mode()
    line.announce()
    press(line, clock, "id -un\r")
    assert b"F10" in out.getvalue()
    assert b"\rroot\r\n" in out.getvalue()


def test_output_appears_while_nothing_is_typed() -> None:
    line, out, clock = mode()
    press(line, clock, "(sleep 10; echo later) &\r")
    assert b"\nlater" not in out.getvalue()
    for _ in range(40):
        clock.now += 0.25
        line.frame()
    assert b"later\r\n" in out.getvalue()


def test_a_paste_is_typed_line_by_line() -> None:
    line, out, clock = mode()
    line.press([KeyPress(Keys.BracketedPaste, "echo one\ncat\ntwo\n")])
    press(line, clock, "\x04echo three\r")
    words = out.getvalue().decode().replace("\r", "\n").split("\n")
    assert [word for word in words if word in ("one", "two", "three")] == ["one", "two", "two", "three"]


def test_control_keys_interrupt() -> None:
    line, out, clock = mode()
    press(line, clock, "sleep 1000\r")
    press(line, clock, "\x03")
    press(line, clock, "echo back\r")
    assert b"\rback\r\n" in out.getvalue()


def test_the_next_host() -> None:
    line, out, clock = mode(TWO.replace("world.hosts", "hosts"))
    line.press([KeyPress(Keys.F8, "\x1b[19~")])
    press(line, clock, "hostname\r")
    assert b"--- relay ---" in out.getvalue()
    assert b"\rrelay\r\n" in out.getvalue()
    press(line, clock, "exit\r")
    assert (line.front, line.left) == ("mail/0", False)
    press(line, clock, "exit\r")
    assert line.left


def test_the_leaving_key_restores_the_screen() -> None:
    line, out, _ = mode()
    with create_pipe_input() as keyboard:
        keyboard.send_text("printf '\\033[?1049h'\r")

        async def leave() -> None:
            task = asyncio.create_task(line.run(keyboard))
            await asyncio.sleep(0)
            keyboard.send_text("\x1b[21~")
            await task

        asyncio.run(asyncio.wait_for(leave(), 10))
    assert line.left
    assert out.getvalue().endswith(b"\x1b[0m\x1b[?25h\x1b[?1l\x1b>\r\n")


def test_checking_a_lesson(course: Path) -> None:
    line, out, _ = mode(lesson=FIRST)

    async def check() -> None:
        line.press([KeyPress(Keys.F2, "\x1bOQ")])
        assert line.task is not None
        await line.task

    asyncio.run(check())
    assert "✘ The name is relais" in out.getvalue().decode()
    assert "It has another name." in out.getvalue().decode()


def test_verdicts_of_broken_checks(course: Path) -> None:
    from maillab.ui.checking import Answer

    assert verdict_lines(load_lesson(FIRST), "fr", Answer(problem="boom")) == ["Les vérifications de cette leçon ont échoué : boom"]


@pytest.mark.parametrize(
    ("script", "shown", "status"),
    [
        ("id -un\nfalse\n", "root\n", 1),
        ("for i in 1 2\ndo echo $i\ndone\n", "1\n2\n", 0),
        ("echo é; exit 7\necho never\n", "é\n", 7),
        ("printf 'no newline'\n\n", "no newline\n", 0),
        ("cat <<X\nin\nX\n", "in\n", 0),
    ],
)
def test_lines_from_a_pipe(script: str, shown: str, status: int) -> None:
    lab, out = plain_lab(WorldSpec()), io.BytesIO()
    assert run_lines(lab, lab.names()[0], script.splitlines(keepends=True), out) == status
    assert out.getvalue().decode() == shown


def test_a_saved_lab_of_another_world_is_kept_aside(tmp_path: Path) -> None:
    progress = Progress(tmp_path)
    lab = Lab(WorldSpec(), Header(world="one"))
    lab.type(lab.names()[0], b"touch x\r")
    lab.run(1)
    progress.writer("world/w", lab.journal).close()
    assert resume(progress, "world/w", WorldSpec(), Header(world="one"))[1] == "resumed"
    assert resume(progress, "world/w", WorldSpec(), Header(world="two"))[1] == "not_resumed"
    assert resume(progress, "world/w", WorldSpec(), Header(world="two"))[1] == ""
    assert len(list((tmp_path / "journals").iterdir())) == 1


def test_the_command() -> None:
    result = CliRunner().invoke(main, ["shell", "--host", "nowhere"])
    assert result.exit_code == 2
    assert "no host 'nowhere'" in result.output
    result = CliRunner().invoke(main, ["shell"], input="uname\n")
    assert (result.output, result.exit_code) == ("Linux\n", 0)


def test_the_web_without_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "textual_serve.server", None)
    result = CliRunner().invoke(main, ["web"])
    assert result.exit_code == 2
    assert "pip install" in result.output
