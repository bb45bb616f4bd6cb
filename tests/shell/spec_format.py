"""The format of tests/shell/spec/*.spec (README.md there)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass
class Case:
    """One script with what it must print."""

    title: str
    script: str
    stdout: str = ""
    stderr: str = ""
    status: int = 0

    @property
    def shell(self) -> str:
        """bash or dash."""
        return "dash" if self.title.endswith("[dash]") else "bash"


def read(path: Path) -> list[Case]:
    """The cases of a file."""
    cases: list[Case] = []
    part = "script"
    for line in path.read_text(encoding="utf-8", errors="surrogateescape").split("\n"):
        if line.startswith("#### "):
            cases.append(Case(line[5:], ""))
            part = "script"
        elif line in ("---- stdout", "---- stderr"):
            part = line[5:]
        elif line.startswith("---- status "):
            cases[-1].status = int(line[12:])
            part = ""
        elif cases and part:
            setattr(cases[-1], part, getattr(cases[-1], part) + line + "\n")
    return cases


def write(path: Path, cases: list[Case]) -> None:
    """The file of these cases (each output is brought to end in a newline)."""
    out = []
    for case in cases:
        out.append(f"#### {case.title}\n{case.script}")
        if case.stdout:
            out.append(f"---- stdout\n{case.stdout}")
        if case.stderr:
            out.append(f"---- stderr\n{case.stderr}")
        out.append(f"---- status {case.status}\n")
    path.write_text("".join(out), encoding="utf-8", errors="surrogateescape")
