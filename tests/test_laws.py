"""The laws of the house, as tests (CONTRIBUTING.md tells them in words)."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from maillab.sim.releases.index import programs
from maillab.ui.words import WORDS

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "maillab"
MODULES = sorted(PACKAGE.rglob("*.py"))
BANNED = {"time", "random", "datetime", "asyncio", "socket", "threading", "uuid", "os", "subprocess", "secrets", "pathlib", "tempfile"}
READS_PACKAGE_DATA = ("maillab/sim/releases/", "maillab/sim/program.py")
FUNCTION_LINES = 70
FILE_LINES = 520


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def simulated() -> list[Path]:
    return [path for path in MODULES if name(path).startswith(("maillab/sim/", "maillab/shell/"))]


@pytest.mark.parametrize("path", simulated(), ids=name)
def test_the_simulated_world_does_not_touch_the_machine(path: Path) -> None:
    allowed = {"pathlib"} if name(path).startswith(READS_PACKAGE_DATA) else set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            roots = {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            roots = {(node.module or "").split(".")[0]}
        else:
            continue
        assert not roots & (BANNED - allowed), f"{name(path)}:{node.lineno} imports {sorted(roots & BANNED)}"


def test_no_function_is_too_long() -> None:
    long = [
        f"{name(path)}:{node.lineno} {node.name} has {node.end_lineno - node.lineno + 1} lines"
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and (node.end_lineno or 0) - node.lineno >= FUNCTION_LINES
    ]
    assert not long, "\n".join(long)


def test_no_file_is_too_long() -> None:
    long = [f"{name(path)}: {count}" for path in MODULES if (count := path.read_text().count("\n")) > FILE_LINES]
    assert not long, "\n".join(long)


def test_no_module_is_named_after_nothing() -> None:
    empty = {"utils", "util", "helpers", "helper", "common", "base", "misc", "tools"}
    assert not [name(path) for path in PACKAGE.rglob("*") if path.stem.strip("_") in empty]


def test_every_module_says_what_it_is() -> None:
    assert not [name(path) for path in MODULES if path.read_text().strip() and not ast.get_docstring(tree(path))]


@pytest.mark.parametrize("entry", programs().entries, ids=lambda entry: entry.module)
def test_every_program_has_a_manual_page_and_a_main(entry: object) -> None:
    source: Path = entry.source  # type: ignore[attr-defined]
    page = ast.get_docstring(tree(source)) or ""
    assert re.match(r"[\w.+\[-]+(, [\w.+\[-]+)* - \S", page), f"{name(source)}: the docstring does not begin with `name - what it does`"
    assert "SYNOPSIS" in page or "Usage: " in page, f"{name(source)}: no SYNOPSIS"
    defined = {node.name for node in tree(source).body if isinstance(node, ast.AsyncFunctionDef)}
    imported = {alias.asname or alias.name for node in tree(source).body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assigned = {t.id for node in tree(source).body if isinstance(node, ast.Assign) for t in node.targets if isinstance(t, ast.Name)}
    assert "main" in defined | imported | assigned, f"{name(source)}: no async main"


def test_every_sentence_of_the_screens_has_both_languages() -> None:
    assert not [word for word, (french, english) in WORDS.items() if not french or not english]


def test_every_screen_word_is_known() -> None:
    said = re.compile(r'say\([\w.]*language, "(\w+)"')
    for path in sorted((PACKAGE / "ui").rglob("*.py")):
        for word in said.findall(path.read_text()):
            assert word in WORDS, f"{name(path)} says {word!r}"


def test_nothing_is_left_to_do() -> None:
    mark = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b(?!\()")
    assert not [f"{name(path)}:{n}" for path in MODULES for n, line in enumerate(path.read_text().split("\n"), 1) if mark.search(line)]


def test_no_sentence_of_the_screens_is_unused() -> None:
    source = "".join(path.read_text() for path in sorted((PACKAGE / "ui").rglob("*.py")) if path.name != "words.py")
    assert not [word for word in WORDS if f'"{word}"' not in source]
