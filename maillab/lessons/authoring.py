"""Proving a lesson: the untouched world fails every check, the solution passes all, no shorter solution does, each near miss
fails with its own reason, hints fire where they should, and both languages are complete."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from maillab.lessons.assessment import Assessment, assess
from maillab.lessons.errors import MaillabError
from maillab.lessons.journal import Header
from maillab.lessons.lab import Lab
from maillab.lessons.lesson import LANGUAGES, Lesson, chapter_title, course_root, load_lesson, shared_reasons
from maillab.lessons.recording import Recording, Step, parse_recording, play

FINAL_WAIT = 3.0
PROBE_REASONS = ("not-accepted", "not-delivered")


def prove(name: str, root: Path | None = None) -> list[str]:
    """Everything that is wrong with a lesson, a sentence each; [] when it proves itself."""
    root = root or course_root()
    try:
        lesson = load_lesson(name, root)
        chapter_title(lesson.chapter, "fr", root)
        return [f"{name}: {problem}" for problem in _problems(lesson)]
    except MaillabError as error:
        return [str(error)]


def prove_all(names: list[str], jobs: int = 1, root: Path | None = None) -> Iterator[tuple[str, list[str]]]:
    """Prove lessons, several processes at once when asked; yields (name, problems) in order."""
    root = root or course_root()
    if jobs == 1:
        for name in names:
            yield name, prove(name, root)
        return
    from joblib import Parallel, delayed

    yield from zip(names, Parallel(n_jobs=jobs)(delayed(prove)(name, root) for name in names), strict=True)


def lay_out(name: str, root: Path | None = None) -> list[Path]:
    """Make the folder of a new lesson, with every file it needs. Raises MaillabError when it exists or the name is odd."""
    if not re.fullmatch(r"[0-9]{2}-[a-z0-9-]+/[0-9]{2}-[a-z0-9-]+", name):
        raise MaillabError(name, 0, "a lesson's name is NN-chapter/NN-slug", "for example 40-aliases/50-loops")
    folder = (root or course_root()) / name
    if folder.exists():
        raise MaillabError(str(folder), 0, "the lesson exists already", "choose another name")
    made = []
    for file, text in _SKELETON.items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        made.append(path)
    chapter = folder.parent / "chapter.toml"
    if not chapter.exists():
        chapter.write_text('[title]\nfr = "..."\nen = "..."\n', encoding="utf-8")
        made.append(chapter)
    return made


_TEXT = """# {title}

{prose}

## Checks

- `host-named`: {check}

## Reasons

