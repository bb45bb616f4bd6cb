"""The network programs against what the real ones printed (`network/*.console`)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from maillab.lessons.recording import read_recording, replay

CONSOLES = sorted((Path(__file__).parent / "network").glob("*.console"))
MASKS = ((r"id: \d+", "id: N"), (r"(time:|in) \d+ ms", r"\1 N ms"), (r"WHEN: .*", "WHEN"))


def masked(text: str) -> list[str]:
    """The lines of a screen without what differs between two runs of the real programs."""
    for pattern, replacement in MASKS:
        text = re.sub(pattern, replacement, text)
    return [line.rstrip() for line in text.rstrip("\n").split("\n")]


@pytest.mark.parametrize("path", CONSOLES, ids=lambda path: path.stem)
def test_screens(path: Path) -> None:
    different = []
    for step, actual in replay(read_recording(path)):
        if step.note != "unstable" and masked(actual) != masked("\n".join(step.expected)):
            different.append(f"{step.text}\n  expected: {step.expected}\n  actual:   {actual.splitlines()}")
    assert not different, "\n".join(different)
