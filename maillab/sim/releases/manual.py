"""Manual pages: the files below /usr/share/man and the whatis database, from a release's `manual` list and the programs.

A page on the simulated disk is a small roff source in a gzip file, as on a real one. The page of a simulated program
names its module: `man` shows the module's docstring.
"""

from __future__ import annotations

import importlib.util
import struct
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from maillab.sim.program import ProgramIndex, docstring
from maillab.sim.releases.package import Entry
from maillab.sim.releases.release import Release

_GZIP: Final = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"


def gzip_stored(data: bytes) -> bytes:
    """A gzip file (RFC 1952) with one stored block: nothing is compressed, nothing depends on a library's version."""
    size = len(data)
    return b"".join((_GZIP, b"\x01", struct.pack("<HH", size, size ^ 0xFFFF), data, struct.pack("<II", zlib.crc32(data), size)))


def page_path(name: str, section: str) -> str:
    """Where the page of a name lies."""
    return f"/usr/share/man/man{section[0]}/{name}.{section}.gz"


def manual_pages(release: Release, package: str, programs: ProgramIndex) -> Iterator[Entry]:
    """The pages of a package."""
    pages = release.manual.get(package, ())
    if not pages:
        return
    modules = {
        path.rpartition("/")[2]: module.module for module in programs.by_package.get(package, ()) for path in module.installed[package]
    }
    for name, section, description in pages:
        module = modules.get(name, "") if section[0] in "168" else ""
        yield Entry("f", page_path(name, section), 0o644, data=gzip_stored(_source(name, section, description, module)))


def _source(name: str, section: str, description: str, module: str) -> bytes:
    program = f'.\\" module {module}\n' if module else ""
    return f".TH {name.upper()} {section}\n{program}.SH NAME\n{name} \\- {description}\n".encode()


def manual_index(release: Release, packages: Iterable[str]) -> bytes:
    """The whatis database: a line for each page, name, section and description separated by tabs."""
    lines = [
        f"{name}\t{section}\t{description}\n" for package in packages for name, section, description in release.manual.get(package, ())
    ]
    return "".join(sorted(lines, key=lambda line: line.split("\t")[:2])).encode()


def module_text(module: str) -> str:
    """The docstring of a program module, without importing it."""
    spec = importlib.util.find_spec(module)
    return docstring(Path(spec.origin)) if spec and spec.origin else ""
