"""`maillab shell`: which lab, resumed from which journal, at which kind of terminal."""

from __future__ import annotations

import sys
from pathlib import Path

from maillab.lessons.errors import MaillabError
from maillab.lessons.journal import Header
from maillab.lessons.lesson import Lesson, load_lesson
from maillab.lessons.progress import Progress
from maillab.lessons.worldfile import WorldSpec, parse_world, read_world
from maillab.ui.checking import AsideChecker
from maillab.ui.line_mode import LineMode, plain_lab, run_interactive, run_lines
from maillab.ui.resuming import FREE, resume
from maillab.ui.words import say, system_language


def open_shell(lesson_name: str, world: Path | None, image: str, host: str, fast: bool) -> int:
    """Run line mode; the exit status. Raises MaillabError."""
    lesson = load_lesson(lesson_name) if lesson_name else None
    name, spec, header = _choose(lesson, world, image)
    if host and host not in spec.with_default_host().hosts:
        raise MaillabError(str(world or "world"), 0, f"no host {host!r}", f"use one of {', '.join(spec.with_default_host().hosts)}")
    front = f"{host}/0" if host else ""
    if not sys.stdin.isatty():
        lab = plain_lab(spec)
        sys.stdin.reconfigure(errors="surrogateescape")  # type: ignore[union-attr]
        return run_lines(lab, front or lab.names()[0], sys.stdin, sys.stdout.buffer)
    progress = Progress()
    language = progress.language or system_language()
    lab, word = resume(progress, name, spec, header)
    writer = progress.writer(name, lab.journal)
    lab.written = writer.add
    checker = AsideChecker() if lesson is not None else None
    try:
        if lesson is not None:
            _show_prose(lesson, language)
        if word:
            print(say(language, word))
        run_interactive(LineMode(lab, sys.stdout.buffer, language, lesson=lesson, checker=checker, front=front, fast=fast))
        lab.mark_time()
    finally:
        writer.close()
        if checker is not None:
            checker.close()
    print(say(language, "line_left", file=progress.journal_path(name)))
    return 0


def _choose(lesson: Lesson | None, world: Path | None, image: str) -> tuple[str, WorldSpec, Header]:
    """The name under which the lab is kept, what it is made of, the head of its journal."""
    if lesson is not None:
        return lesson.name, lesson.world(), Header(lesson=lesson.name)
    if world is not None:
        spec = read_world(world)
        return f"world/{world.stem}", spec, Header(world=world.read_text(encoding="utf-8"))
    if image:
        text = f'image = "{image}"\n'
        return f"image/{image}", parse_world(text, "--image"), Header(world=text)
    return "", FREE, Header()


def _show_prose(lesson: Lesson, language: str) -> None:
    from rich.console import Console
    from rich.markdown import Markdown

    text = lesson.texts[language]
    console = Console()
    console.print(Markdown(f"# {text.title}\n\n{text.prose}"))
    for sentence in text.checks.values():
        console.print(f"· {sentence}", highlight=False)
    console.print()
