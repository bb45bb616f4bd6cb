"""A lesson: a folder with prose in two languages, a starting world, checks, hints, a solution and near misses.

    lessons/40-aliases/chapter.toml                title.fr, title.en
    lessons/40-aliases/10-newaliases/lesson.toml   minutes, points, [world] (see `worldfile`)
                                     fr.md en.md   title, prose, and the sections Checks, Reasons, Hints
                                     world/HOST/... files laid on a host before it boots
                                     checks.py     @check and @hint functions (see `check`)
                                     solution.console, wrong/*.console

In the sections Checks, Reasons and Hints each item is "- `key`: sentence". Reasons that all lessons share are in
lessons/reasons.fr.md and lessons/reasons.en.md.
"""

from __future__ import annotations

import ast
import importlib.util
import os
import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import ModuleType

import msgspec

import maillab
from maillab.lessons.check import CheckFunction, HintFunction, key
from maillab.lessons.errors import MaillabError
from maillab.lessons.worldfile import WorldSpec

LANGUAGES = ("fr", "en")
_SECTION = re.compile(r"^## (Checks|Reasons|Hints)\s*$", re.M)
_ITEM = re.compile(r"^- `([a-z0-9-]+)`: (.+(?:\n  .+)*)", re.M)
_HEADING = re.compile(r"^(#+) ", re.M)


class LessonFacts(msgspec.Struct, forbid_unknown_fields=True):
    """lesson.toml."""

    minutes: int = 10
    points: dict[str, int] = {}
    world: WorldSpec = msgspec.field(default_factory=WorldSpec)


@dataclass
class Text:
    """A lesson in one language."""

    title: str
    prose: str
    checks: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    hints: dict[str, str] = field(default_factory=dict)
    headings: list[int] = field(default_factory=list)


@dataclass
class Lesson:
    """A lesson, read. `name` is `chapter/slug`."""

    name: str
    folder: Path
    facts: LessonFacts
    texts: dict[str, Text]
    checks: dict[str, CheckFunction]
    hints: dict[str, HintFunction]
    raised: list[str]
    """The reasons that checks.py raises."""

    @property
    def chapter(self) -> str:
        """The name of the chapter's folder."""
        return self.name.split("/")[0]

    def world(self) -> WorldSpec:
        """The starting world, with the files of world/ laid in."""
        spec: WorldSpec = msgspec.convert(msgspec.to_builtins(self.facts.world), WorldSpec).with_default_host()
        for host, entry in spec.hosts.items():
            root = self.folder / "world" / host
            for path in sorted(root.rglob("*")) if root.is_dir() else ():
                if path.is_file():
                    entry.files.setdefault("/" + str(path.relative_to(root)), path.read_text(encoding="utf-8"))
        return spec

    def points(self, check: str) -> int:
        """What a check is worth (1 unless lesson.toml says otherwise)."""
        return self.facts.points.get(check, 1)

    def sentence(self, language: str, kind: str, name: str) -> str:
        """The sentence of a key (`checks`, `reasons`, `hints`) in a language; the key itself when there is none."""
        table: dict[str, str] = getattr(self.texts[language], kind)
        return table.get(name) or (shared_reasons(str(self.folder.parent.parent), language).get(name) if kind == "reasons" else "") or name


def course_root() -> Path:
    """Where the lessons are: $MAILLAB_LESSONS, the checkout's lessons/, or those installed with the package."""
    given = os.environ.get("MAILLAB_LESSONS")
    if given:
        return Path(given)
    package = Path(maillab.__file__).parent
    return next((p for p in (package.parent / "lessons", package / "course") if p.is_dir()), package.parent / "lessons")


def lesson_names(root: Path | None = None) -> list[str]:
    """The names of all lessons, in the order of the course."""
    root = root or course_root()
    return [f"{toml.parent.parent.name}/{toml.parent.name}" for toml in sorted(root.glob("*/*/lesson.toml"))]


def chapter_title(chapter: str, language: str, root: Path | None = None) -> str:
    """The title of a chapter."""
    path = (root or course_root()) / chapter / "chapter.toml"
    try:
        titles = msgspec.toml.decode(path.read_bytes(), type=dict[str, dict[str, str]])["title"]
    except (OSError, KeyError, msgspec.DecodeError):
        raise MaillabError(str(path), 0, "the chapter has no title", 'write [title] with fr = "..." and en = "..."') from None
    return titles.get(language, chapter)


@lru_cache(maxsize=8)
def shared_reasons(root: str, language: str) -> dict[str, str]:
    """The sentences of reasons that all lessons share."""
    path = Path(root) / f"reasons.{language}.md"
    return dict(_ITEM.findall(path.read_text(encoding="utf-8"))) if path.exists() else {}


def load_lesson(name: str, root: Path | None = None) -> Lesson:
    """Read a lesson. Raises MaillabError for anything missing or malformed."""
    folder = (root or course_root()) / name
    toml = folder / "lesson.toml"
    try:
        facts = msgspec.toml.decode(toml.read_bytes(), type=LessonFacts)
    except OSError:
        raise MaillabError(str(toml), 0, "there is no such lesson", "`maillab lesson list` shows the lessons") from None
    except msgspec.DecodeError as error:
        raise MaillabError(str(toml), 0, str(error), "see CONTRIBUTING.md, `Add a lesson`") from None
    texts = {language: _text(folder / f"{language}.md") for language in LANGUAGES}
    module, raised = _load_checks(folder / "checks.py")
    return Lesson(name, folder, facts, texts, _marked(module, "check"), _marked(module, "hint"), raised)


def _text(path: Path) -> Text:
    try:
        source = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise MaillabError(str(path), 0, "the text of this language is missing", "write it, in UTF-8") from None
    if not source.startswith("# "):
        raise MaillabError(str(path), 1, "the text begins without a title", "begin it with `# Title`")
    title, _, rest = source[2:].partition("\n")
    parts = _SECTION.split(rest)
    text = Text(title.strip(), parts[0].strip(), headings=[len(marks) for marks in _HEADING.findall(source)])
    for section, body in zip(parts[1::2], parts[2::2], strict=True):
        getattr(text, section.lower()).update((name, " ".join(sentence.split())) for name, sentence in _ITEM.findall(body))
    return text


def _load_checks(path: Path) -> tuple[ModuleType, list[str]]:
    try:
        source = path.read_text(encoding="utf-8")
        raised = _raised(ast.parse(source))
        spec = importlib.util.spec_from_file_location(f"maillab_checks_{path.parent.name.replace('-', '_')}", path)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    except OSError:
        raise MaillabError(str(path), 0, "the lesson has no checks", "write checks.py with @check functions") from None
    except SyntaxError as error:
        raise MaillabError(str(path), error.lineno or 0, error.msg, "mend the Python") from None
    except Exception as error:
        raise MaillabError(str(path), 0, f"checks.py cannot be imported: {error}", "mend the Python") from None
    return module, raised


def _raised(tree: ast.Module) -> list[str]:
    """The reasons a checks.py names: the first arguments of Fail(...)."""
    found: dict[str, None] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Fail" and node.args:
            for constant in ast.walk(node.args[0]):
                if isinstance(constant, ast.Constant) and isinstance(constant.value, str):
                    found[constant.value] = None
    return list(found)


def _marked(module: ModuleType, role: str) -> dict[str, CheckFunction]:
    return {key(value): value for value in vars(module).values() if getattr(value, "maillab_role", "") == role}
