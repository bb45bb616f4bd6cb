"""Grading: points and reasons, and submissions that cost one line each."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from maillab.lessons.authoring import solution_journal
from maillab.lessons.grading import DAMAGED, GRADED, OTHER, OVER, Result, find_submissions, grade
from maillab.lessons.journal import Entry, Header, Journal
from maillab.lessons.lab import Lab
from maillab.lessons.lesson import load_lesson
from maillab.lessons.reports import FORMATS, reasons

NAME = "10-names/10-hostname"


@pytest.fixture
def folder(course: Path, tmp_path: Path) -> Path:
    lesson = load_lesson(NAME, course)
    good = solution_journal(lesson)
    lazy = Lab(lesson.world(), Header(lesson=NAME))
    lazy.type("mail/0", b"hostname relai\r")
    lazy.run(1)
    endless = Journal(lazy.journal.header, [Entry(1, "mail/0", "type", "while :; do :; done\r"), Entry(10**12, "mail/0", "type", "x")])
    astray = Journal(lazy.journal.header, [Entry(1, "nowhere/0", "type", "x")])
    text = good.journal.text().encode()
    out = tmp_path / "handed-in"
    out.mkdir()
    files = {
        "a-good": text, "b-lazy": lazy.journal.text().encode(), "c-cut": text[:-5], "d-binary": bytes(range(256)) * 10, "e-empty": b"",
        "f-other": Journal(Header(lesson="99-other/10-lesson")).text().encode(), "g-endless": endless.text().encode(),
        "h-astray": astray.text().encode(),
    }  # fmt: skip
    for name, data in files.items():
        (out / f"{name}.journal").write_bytes(data)
    return out


def graded(folder: Path, jobs: int = 1) -> list[Result]:
    return grade(find_submissions([folder]), NAME, jobs, steps=100_000)


def test_each_submission_gets_its_line(folder: Path) -> None:
    results = graded(folder)
    assert [r.state for r in results] == [GRADED, GRADED, DAMAGED, DAMAGED, DAMAGED, OTHER, OVER, DAMAGED]
    assert (results[0].points, results[0].out_of) == (1, 1)
    assert (results[1].points, results[1].verdicts[0].reason, results[1].verdicts[0].evidence) == (0, "other-name", ("relai",))


def test_several_processes_say_the_same(folder: Path) -> None:
    alone, together = graded(folder), graded(folder, jobs=2)
    assert [(r.file, r.state, r.points) for r in alone] == [(r.file, r.state, r.points) for r in together]


def test_every_format_holds_every_submission(folder: Path) -> None:
    results = graded(folder)
    assert [r["state"] for r in json.loads(FORMATS["json"](results))] == [r.state for r in results]
    rows = list(csv.DictReader(io.StringIO(FORMATS["csv"](results))))
    assert [row["points"] for row in rows[:2]] == ["1", "0"]
    suites = ET.fromstring(FORMATS["junit"](results))
    assert len(suites) == 8
    assert [len(suite.findall(".//failure")) for suite in suites[:2]] == [0, 1]
    table = FORMATS["table"](results)
    assert "8 submissions: 1 passed; 4 damaged, 2 graded, 1 other-lesson, 1 over-budget" in table
    assert json.loads(FORMATS["gradescope"](results[:1]))["score"] == 1
    assert "relai" in reasons(results[1])


def test_a_missing_file_is_a_line_too(course: Path) -> None:
    assert grade([course / "none.journal"])[0].state == DAMAGED


def test_the_wall_clock_bounds_a_submission(folder: Path) -> None:
    result = grade([folder / "g-endless.journal"], NAME, seconds=0.5)[0]
    assert result.state == OVER and "computing" in result.why
