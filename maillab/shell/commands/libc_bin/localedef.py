"""localedef - compile locale definitions

SYNOPSIS
    localedef [-i INPUT] [-f CHARMAP] NAME
    localedef --list-archive

DESCRIPTION
    Only what happens without the package `locales`: there are no definitions to compile, and the archive is empty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.options import gnu

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"libc-bin": "/usr/bin/localedef", "libc6": "/usr/bin/localedef"}

OPTIONS = gnu(
    "-f,--charmap= -i,--inputfile= -u,--repertoire-map= -A,--alias-file= -c,--force --no-archive --prefix= --quiet -v,--verbose --posix "
    "--add-to-archive --delete-from-archive --list-archive --replace --no-hard-links --no-warnings= --warnings= --little-endian "
    "--big-endian -?,--help --usage -V,--version",
    standard=False,
)
HINT = "Try `{prog} --help' or `{prog} --usage' for more information.\n"
CHARMAPS = "/usr/share/i18n/charmaps"


async def main(sys: Process, argv: list[str]) -> int:
    """localedef."""
    given = await OPTIONS.read(sys, argv, status=64, hint=HINT)
    if given.has("version"):
        await sys.stdout.write("localedef (Debian GLIBC 2.36-9+deb12u14) 2.36\n")
        return 0
    if given.has("list-archive"):
        return 0
    if not given.operands:
        await sys.stderr.write(HINT.replace("{prog}", argv[0]))
        return 64
    charmap = given.last("charmap")
    if sys.isdir(CHARMAPS):
        sys.unsimulated("localedef: compiling a locale")
        await sys.stderr.write("localedef: compiling locales is not simulated\n")
        return 1
    if charmap is None:
        await sys.stderr.write("[error] default character map file `ANSI_X3.4-1968' not found: No such file or directory\n")
        return 1
    await sys.stderr.write(
        f"[error] character map file `{charmap}' not found: No such file or directory\n"
        f"[error] cannot read character map directory `{CHARMAPS}': No such file or directory\n"
    )
    return 1
