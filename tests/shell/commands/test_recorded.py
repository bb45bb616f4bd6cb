"""The text tools against what the real ones of Debian 12 printed.

The .spec files beside this one are recorded by tests/shell/record_specs.py (their format: tests/shell/spec/README.md). In
`.unordered.spec` files the order of names in a directory shows, which is not the same on all disks: their words are compared in any order.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.shell.spec_format import read
from tests.shell.test_spec import Result, run_cases

FOLDER = Path(__file__).parent


def comparable(result: Result, *, ordered: bool) -> tuple[object, ...]:
    """What two results must have in common."""
    stdout, stderr, status = result
    return (stdout, stderr, status) if ordered else (sorted(stdout.split()), sorted(stderr.split()), status)


@pytest.mark.parametrize("name", sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.spec")))
def test_recorded(name: str) -> None:
    cases = read(FOLDER / name)
    ordered = not name.endswith(".unordered.spec")
    wrong = []
    for case, (stdout, stderr, status) in zip(cases, run_cases(cases), strict=True):
        expected = (case.stdout, case.stderr, case.status)
        if comparable((stdout, stderr, status), ordered=ordered) != comparable(expected, ordered=ordered):
            shown = f"expected {case.status}:\n{case.stdout}{case.stderr}got {status}:\n{stdout}{stderr}"
            wrong.append(f"#### {case.title}\n{case.script}{shown}")
    assert not wrong, "\n".join(wrong)
