"""Reports of a grading: table, json, junit, csv, gradescope."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from maillab.lessons.assessment import Verdict
from maillab.lessons.grading import GRADED, Result


def _reason(result: Result, verdict: Verdict) -> str:
    return result.sentences.get(f"{verdict.check}/{verdict.reason}", verdict.reason)


def _no(result: Result) -> list[str]:
    """A line for each thing that cost points."""
    if result.state != GRADED:
        return [result.why]
    return [f"{v.check}: {_reason(result, v)}" for v in result.verdicts if not v.ok]


def table(results: list[Result]) -> str:
    """For the eye, then a line of totals."""
    from rich.console import Console
    from rich.table import Table

    grid = Table(box=None, pad_edge=False)
    for title in ("submission", "lesson", "state", "points", "minutes", "reasons"):
        grid.add_column(title, justify="right" if title in ("points", "minutes") else "left", overflow="fold")
    for result in results:
        points = f"{result.points}/{result.out_of}" if result.state == GRADED else "-"
        row = (Path(result.file).name, result.lesson, result.state, points, f"{result.minutes:.1f}", "\n".join(_no(result)))
        grid.add_row(*(text.encode("utf-8", "replace").decode() for text in row))
    out = io.StringIO()
    Console(file=out, width=140, highlight=False, markup=False, emoji=False).print(grid)
    states: dict[str, int] = {}
    for result in results:
        states[result.state] = states.get(result.state, 0) + 1
    passed = sum(result.passed() for result in results)
    summary = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + f"\n{len(results)} submissions: {passed} passed; {summary}\n"


def as_json(results: list[Result]) -> str:
    """Everything, as a JSON array."""
    return json.dumps([asdict(result) for result in results], indent=1, ensure_ascii=False) + "\n"


def as_csv(results: list[Result]) -> str:
    """One row a submission."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["submission", "lesson", "state", "points", "out_of", "minutes", "seconds", "reasons"])
    for r in results:
        writer.writerow([r.file, r.lesson, r.state, r.points, r.out_of, f"{r.minutes:.2f}", f"{r.seconds:.2f}", "; ".join(_no(r))])
    return out.getvalue()


def junit(results: list[Result]) -> str:
    """A test suite a submission, a test case a check; what could not be graded is an error."""
    suites = []
    for r in results:
        cases = []
        for v in r.verdicts:
            body = "" if v.ok else f"<failure message={quoteattr(_reason(r, v))}>{escape(_clean(chr(10).join(v.evidence)))}</failure>"
            cases.append(f"<testcase classname={quoteattr(r.lesson)} name={quoteattr(v.check)}>{body}</testcase>")
        if r.state != GRADED:
            cases.append(f"<testcase name={quoteattr(r.state)}><error message={quoteattr(_clean(r.why))}/></testcase>")
        failures = sum(not v.ok for v in r.verdicts)
        errors = int(r.state != GRADED)
        counts = f"tests=\"{len(cases)}\" failures=\"{failures}\" errors=\"{errors}\" time=\"{r.seconds:.3f}\""
        head = f"name={quoteattr(_clean(r.file))} {counts}"
        suites.append(f"<testsuite {head}>{''.join(cases)}</testsuite>\n")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n{"".join(suites)}</testsuites>\n'


def _clean(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return "".join(char if char in "\t\n" or (char >= " " and not "\ud800" <= char <= "\udfff") else "?" for char in text)


def gradescope(results: list[Result]) -> str:
    """The results.json of Gradescope's autograder, for the one submission graded (the last when there are several)."""
    r = results[-1]
    tests = [
        {
            "name": r.sentences.get(v.check, v.check),
            "status": "passed" if v.ok else "failed",
            "output": "" if v.ok else "\n".join([_reason(r, v), *v.evidence]),
        }
        for v in r.verdicts
    ]
    head = {"score": r.points, "execution_time": round(r.seconds, 2), "output": r.why if r.state != GRADED else ""}
    return json.dumps({**head, "tests": tests}, indent=1, ensure_ascii=False) + "\n"


def reasons(result: Result) -> str:
    """One submission, check by check, with the evidence."""
    if result.state != GRADED:
        return f"{result.file}: {result.state}: {result.why}\n"
    lines = [f"{result.file}: {result.lesson}: {result.points}/{result.out_of} points"]
    for v in result.verdicts:
        lines.append(f"  [{'x' if v.ok else ' '}] {result.sentences.get(v.check, v.check)}")
        if not v.ok:
            lines.append(f"      {_reason(result, v)}")
            lines += [f"      | {line}" for line in v.evidence]
    return "\n".join(lines) + "\n"


FORMATS: dict[str, Callable[[list[Result]], str]] = {
    "table": table, "json": as_json, "junit": junit, "csv": as_csv, "gradescope": gradescope,
}  # fmt: skip
