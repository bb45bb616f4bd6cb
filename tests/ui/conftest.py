"""A small course, a clock that tests move, and checks that run in place."""

from __future__ import annotations

import asyncio
import inspect
from dataclasses import dataclass
from pathlib import Path

import pytest

from maillab.lessons.progress import Progress
from maillab.ui.app import MaillabApp
from maillab.ui.checking import Answer, answer
from maillab.ui.screens.lesson import LessonScreen

FIGURE = "```\n┌──────┐\n│ mail │\n└──────┘\n```\n"
PROSE = {
    "en": f"# A name\n\nA host has a **name**, shown by `hostname`.\n\n{FIGURE}\n## Your turn\n\n1. Call it relais.\n",
    "fr": f"# Un nom\n\nUne machine a un **nom**, que montre `hostname`.\n\n{FIGURE}\n## À vous\n\n1. Appelez-la relais.\n",
}
SECTIONS = {
    "en": "\n## Checks\n\n- `named`: The name is relais\n\n## Reasons\n\n- `other-name`: It has another name.\n\n## Hints\n\n- `typo`: One letter.\n",
    "fr": "\n## Checks\n\n- `named`: Le nom est relais\n\n## Reasons\n\n- `other-name`: Un autre nom.\n\n## Hints\n\n- `typo`: Une lettre.\n",
}
CHECKS = """from maillab.lessons.check import Fail, check, hint


@check
def named(lab):
    name = lab.run("hostname").out.strip()
    if name == "crash":
        raise RuntimeError("boom [bold]")
    if name != "relais":
        raise Fail("other-name", name)


@hint
def typo(lab):
    return lab.run("hostname").out.strip() == "relai"
"""
ONE = '[world.hosts.mail]\nfqdn = "mail.ploplo.fr"\n'
TWO = ONE + 'ip = "192.0.2.10"\n[world.hosts.relay]\nfqdn = "relay.ploplo.fr"\nip = "192.0.2.11"\n'
FIRST, SECOND, BROKEN = "10-names/10-one", "10-names/20-two", "10-names/30-broken"


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """A test may be a coroutine."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    names = inspect.signature(pyfuncitem.obj).parameters
    asyncio.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names}))
    return True


class Clock:
    """A wall clock that stands still unless told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class InPlace:
    """Asks the checks in this process."""

    def __init__(self) -> None:
        self.asked = 0

    async def ask(self, lesson: str, journal: str, now: int) -> Answer:
        self.asked += 1
        return answer(lesson, journal, now)

    def close(self) -> None:
        pass


@dataclass
class Stage:
    """An app under test."""

    app: MaillabApp
    clock: Clock
    checker: InPlace

    @property
    def screen(self) -> LessonScreen:
        screen = self.app.screen
        assert isinstance(screen, LessonScreen)
        return screen

    def wait(self, seconds: float) -> None:
        """Let wall time pass, frame by frame."""
        for _ in range(max(1, int(seconds / 0.25))):
            self.clock.now += 0.25
            self.screen.frame()

    def shown(self, terminal: int = 0) -> str:
        """The text of a terminal on the screen."""
        return "\n".join(self.screen.views[terminal].emulator.text()).rstrip()


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "lessons"
    for name, world in ((FIRST, ONE), (SECOND, TWO), (BROKEN, ONE)):
        folder = root / name
        folder.mkdir(parents=True)
        (folder / "lesson.toml").write_text('[world]\nrelease = "bookworm"\n' + world)
        for language in ("en", "fr"):
            (folder / f"{language}.md").write_text(PROSE[language] + SECTIONS[language], encoding="utf-8")
        (folder / "checks.py").write_text(CHECKS if name != BROKEN else "def (")
    (root / "10-names" / "chapter.toml").write_text('[title]\nfr = "Les noms"\nen = "Names"\n')
    monkeypatch.setenv("MAILLAB_LESSONS", str(root))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    return root


@pytest.fixture
def stage(course: Path, tmp_path: Path) -> Stage:
    clock, checker = Clock(), InPlace()
    return Stage(MaillabApp(Progress(tmp_path / "home"), clock=clock, checker=checker), clock, checker)
