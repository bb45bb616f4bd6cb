"""The two traps: the only functions of the simulated world that suspend.

Everything that waits (a read on a pipe, a timer, an accept) is built from `sleep` and `park`. A trap is what a coroutine
yields to the kernel: an `int` asks to be resumed that many microseconds later, `None` asks to be parked until somebody
calls `Kernel.wake`.
"""

from collections.abc import Generator
from types import coroutine
from typing import Any


@coroutine
def sleep(microseconds: int) -> Generator[int, Any, None]:
    """Resume after this much virtual time (microseconds, 0 = after everybody who is ready now)."""
    yield microseconds


@coroutine
def park() -> Generator[None, Any, Any]:
    """Wait until `Kernel.wake(task, value)`; returns that value, or TIMEOUT when a deadline set by `Kernel.wake_at` came first."""
    value = yield None
    return value
