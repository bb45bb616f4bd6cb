"""Same inputs, same run, to the byte: whatever order the interpreter gives its sets and hashes, and from the journal too."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from maillab.lessons.lab import Lab, replay
from tests.story.determinism_story import summary, tell, world

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def told() -> Lab:
    return tell()


def told_with_hash_seed(seed: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    command = [sys.executable, "-m", "tests.story.determinism_story"]
    return subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout.strip()


def test_the_story_happened(told: Lab) -> None:
    shown = {name: bytes(told.terminal(name).output).decode() for name in told.names()}
    assert "times nologin" in shown["b/0"]
    assert "30 100" in shown["a/1"]
    assert "Mail queue is empty" in shown["a/0"]
    log = told.session.world.hosts["a"].kernel_process.slurp("/var/log/mail.log").decode()
    assert log.count("status=sent (250") == 6
    assert "status=deferred (deferred transport)" in log
    assert "status=expired" in log


def test_a_long_story_is_the_same_in_every_interpreter(told: Lab) -> None:
    here = summary(told)
    assert here.endswith("[]"), here
    assert told_with_hash_seed("1") == here
    assert told_with_hash_seed("4242") == here


def test_its_journal_rebuilds_it(told: Lab) -> None:
    copy = replay(world(), told.journal)
    copy.session.world.run_until(told.now)
    assert copy.session.world.digest() == told.session.world.digest()
