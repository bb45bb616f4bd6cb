"""The kernel: a first-in first-out ready line, a heap of (microsecond, order, ...), and two traps.

It knows no host and no mail. The clock moves only when nobody is ready, then jumps to the next deadline, so a run is
fast when nothing happens and the same to the byte every time.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Coroutine
from heapq import heapify, heappop, heappush
from typing import Any, Final


class _Timeout:
    def __repr__(self) -> str:
        return "TIMEOUT"


TIMEOUT: Final = _Timeout()
"""What `traps.park` returns when the deadline came before a wake-up."""


class Interruption(BaseException):
    """Raised from outside of the simulated world (a time limit, say): goes through every task to whoever runs the kernel."""


class Stuck(Exception):
    """Too many steps without the clock moving: something runs without ever waiting."""


class Task:
    """One coroutine under the kernel's care."""

    __slots__ = ("at_end", "coro", "exc", "frozen", "held", "name", "serial", "state", "value")

    def __init__(
        self, coro: Coroutine[Any, Any, Any], name: str, at_end: Callable[[Task, Any, BaseException | None], None]
    ):
        self.coro = coro
        self.name = name
        self.at_end = at_end
        self.serial = 0  # counts suspensions: a deadline of an earlier suspension is stale
        self.state = "ready"  # ready, parked, running or done
        self.frozen = False  # stopped by a signal: wake-ups are held back
        self.held = False  # a wake-up came while frozen
        self.value: Any = None
        self.exc: BaseException | None = None

    def __del__(self) -> None:
        """A world was dropped with this task still in the ready line: its coroutine was never awaited, and need not be."""
        if self.serial == 0 and self.state == "ready":
            self.coro.close()


class Kernel:
    """Runs tasks in virtual time. `now` is in integer microseconds since the world began."""

    STEPS_WITHOUT_PROGRESS = 2_000_000

    def __init__(self) -> None:
        self.now = 0
        self.steps = 0
        self.current: Task | None = None
        self._ready: deque[Task] = deque()
        self._heap: list[tuple[int, int, Task, int]] = []
        self._order = 0
        self._heap_limit = 4096

    def start(
        self, coro: Coroutine[Any, Any, Any], name: str, at_end: Callable[[Task, Any, BaseException | None], None]
    ) -> Task:
        """Put a new coroutine at the end of the ready line; `at_end(task, result, exception)` is called when it ends."""
        task = Task(coro, name, at_end)
        self._ready.append(task)
        return task

    def wake(self, task: Task, value: Any = None) -> None:
        """End the park of a task; no effect on a task that is not parked."""
        if task.state == "parked":
            task.value = value
            task.state = "ready"
            task.serial += 1
            self._ready.append(task)

    def wake_at(self, when: int, task: Task) -> None:
        """Give the present (or coming) suspension of a task a deadline, at absolute microsecond `when`."""
        self._order += 1
        heappush(self._heap, (when, self._order, task, task.serial))

    def throw(self, task: Task, exc: BaseException) -> None:
        """Raise `exc` in a task at its trap, even when it is frozen or sleeping. The running task must raise by itself."""
        if task.state in ("done", "running"):
            return
        task.exc = exc
        task.frozen = False
        if task.state == "parked":
            self._make_ready(task)
        elif task.held:
            task.held = False
            self._ready.append(task)

    def freeze(self, task: Task) -> None:
        """Hold back a task (SIGSTOP): it does not run until `thaw`."""
        task.frozen = True

    def thaw(self, task: Task) -> None:
        """Let a frozen task go on (SIGCONT)."""
        task.frozen = False
        if task.held:
            task.held = False
            self._ready.append(task)

    def _make_ready(self, task: Task) -> None:
        task.state = "ready"
        task.serial += 1
        self._ready.append(task)

    def run(self, until: int, stop: Callable[[], bool] | None = None, budget: int | None = None) -> bool:
        """Run until virtual time `until`, or until `stop()` holds at a moment when nobody is ready.

        Returns True when `stop` held. `budget` bounds the number of steps of this call; the clock then stays where it is.
        Raises Stuck when tasks keep running without the clock ever moving.
        """
        last, ready, step = self.steps, self._ready, self._step
        limit = self.steps + budget if budget is not None else None
        patience = self.STEPS_WITHOUT_PROGRESS
        while True:
            if ready:
                task = ready.popleft()
            elif stop is not None and stop():
                return True
            else:
                before = self.now
                due = self._advance(until)
                if due is None:
                    self.now = max(self.now, until)
                    return False
                task = due
                if self.now > before:
                    last = self.steps
            step(task)
            if self.steps - last > patience:
                raise Stuck(f"{self.steps - last} steps at microsecond {self.now}")
            if limit is not None and self.steps >= limit:
                return False

    def _advance(self, until: int) -> Task | None:
        """Jump to the next live deadline not after `until` and return its task, to run at once; None when there is none."""
        heap = self._heap
        while heap:
            when, _, task, serial = heap[0]
            if task.serial == serial and task.state == "parked":
                if when > until:
                    return None
                heappop(heap)
                if when > self.now:
                    self.now = when
                task.value = TIMEOUT
                task.state = "ready"
                task.serial += 1
                return task
            heappop(heap)
        return None

    def _step(self, task: Task) -> None:
        """Resume one task until its next trap."""
        if task.frozen:
            task.held = True
            return
        if task.state == "done":
            return
        self.steps += 1
        self.current = task
        task.state = "running"
        exc, task.exc = task.exc, None
        value, task.value = task.value, None
        try:
            trap = task.coro.send(value) if exc is None else task.coro.throw(exc)
        except StopIteration as end:
            self._end(task, end.value, None)
        except (Interruption, KeyboardInterrupt):
            raise
        except BaseException as death:
            self._end(task, None, death)
        else:
            task.state = "parked"
            if trap is not None:
                self._order += 1
                heappush(self._heap, (self.now + trap, self._order, task, task.serial))
                if len(self._heap) > self._heap_limit:
                    self._forget_stale()
        self.current = None

    def _forget_stale(self) -> None:
        """Drop deadlines of suspensions that are over, so that long timeouts do not pile up."""
        self._heap[:] = [entry for entry in self._heap if entry[2].serial == entry[3] and entry[2].state != "done"]
        heapify(self._heap)
        self._heap_limit = max(4096, 2 * len(self._heap))

    def _end(self, task: Task, value: Any, exc: BaseException | None) -> None:
        task.state = "done"
        task.serial += 1
        task.at_end(task, value, exc)
