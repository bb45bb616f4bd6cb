"""whereis - locate the binary, source, and manual page files for a command

SYNOPSIS
    whereis [-b] [-m] [-s] name...

DESCRIPTION
    Looks for files of that name, with any extension, in the directories of programs, libraries, configuration and manual pages,
    and in PATH.

BUGS
    -B, -M, -S, -u, -g and -l are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.options import TRY_HELP, fail, gnu
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"util-linux": "/usr/bin/whereis"}

OPTIONS = gnu("-b -B= -f -g -l -m -M= -s -S= -u -h,--help -V,--version", standard=False)
BINARIES = ["/usr/bin", "/usr/sbin", "/bin", "/sbin", "/usr/lib", "/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/etc", "/usr/etc", "/lib",
            "/lib64", "/usr/games", "/usr/local/bin", "/usr/local/sbin", "/usr/local/etc", "/usr/local/lib", "/usr/local/games",
            "/usr/include", "/usr/local", "/usr/libexec", "/usr/share", "/opt"]  # fmt: skip
MANUALS = ["/usr/man", "/usr/share/man", "/usr/X386/man", "/usr/X11/man", "/usr/TeX/man", "/usr/interviews/man/mann", "/usr/share/info"]
SOURCES = ["/usr/src"]
COMPRESSED = (".gz", ".bz2", ".xz", ".Z", ".zst", ".lzma")


def folders(sys: Process, kinds: str) -> list[tuple[str, str]]:
    """(kind, folder) pairs to look in, each folder once."""
    found: list[tuple[str, str]] = []
    for kind, names in (("b", BINARIES + sys.env.get("PATH", "").split(":")), ("m", MANUALS), ("s", SOURCES)):
        for name in names if kind in kinds else []:
            if name and sys.isdir(name):
                found.append((kind, sys.realpath(name)))
                if kind == "m":
                    sections = [f"{name}/{below}" for below in sys.listdir(name) if below.startswith("man")]
                    found += [(kind, section) for section in sections if sys.isdir(section)]
    return list(dict.fromkeys(found))


def fits(entry: str, name: str, kind: str) -> bool:
    """Is a file of this name what is looked for?"""
    if kind == "s" and entry.startswith("s."):
        entry = entry[2:]
    if entry == name:
        return True
    for suffix in COMPRESSED:
        entry = entry.removesuffix(suffix)
    stem, dot, extension = entry.partition(name + ".")
    return stem == "" and dot != "" and "." not in extension


async def main(sys: Process, argv: list[str]) -> int:
    """whereis."""
    given = await OPTIONS.read(sys, argv, help=__doc__ + "\n", version="whereis from util-linux 2.38.1\n", hint=TRY_HELP)
    for found in given.found:
        if found.name in "BMSugl":
            await fail(sys, argv, f"{found.spelled} is not simulated")
    if not given.operands:
        await fail(sys, argv, "not enough arguments", hint=TRY_HELP)
    kinds = "".join(letter for letter in "bms" if given.has(letter)) or "bms"
    places = folders(sys, kinds)
    for word in given.operands:
        name = word.rpartition("/")[2]
        paths: list[str] = []
        for kind, folder in places:
            try:
                entries = sys.listdir(folder)
            except SysError:
                continue
            paths += [f"{folder}/{entry}" for entry in sorted(entries) if fits(entry, name, kind)]
        await sys.stdout.write(f"{name}:" + "".join(f" {path}" for path in dict.fromkeys(paths)) + "\n")
    return 0