- `other-name`: {reason}
"""
_SKELETON = {
    "lesson.toml": 'minutes = 10\n\n[world]\nrelease = "bookworm"\npackages = ["postfix"]\n\n'
    '[world.hosts.mail]\nfqdn = "mail.ploplo.fr"\n',
    "fr.md": _TEXT.format(title="Titre", prose="Prose.", check="La machine s'appelle relais", reason="Elle a un autre nom"),
    "en.md": _TEXT.format(title="Title", prose="Prose.", check="The host is called relais", reason="It has another name"),
    "checks.py": "from maillab.lessons.check import Fail, check\n\n\n@check\ndef host_named(lab):\n    name = lab.run(\"hostname\").out.strip()\n"
    '    if name != "relais":\n        raise Fail("other-name", name)\n',
    "solution.console": "$ hostname relais\n",
    "wrong/forgotten.console": "# fails: host-named other-name\n$ hostname autre\n",
}


def _problems(lesson: Lesson) -> Iterator[str]:
    if not lesson.checks:
        yield "checks.py has no @check function"
        return
    yield from _language_problems(lesson)
    yield from _start_problems(lesson)
    yield from _solution_problems(lesson)
    fired: dict[str, None] = {}
    for path in sorted((lesson.folder / "wrong").glob("*.console")):
        yield from _wrong_problems(lesson, path, fired)
    for hint in lesson.hints:
        if hint not in fired:
            yield f"no wrong/*.console shows the state of hint {hint!r} (add a line `# hint: {hint}`)"


# --- languages ------------------------------------------------------------------------------------------------------


def _language_problems(lesson: Lesson) -> Iterator[str]:
    for language in LANGUAGES:
        text = lesson.texts[language]
        file = f"{language}.md"
        if not text.title or not text.prose:
            yield f"{file} has no title or no prose"
        for check in lesson.checks:
            if not text.checks.get(check):
                yield f"{file} has no sentence for check {check!r}"
        shared = shared_reasons(str(lesson.folder.parent.parent), language)
        for reason in (*lesson.raised, *PROBE_REASONS):
            if not text.reasons.get(reason) and not shared.get(reason):
                yield f"{file} has no sentence for reason {reason!r}"
        for hint in lesson.hints:
            if not text.hints.get(hint):
                yield f"{file} has no sentence for hint {hint!r}"
        for kind, known in (("checks", lesson.checks), ("reasons", dict.fromkeys(lesson.raised)), ("hints", lesson.hints)):
            for extra in getattr(text, kind):
                if extra not in known and extra not in PROBE_REASONS:
                    yield f"{file} has a sentence in {kind} for {extra!r}, which checks.py does not have"
    if lesson.texts["fr"].headings != lesson.texts["en"].headings:
        yield "fr.md and en.md have different headings"


# --- worlds ---------------------------------------------------------------------------------------------------------


def _assess(lesson: Lesson, lab: Lab, stop_at_no: bool = False) -> Assessment:
    return assess(lesson, lab.replica(), stop_at_no)


def _start_problems(lesson: Lesson) -> Iterator[str]:
    lab = Lab(lesson.world())
    for bug in lab.session.world.bugs:
        yield f"the starting world breaks in {bug.program}: {bug.error!r}"
    for verdict in _assess(lesson, lab).verdicts:
        if verdict.ok:
            yield f"check {verdict.check!r} already says yes in the untouched world"


def _read(path: Path, lesson: Lesson) -> tuple[str, Recording]:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError:
        raise MaillabError(str(path), 0, "the file is missing", "write the lines that root types") from None
    recording = parse_recording(text, str(path), lesson.world())
    if not recording.steps:
        raise MaillabError(str(path), 0, "nothing is typed in it", "write `$ command` lines")
    return text, recording


def _play(lesson: Lesson, steps: list[Step], lab: Lab) -> None:
    for step in steps:
        play(lab, step)


def _solution_problems(lesson: Lesson) -> Iterator[str]:
    _, recording = _read(lesson.folder / "solution.console", lesson)
    lab = Lab(lesson.world())
    for count, step in enumerate(recording.steps):
        if count and _assess(lesson, lab, stop_at_no=True).passed():
            yield f"the solution passes already before its line {step.line} ({step.text})"
            return
        play(lab, step)
    lab.run(FINAL_WAIT)
    for verdict in _assess(lesson, lab).verdicts:
        if not verdict.ok:
            yield f"the solution fails check {verdict.check!r}: {verdict.reason} {' | '.join(verdict.evidence)}"
    for bug in lab.session.world.bugs:
        yield f"the solution breaks {bug.program}: {bug.error!r}"


def _wrong_problems(lesson: Lesson, path: Path, fired: dict[str, None]) -> Iterator[str]:
    text, recording = _read(path, lesson)
    lab = Lab(lesson.world())
    _play(lesson, recording.steps, lab)
    lab.run(FINAL_WAIT)
    result = _assess(lesson, lab)
    wanted = re.search(r"^# fails: (\S+) (\S+)$", text, re.M)
    if wanted is None:
        yield f"wrong/{path.name} does not say what fails (add a line `# fails: CHECK REASON`)"
    else:
        verdict = result.verdict(wanted[1])
        if verdict is None or verdict.ok or verdict.reason != wanted[2]:
            got = "says yes" if verdict and verdict.ok else f"says {verdict.reason if verdict else 'nothing'}"
            yield f"wrong/{path.name}: check {wanted[1]!r} {got}, not {wanted[2]!r}"
    hint = re.search(r"^# hint: (\S+)$", text, re.M)
    if hint is not None:
        fired[hint[1]] = None
        if hint[1] not in result.hints:
            yield f"wrong/{path.name}: hint {hint[1]!r} does not fire"


def solution_journal(lesson: Lesson) -> Lab:
    """The lab after the lesson's solution was typed (its journal is a perfect submission)."""
    _, recording = _read(lesson.folder / "solution.console", lesson)
    lab = Lab(lesson.world(), Header(lesson=lesson.name))
    _play(lesson, recording.steps, lab)
    lab.run(FINAL_WAIT)
    lab.mark_time()
    return lab
