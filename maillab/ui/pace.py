"""Virtual time at the wall's speed: a lab on a screen breathes like a machine, and can be fast-forwarded."""

from __future__ import annotations

import time

from maillab.lessons.lab import Lab
from maillab.sim.world import SECOND

SLICE = 0.02
"""Wall seconds that one `advance` may compute before the screen gets its turn."""
STEP = 0.05
"""Virtual seconds computed between two looks at the wall clock."""
LAG = 0.5
"""Wall seconds the lab may fall behind before it stops trying to catch up."""


class Pacer:
    """Keeps a lab's clock beside the wall's. `advance` is called many times a second."""

    def __init__(self, lab: Lab):
        self.lab = lab
        self._wall = time.monotonic()
        self._virtual = lab.now

    def advance(self) -> bool:
        """Let the lab catch up with the wall, for at most SLICE seconds of computing; whether it did."""
        started = time.monotonic()
        target = self._virtual + int((started - self._wall) * SECOND)
        while self.lab.now < target:
            self.lab.run(min(STEP, (target - self.lab.now) / SECOND))
            if time.monotonic() - started > SLICE:
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
        self._wall, self._virtual = time.monotonic(), self.lab.now
