"""Virtual time beside the wall's."""

from __future__ import annotations

from maillab.lessons.lab import Lab
from maillab.lessons.worldfile import WorldSpec
from maillab.sim.world import SECOND
from maillab.ui.pace import Pacer
from tests.ui.conftest import Clock


def paced() -> tuple[Lab, Clock, Pacer]:
    clock, lab = Clock(), Lab(WorldSpec())
    return lab, clock, Pacer(lab, clock)


def test_the_lab_follows_the_wall() -> None:
    lab, clock, pacer = paced()
    start = lab.now
    clock.now += 1.5
    assert pacer.advance()
    assert lab.now - start == 1.5 * SECOND


def test_nothing_moves_while_the_wall_stands_still() -> None:
    lab, _, pacer = paced()
    start = lab.now
    assert pacer.advance()
    assert lab.now == start


def test_fast_forward_does_not_count_twice() -> None:
    lab, clock, pacer = paced()
    start = lab.now
    pacer.fast_forward(60)
    clock.now += 1
    pacer.advance()
    assert lab.now - start == 61 * SECOND


def test_a_lab_that_cannot_keep_up_gives_the_screen_its_turn() -> None:
    lab, clock, pacer = paced()

    def hurrying() -> float:
        clock.now += 0.015
        return clock.now

    slow = Pacer(lab, hurrying)
    lab.type(lab.names()[0], b"while :; do :; done\r")
    clock.now += 100
    assert not slow.advance()
    assert not pacer.lab.session.world.bugs
