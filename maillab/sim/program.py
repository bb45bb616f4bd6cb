"""Programs: modules with `async def main(sys, argv) -> int`, found by scanning folders, carried by files of the simulated disk.

A module says where it is installed by a literal, read as text so that hundreds of programs are listed without importing one:
`INSTALLED = {"coreutils": "/bin/ls"}` and optionally `SINCE = {"coreutils": (9, 1)}`.
The file on the simulated disk starts like an ELF binary and names the module: copies of it run, a truncated one does not.
"""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

Main = Callable[[Any, list[str]], Awaitable[int]]

MAGIC = b"\x7fELF\x02\x01\x01\x00"
_INSTALLED = re.compile(r"^INSTALLED(?:: [^=]+)? = (\{.*?\})", re.M | re.S)
_SINCE = re.compile(r"^SINCE(?:: [^=]+)? = (\{.*?\})", re.M | re.S)


@dataclass(frozen=True)
class Program:
    """What an executable file of the simulated disk says of itself."""

    module: str
    package: str = ""
    version: tuple[int, ...] = ()
    flavour: str = ""

    def image(self) -> bytes:
        """The bytes of the file that carries this program."""
        version = ".".join(map(str, self.version))
        note = f"module={self.module}\npackage={self.package}\nversion={version}\nflavour={self.flavour}\n"
        return MAGIC + b"\x00" * 8 + b"\nmaillab\n" + note.encode() + b"\x00" * 16


@lru_cache(maxsize=1024)
def read_image(data: bytes) -> Program | None:
    """The program a file carries, None when it is no (or a damaged) program."""
    if not data.startswith(MAGIC) or not data.endswith(b"\x00" * 16):
        return None
    fields = dict(line.split("=", 1) for line in data[len(MAGIC) :].decode("latin-1").split("\n") if "=" in line)
    version = tuple(int(part) for part in fields["version"].split(".") if part)
    return Program(fields["module"], fields["package"], version, fields["flavour"])


@dataclass(frozen=True)
class Entry:
    """One module of the index: where its packages install it."""

    module: str
    source: Path
    installed: dict[str, tuple[str, ...]]
    since: dict[str, tuple[int, ...]]


class ProgramIndex:
    """All programs under some folders, by Debian package. `roots` are (folder, dotted name) pairs."""

    def __init__(self, roots: list[tuple[Path, str]]):
        self.entries: list[Entry] = []
        for folder, dotted in roots:
            self._scan(folder, dotted)
        self.by_package: dict[str, list[Entry]] = {}
        for entry in self.entries:
            for package in entry.installed:
                self.by_package.setdefault(package, []).append(entry)

    def _scan(self, folder: Path, dotted: str) -> None:
        for path in sorted(folder.iterdir()):
            if path.name.startswith((".", "__pycache__")) or (path.name.startswith("_") and path.name != "__init__.py"):
                continue
            if path.is_dir():
                self._scan(path, f"{dotted}.{path.name}")
            elif path.suffix == ".py":
                text = path.read_text(encoding="utf-8")
                found = _INSTALLED.search(text)
                if found:
                    name = dotted if path.stem == "__init__" else f"{dotted}.{path.stem}"
                    self.entries.append(_entry(name, path, found[1], _SINCE.search(text)))

    def packages(self) -> list[str]:
        """The names of packages that have at least one program."""
        return sorted(self.by_package)


def _entry(module: str, source: Path, installed: str, since: re.Match[str] | None) -> Entry:
    table = ast.literal_eval(installed)
    paths = {package: (where,) if isinstance(where, str) else tuple(where) for package, where in table.items()}
    return Entry(module, source, paths, ast.literal_eval(since[1]) if since else {})


def load(module: str) -> Main:
    """The `main` of a program module. Raises ImportError when the module is gone."""
    main: Main = importlib.import_module(module).main
    return main


def docstring(source: Path) -> str:
    """The manual page of a program module, without importing it."""
    return ast.get_docstring(ast.parse(source.read_text(encoding="utf-8"))) or ""


def data_text(path: str) -> str:
    """The text of a data file of the package, `path` relative to `maillab/sim` (`postfix/lib/params.toml`)."""
    return (Path(__file__).parent / path).read_text(encoding="utf-8")
