"""Kernel events a second: sleeping and waking tasks, without any host."""

from __future__ import annotations

from collections.abc import Iterator

from maillab.sim.kernel import traps
from maillab.sim.kernel.kernel import Kernel, Task
from tests.bench.figures import Figure, Options, timed

TASKS = 50


def run(events: int) -> int:
    """Half of the tasks sleep; each then wakes one of the other half, which parks. Returns the number of steps."""
    kernel = Kernel()

    def ended(task: Task, value: object, error: BaseException | None) -> None:
        if error is not None:
            raise error

    async def parked() -> None:
        while True:
            await traps.park()

    async def sleeping(other: Task, delay: int) -> None:
        while True:
            await traps.sleep(delay)
            kernel.wake(other)

    for n in range(TASKS // 2):
        kernel.start(sleeping(kernel.start(parked(), "parked", ended), n % 7 + 1), "sleeping", ended)
    kernel.run(1 << 60, budget=events)
    return kernel.steps


def measure(options: Options) -> Iterator[Figure]:
    """There is no bar: the figure explains the others."""
    values = [options.events / timed(lambda: run(options.events)) for _ in range(options.runs)]
    yield Figure("kernel events", "a second", "", values)
