"""Checks run aside: a process of its own rebuilds the lab from its journal and asks, so that typing never waits."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from multiprocessing import get_context, resource_tracker
from threading import Thread
from typing import Protocol

from maillab.lessons.assessment import Assessment, assess
from maillab.lessons.journal import parse_journal
from maillab.lessons.lab import replay
from maillab.lessons.lesson import load_lesson

PARENT_EVERY = 1.0
"""Seconds between two looks at whether the parent lives."""
LIMIT = 60.0
"""Seconds that one question may take."""


@dataclass(frozen=True)
class Answer:
    """What the checks said; `problem` says why they could not (a fault of the lesson or of the lab), "" otherwise."""

    assessment: Assessment = field(default_factory=Assessment)
    problem: str = ""


class Checker(Protocol):
    """Who asks the checks."""

    async def ask(self, lesson: str, journal: str, now: int) -> Answer:
        """The checks of a lesson, asked of the lab of a journal (its text) at the microsecond `now`."""

    def close(self) -> None:
        """No more questions."""


def answer(lesson: str, journal: str, now: int) -> Answer:
    """Rebuild the lab and ask. Whatever goes wrong in there is told, never raised."""
    try:
        read = load_lesson(lesson)
        parsed, _ = parse_journal(journal.encode("ascii"), lesson)
        copy = replay(read.world(), parsed)
        copy.session.world.run_until(now)
        return Answer(assess(read, copy))
    except Exception as error:
        return Answer(problem=f"{type(error).__name__}: {error}")


class AsideChecker:
    """Asks in one child process, started with the first question and again when it died."""

    def __init__(self) -> None:
        resource_tracker.ensure_running()  # it wants the true standard error, which the screens will replace
        self._pool: ProcessPoolExecutor | None = None

    async def ask(self, lesson: str, journal: str, now: int) -> Answer:
        """See `Checker`."""
        try:
            return await asyncio.wait_for(asyncio.wrap_future(self._submit(lesson, journal, now)), LIMIT)
        except (BrokenProcessPool, TimeoutError, OSError) as error:
            self.close()
            return Answer(problem=str(error) or f"no answer in {LIMIT:.0f} s")

    def _submit(self, lesson: str, journal: str, now: int) -> Future[Answer]:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(1, get_context("spawn"), _settle_in, (os.getpid(),))
        return self._pool.submit(answer, lesson, journal, now)

    def close(self) -> None:
        """End the child, without waiting for an answer."""
        if self._pool is not None:
            children = list((self._pool._processes or {}).values())
            self._pool.shutdown(wait=False, cancel_futures=True)
            for child in children:
                child.terminate()
            self._pool = None


def _settle_in(parent: int) -> None:
    """The child leaves the keyboard and the screen alone, lets the screens go first, and ends with them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    null = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    if hasattr(os, "nice"):
        os.nice(5)
    Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    """Watch for the death of the parent, which cannot tell when it is killed."""
    while os.getppid() == parent:
        time.sleep(PARENT_EVERY)
    os._exit(0)
