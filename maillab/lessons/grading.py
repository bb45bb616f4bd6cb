"""Grading: each submission is a journal, re-executed and asked its lesson's checks, in processes of its own.

A wrong, truncated, binary, hostile or enormous journal costs one line of the report, never the run.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from maillab.lessons.assessment import Verdict, assess
from maillab.lessons.errors import MaillabError
from maillab.lessons.journal import SIZE_MAX, parse_journal
from maillab.lessons.lab import BudgetExceeded, replay
from maillab.lessons.lesson import Lesson, course_root, load_lesson
from maillab.sim.kernel.kernel import Interruption

STEPS = 30_000_000
SECONDS = 60.0
SETTLE = 3.0

GRADED, DAMAGED, OTHER, OVER = "graded", "damaged", "other-lesson", "over-budget"


@dataclass
class Result:
    """The line of one submission. `state` is graded, damaged, other-lesson or over-budget; `seconds` is the wall time it took."""

    file: str
    state: str = GRADED
    lesson: str = ""
    points: int = 0
    out_of: int = 0
    verdicts: list[Verdict] = field(default_factory=list)
    sentences: dict[str, str] = field(default_factory=dict)
    """check -> its sentence, and `check/reason` -> the reason's sentence, in the report's language."""
    why: str = ""
    minutes: float = 0.0
    seconds: float = 0.0

    def passed(self) -> bool:
        """Whether every check says yes."""
        return self.state == GRADED and self.points == self.out_of


class _TimeUp(Interruption):
    """The wall time of one submission is used up."""


def find_submissions(paths: list[Path]) -> list[Path]:
    """The files to grade: those named, and all files of the folders named (hidden ones aside), in order."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(p for p in path.rglob("*") if p.is_file() and not p.name.startswith("."))
        else:
            found.append(path)
    return found


def grade(
    paths: list[Path], lesson: str = "", jobs: int = 1, language: str = "en", backend: str = "loky", scheduler: str = "",
    steps: int = STEPS, seconds: float = SECONDS,
) -> list[Result]:  # fmt: skip
    """Grade submissions, in the order given. `jobs` processes at once (-1: as many as there are processors)."""
    root = str(course_root())
    tasks = [(str(path), lesson, root, language, steps, seconds) for path in paths]
    if backend == "dask":
        return _on_cluster(tasks, scheduler)
    if jobs == 1 or len(tasks) < 2:
        return [grade_one(*task) for task in tasks]
    from joblib import Parallel, delayed

    results: list[Result] = Parallel(n_jobs=jobs, backend="loky")(delayed(grade_one)(*task) for task in tasks)
    return results


def _on_cluster(tasks: list[tuple[str, str, str, str, int, float]], scheduler: str) -> list[Result]:
    try:
        from distributed import Client
    except ImportError:
        raise MaillabError("--backend dask", 0, "the package distributed is not installed", "install maillab[cluster]") from None
    from joblib import Parallel, delayed, parallel_config

    with Client(scheduler or None), parallel_config(backend="dask"):
        results: list[Result] = Parallel()(delayed(grade_one)(*task) for task in tasks)
    return results


def grade_one(file: str, wanted: str, root: str, language: str, steps: int, seconds: float) -> Result:
    """Grade one submission; every failure becomes a line."""
    result = Result(file)
    started = time.monotonic()
    try:
        with _wall_limit(seconds):
            _grade(result, wanted, root, language, steps)
    except _TimeUp:
        result.state, result.why = OVER, f"more than {seconds:.0f} s of computing"
    except BudgetExceeded as error:
        result.state, result.why = OVER, str(error)
    except (MemoryError, RecursionError) as error:
        result.state, result.why = OVER, type(error).__name__
    except MaillabError as error:
        result.state, result.why = DAMAGED, str(error)
    result.seconds = time.monotonic() - started
    return result


@contextmanager
def _wall_limit(seconds: float) -> Iterator[None]:
    """Raise _TimeUp after this much wall time (in a process's main thread; elsewhere the step budget alone holds)."""

    def up(number: int, frame: object) -> None:
        raise _TimeUp

    try:
        old = signal.signal(signal.SIGALRM, up)
    except ValueError:
        yield
        return
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)


def _grade(result: Result, wanted: str, root: str, language: str, steps: int) -> None:
    path = Path(result.file)
    try:
        if path.stat().st_size > SIZE_MAX:
            raise MaillabError(result.file, 0, f"larger than {SIZE_MAX >> 20} MiB", "hand in the journal that the lab wrote")
        data = path.read_bytes()
    except OSError as error:
        raise MaillabError(result.file, 0, error.strerror or str(error), "name a readable file") from None
    journal, damage = parse_journal(data, result.file)
    result.lesson = journal.header.lesson
    if damage is not None:
        raise damage
    if wanted and journal.header.lesson != wanted:
        result.state, result.why = OTHER, f"it is of lesson {journal.header.lesson or '(none)'}"
        return
    lesson = load_lesson(journal.header.lesson, Path(root))
    result.out_of = sum(lesson.points(check) for check in lesson.checks)
    lab = replay(lesson.world(), journal, steps)
    lab.run(SETTLE)
    for bug in lab.session.world.bugs:
        result.why = f"internal error of the lab in {bug.program}: {bug.error!r}"
    result.minutes = lab.now / 60e6
    assessment = assess(lesson, lab)
    result.verdicts = assessment.verdicts
    result.points = sum(lesson.points(verdict.check) for verdict in assessment.verdicts if verdict.ok)
    _explain(result, lesson, language)


def _explain(result: Result, lesson: Lesson, language: str) -> None:
    for verdict in result.verdicts:
        result.sentences[verdict.check] = lesson.sentence(language, "checks", verdict.check)
        if not verdict.ok:
            result.sentences[f"{verdict.check}/{verdict.reason}"] = lesson.sentence(language, "reasons", verdict.reason)
