"""The recordings of the real software: the score of each may only rise."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.recordings.ratchet import CONSOLES, best, name, score

BEST = best()


@pytest.mark.parametrize("path", CONSOLES, ids=name)
def test_no_recording_scores_less_than_before(path: Path) -> None:
    same, of, differ = score(path)
    assert same >= BEST[name(path)][0], f"{same} of {of} screens; these differ: " + "; ".join(differ)
