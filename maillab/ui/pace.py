"""Virtual time at the wall's speed: a lab on a screen breathes like a machine, and can be fast-forwarded."""

from __future__ import annotations

import time
from collections.abc import Callable

from maillab.lessons.lab import Lab
from maillab.sim.world import SECOND

SLICE = 0.02
"""Wall seconds that one `advance` may compute before the screen gets its turn."""
STEPS = 500
"""Kernel steps computed between two looks at the wall clock."""
LAG = 0.5
"""Wall seconds the lab may fall behind before it stops trying to catch up."""


class Pacer:
    """Keeps a lab's clock beside the wall's (`clock`: seconds). `advance` is called many times a second."""

    def __init__(self, lab: Lab, clock: Callable[[], float] = time.monotonic):
        self.lab = lab
        self._clock = clock
        self._wall = clock()
        self._virtual = lab.now

    def advance(self) -> bool:
        """Let the lab catch up with the wall, for at most SLICE seconds of computing; whether it did."""
        started = self._clock()
        target = self._virtual + int((started - self._wall) * SECOND)
        world = self.lab.session.world
        while self.lab.now < target:
            bugs = len(world.bugs)
            world.run_until(target, budget=STEPS)
            if len(world.bugs) > bugs or self._clock() - started > SLICE:
                break
        caught_up = self.lab.now >= target
        if target - self.lab.now > LAG * SECOND:
            self._anchor()
        return caught_up

    def fast_forward(self, seconds: float) -> None:
        """Let virtual seconds pass at once."""
        self.lab.run(seconds)
        self._anchor()

    def _anchor(self) -> None:
        self._wall, self._virtual = self._clock(), self.lab.now
