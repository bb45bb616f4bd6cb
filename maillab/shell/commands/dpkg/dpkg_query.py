"""dpkg-query - a tool to query the dpkg database

SYNOPSIS
    dpkg-query -l [PATTERN]...
    dpkg-query -s|-L|-W [-f FORMAT] [PACKAGE]...
    dpkg-query -S PATTERN...

DESCRIPTION
    -l lists packages, -s shows their status, -L their files, -S finds the package of a file, -W prints fields by a format.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.dpkg._database import Database
from maillab.shell.commands.dpkg._listing import matching, owners, show, status_text, table
from maillab.shell.options import Given, gnu

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"dpkg": "/usr/bin/dpkg-query"}
OPTIONS = gnu(
    "-l,--list -s,--status -p,--print-avail -L,--listfiles -S,--search -W,--show -f,--showformat= --no-pager --admindir= "
    "-?,--help --version",
    standard=False,
)
ACTIONS = ("list", "status", "print-avail", "listfiles", "search", "show")


async def main(sys: Process, argv: list[str]) -> int:
    given = await OPTIONS.read(sys, argv, status=2, hint="\nUse --help for help about querying packages.\n")
    if given.has("version"):
        await sys.stdout.write("Debian dpkg-query package management program query tool version 1.21.22 (amd64).\n")
        return 0
    action = given.latest(*ACTIONS)
    if action is None:
        await sys.stderr.write("dpkg-query: error: need an action option\n\nUse --help for help about querying packages.\n")
        return 2
    return await query(sys, action, given)


async def query(sys: Process, action: str, given: Given) -> int:
    """One of the actions of dpkg-query (dpkg hands them over)."""
    database = Database(sys)
    names = given.operands
    if action == "list":
        return await _list(sys, database, names)
    if action == "search":
        return await _search(sys, database, names)
    if action == "show":
        return await _show(sys, database, given)
    return await _each(sys, database, action, names)


async def _list(sys: Process, database: Database, patterns: list[str]) -> int:
    names, missing = matching(database, patterns)
    if names:
        width = max(80, sys.winsize(1)[1]) if sys.isatty(1) else 0
        await sys.stdout.write(table(database, names, width))
        await sys.stdout.flush()
    for pattern in missing:
        await sys.stderr.write(f"dpkg-query: no packages found matching {pattern}\n")
    return 1 if missing else 0


async def _search(sys: Process, database: Database, patterns: list[str]) -> int:
    status = 0
    for pattern in patterns:
        found = owners(database, pattern)
        if not found:
            status = 1
            await sys.stdout.flush()
            await sys.stderr.write(f"dpkg-query: no path found matching pattern {pattern}\n")
        await sys.stdout.write("".join(f"{', '.join(names)}: {path}\n" for names, path in found))
    return status


async def _show(sys: Process, database: Database, given: Given) -> int:
    names, missing = matching(database, given.operands)
    template = given.last("showformat") or "${binary:Package}\t${Version}\n"
    await sys.stdout.write("".join(show(database.get(name) or {}, template) for name in names))
    await sys.stdout.flush()
    for pattern in missing:
        await sys.stderr.write(f"dpkg-query: no packages found matching {pattern}\n")
    return 1 if missing else 0


async def _each(sys: Process, database: Database, action: str, names: list[str]) -> int:
    status = 0
    shown = 0
    for name in names:
        stanza = database.get(name)
        if stanza is None:
            status = 1
            await _unknown(sys, action, name)
            continue
        await sys.stdout.write("\n" if shown else "")
        shown += 1
        if action == "listfiles":
            files = database.files(name)
            await sys.stdout.write("".join(path + "\n" for path in files) or f"Package '{name}' does not contain any files (!)\n")
        else:
            await sys.stdout.write(status_text(stanza))
    return status


async def _unknown(sys: Process, action: str, name: str) -> None:
    await sys.stdout.flush()
    if action == "status":
        text = f"package '{name}' is not installed and no information is available\n"
        text += "Use dpkg --info (= dpkg-deb --info) to examine archive files."
    elif action == "listfiles":
        text = f"package '{name}' is not installed\nUse dpkg --contents (= dpkg-deb --contents) to list archive files contents."
    else:
        text = f"package '{name}' is not available"
    await sys.stderr.write(f"dpkg-query: {text}\n")
