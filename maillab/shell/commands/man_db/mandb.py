"""mandb - create or update the manual page index caches

SYNOPSIS
    mandb [-c] [-q]

DESCRIPTION
    Reads all pages below /usr/share/man and /usr/local/share/man and writes their descriptions into the whatis database.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.man_db._pages import INDEX, PAGE, SECTIONS, TREES, Entry, read_page
from maillab.shell.commands.man_db._render import one_line
from maillab.shell.options import gnu
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"man-db": "/usr/bin/mandb"}
OPTIONS = gnu(
    "-d,--debug -q,--quiet -s,--no-straycats -p,--no-purge -u,--user-db -c,--create -t,--test -f,--filename= "
    "-C,--config-file= -?,--help --usage "
    "-V,--version"
)


async def main(sys: Process, argv: list[str]) -> int:
    given = await OPTIONS.read(sys, argv, status=1)
    if given.has("version"):
        await sys.stdout.write("mandb 2.11.2\n")
        return 0
    entries = []
    for tree in TREES:
        for section in SECTIONS:
            folder = f"{tree}/man{section}"
            entries += _folder(sys, folder) if sys.isdir(folder) else []
    lines = sorted("\t".join(entry) + "\n" for entry in entries)
    try:
        sys.spew(INDEX, "".join(lines).encode("utf-8", "surrogateescape"))
    except SysError as error:
        await sys.stderr.write(f"mandb: can't write to {INDEX}: {error}\n")
        return 1
    if not given.has("quiet"):
        await sys.stdout.write(f"Processing manual pages under /usr/share/man...\n{len(entries)} manual pages were added.\n")
    return 0


def _folder(sys: Process, folder: str) -> list[Entry]:
    found = []
    for name in sorted(sys.listdir(folder)):
        page = PAGE.match(name)
        if page:
            try:
                text = one_line(read_page(sys, f"{folder}/{name}"))
            except SysError:
                continue
            found.append(Entry(page[1], page[2], text.partition(" - ")[2]))
    return found
