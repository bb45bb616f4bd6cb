"""whatis - display one-line manual page descriptions

SYNOPSIS
    whatis [-s LIST] [-r] [-w] NAME...
    apropos [-s LIST] [-a] [-e] [-r] [-w] KEYWORD...

DESCRIPTION
    whatis shows the description of the pages of a name; apropos searches names and descriptions for regular expressions (-e whole words, -w
    wildcards, -a all of the keywords). Exit status 16 when nothing was found.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from maillab.shell.commands.man_db._pages import Entry, format_entry, in_section, read_index
from maillab.shell.options import gnu

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"man-db": ["/usr/bin/whatis", "/usr/bin/apropos"]}
OPTIONS = gnu(
    "-d,--debug -v,--verbose -e,--exact -r,--regex -w,--wildcard -a,--and -l,--long -C,--config-file= -L,--locale= "
    "-m,--systems= -M,--manpath= "
    "-s,--sections,--section= -?,--help --usage -V,--version"
)
NOT_FOUND = 16


async def main(sys: Process, argv: list[str]) -> int:
    called = argv[0].rpartition("/")[2]
    given = await OPTIONS.read(sys, argv, status=1)
    if given.has("version"):
        await sys.stdout.write(f"{called} 2.11.2\n")
        return 0
    sections = [part for text in given.values("sections") for part in text.replace(",", ":").split(":") if part]
    mode = given.latest("exact", "regex", "wildcard") or ""
    if called == "apropos":
        return await run_apropos(sys, called, given.operands, sections, mode, every=given.has("and"))
    return await run_whatis(sys, called, given.operands, sections, mode)


async def _nothing(sys: Process, word: str) -> None:
    await sys.stdout.flush()
    await sys.stderr.write(f"{word}: nothing appropriate.\n")


async def run_whatis(sys: Process, called: str, names: list[str], sections: list[str], mode: str = "") -> int:
    """The entries of each name, in the order asked."""
    if not names:
        await sys.stderr.write(f"{called} what?\n")
        return 1
    entries = [entry for entry in read_index(sys) if in_section(entry, sections)]
    status = 0
    for name in names:
        matches = _name_test(name, mode)
        found = [entry for entry in entries if matches(entry.name)]
        if not found:
            status = NOT_FOUND
            await _nothing(sys, name)
        await sys.stdout.write("".join(format_entry(entry) for entry in found))
    return status


def _name_test(name: str, mode: str) -> Callable[[str], bool]:
    if mode == "regex":
        pattern = re.compile(name, re.I)
        return lambda text: bool(pattern.search(text))
    if mode == "wildcard":
        return lambda text: fnmatch.fnmatchcase(text.lower(), name.lower())
    return lambda text: text.lower() == name.lower()


async def run_apropos(sys: Process, called: str, words: list[str], sections: list[str], mode: str = "", every: bool = False) -> int:
    """The entries that match any keyword (all of them with `every`)."""
    if not words:
        await sys.stderr.write(f"{called} what?\n")
        return 1
    entries = [entry for entry in read_index(sys) if in_section(entry, sections)]
    tests = [_keyword_test(word, mode) for word in words]
    status = 0
    for word, test in zip(words, tests, strict=True):
        if not any(test(entry) for entry in entries):
            status = NOT_FOUND
            await _nothing(sys, word)
    combine = all if every else any
    if not (every and status):
        await sys.stdout.write("".join(format_entry(entry) for entry in entries if combine(test(entry) for test in tests)))
    return status


def _keyword_test(word: str, mode: str) -> Callable[[Entry], bool]:
    if mode == "exact":
        whole = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.I)
        return lambda entry: entry.name.lower() == word.lower() or bool(whole.search(entry.description))
    if mode == "wildcard":
        source = fnmatch.translate(word)
    else:
        source = word
    try:
        pattern = re.compile(source, re.I)
    except re.error:
        pattern = re.compile(re.escape(word), re.I)
    return lambda entry: bool(pattern.search(entry.name) or pattern.search(entry.description))
