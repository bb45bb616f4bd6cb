"""How long the solutions of all lessons take to replay, and how long a host with Postfix takes to boot."""

from __future__ import annotations

from collections.abc import Iterator

from maillab.lessons.authoring import solution_journal
from maillab.lessons.lab import Lab, replay
from maillab.lessons.lesson import lesson_names, load_lesson
from maillab.lessons.session import Session
from maillab.lessons.worldfile import HostSpec, WorldSpec
from tests.bench.figures import Figure, Options, timed
from tests.bench.messages import BOOT


def measure(options: Options) -> Iterator[Figure]:
    """The bars: 2 seconds for all solutions, a quarter of a second for a boot with Postfix running."""
    labs = [solution_journal(load_lesson(name)) for name in lesson_names()]

    def all_solutions() -> list[Lab]:
        return [replay(lab.spec, lab.journal) for lab in labs]

    seconds = [timed(all_solutions) for _ in range(options.runs)]
    yield Figure(f"replay of {len(labs)} lesson solutions", "s", "<= 2", seconds)

    def boot() -> Session:
        return Session(WorldSpec(image="P1", hosts={"b": HostSpec("b.ploplo.fr", "192.0.2.2", terminals=0, boot=BOOT)}))

    boot()
    yield Figure("boot of a host with Postfix running", "s", "<= 0.25", [timed(boot) for _ in range(options.runs)])
