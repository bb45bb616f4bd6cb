"""The benchmarks run and print a line for each figure; how fast this machine is does not matter here."""

from __future__ import annotations

import pytest

from tests.bench import events, messages
from tests.bench.figures import Figure, Options
from tests.bench.real_postfix import RealPostfix

TINY = Options(runs=1, messages=2, hosts=1, events=1000)


def test_messages_without_a_real_postfix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RealPostfix, "_missing", staticmethod(lambda: "(none here)"))
    ours, real, ratio = messages.measure(TINY)
    assert len(ours.values) == 1
    assert real.values == ratio.values == []
    assert "(none here)" in real.line()


def test_a_run_of_events_ends_at_its_number() -> None:
    assert events.run(1000) == 1000
    (figure,) = events.measure(TINY)
    assert figure.line().startswith("kernel events ")


def test_a_figure_knows_its_bar() -> None:
    assert Figure("start", "s", "<= 0.4", [0.3, 0.9, 0.2]).reached() is True
    assert Figure("ratio", "times", ">= 1", [0.5]).reached() is False
    assert "MISSED" in Figure("ratio", "times", ">= 1", [0.5]).line()
    assert Figure("events", "a second", "", [5.0]).reached() is None
