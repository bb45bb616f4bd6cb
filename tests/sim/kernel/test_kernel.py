"""The kernel: order, time, parking, death."""

from __future__ import annotations

from typing import Any

import pytest

from maillab.sim.kernel import traps
from maillab.sim.kernel.kernel import TIMEOUT, Kernel, Stuck, Task


class Ends:
    def __init__(self) -> None:
        self.values: list[tuple[str, Any, BaseException | None]] = []

    def __call__(self, task: Task, value: Any, exc: BaseException | None) -> None:
        self.values.append((task.name, value, exc))


def test_ready_tasks_run_first_come_first_served_and_the_clock_jumps() -> None:
    kernel, ends, seen = Kernel(), Ends(), []

    async def worker(name: str, pause: int) -> str:
        seen.append((name, kernel.now))
        await traps.sleep(pause)
        seen.append((name, kernel.now))
        return name

    for name, pause in (("a", 300), ("b", 100), ("c", 300)):
        kernel.start(worker(name, pause), name, ends)
    kernel.run(1_000)
    assert seen == [("a", 0), ("b", 0), ("c", 0), ("b", 100), ("a", 300), ("c", 300)]
    assert [value for _, value, _ in ends.values] == ["b", "a", "c"]
    assert kernel.now == 1_000


def test_park_ends_by_wake_or_by_deadline() -> None:
    kernel, got = Kernel(), []

    async def waiter() -> None:
        got.append(await traps.park())
        kernel.wake_at(kernel.now + 50, task)
        got.append(await traps.park())

    task = kernel.start(waiter(), "w", Ends())
    kernel.run(10)
    kernel.wake(task, "woken")
    kernel.run(200)
    assert got == ["woken", TIMEOUT]


def test_a_stale_deadline_wakes_nobody() -> None:
    kernel, got = Kernel(), []

    async def waiter() -> None:
        kernel.wake_at(100, task)
        got.append(await traps.park())
        got.append(await traps.park())

    task = kernel.start(waiter(), "w", Ends())
    kernel.run(10)
    kernel.wake(task, 1)
    kernel.run(500)
    assert got == [1]


def test_death_reaches_a_task_that_never_ran() -> None:
    kernel, ends = Kernel(), Ends()

    async def never() -> None:
        raise AssertionError("it ran")

    class Death(BaseException):
        pass

    task = kernel.start(never(), "n", ends)
    kernel.throw(task, Death())
    kernel.run(1)
    assert [type(exc) for _, _, exc in ends.values] == [Death]


def test_a_frozen_task_keeps_its_wakeup() -> None:
    kernel, got = Kernel(), []

    async def sleeper() -> None:
        await traps.sleep(10)
        got.append(kernel.now)

    task = kernel.start(sleeper(), "s", Ends())
    kernel.run(5)
    kernel.freeze(task)
    kernel.run(100)
    assert got == []
    kernel.thaw(task)
    kernel.run(200)
    assert got == [100]


def test_a_loop_that_never_lets_time_pass_is_noticed() -> None:
    kernel = Kernel()
    kernel.STEPS_WITHOUT_PROGRESS = 1000  # type: ignore[misc]

    async def spinner() -> None:
        while True:
            await traps.sleep(0)

    async def other() -> None:
        while True:
            kernel.wake(parked)
            await traps.sleep(0)

    async def waits() -> None:
        while True:
            await traps.park()

    parked = kernel.start(waits(), "p", Ends())
    kernel.start(spinner(), "s", Ends())
    kernel.start(other(), "o", Ends())
    with pytest.raises(Stuck):
        kernel.run(10)


def test_run_stops_at_a_condition_and_at_a_budget() -> None:
    kernel, count = Kernel(), [0]

    async def counter() -> None:
        while True:
            await traps.sleep(10)
            count[0] += 1

    kernel.start(counter(), "c", Ends())
    assert kernel.run(10_000, stop=lambda: count[0] == 5)
    assert kernel.now == 50
    assert not kernel.run(10_000, budget=3)
    assert count[0] == 8
