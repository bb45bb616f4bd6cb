"""perl - the Perl language: only its version is simulated

SYNOPSIS
    perl -v

EXIT STATUS
    127 for anything else, with a message that says so.

BUGS
    No script runs.
"""
from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"perl-base": "/usr/bin/perl"}

VERSION = """
This is perl 5, version 36, subversion 0 (v5.36.0) built for x86_64-linux-gnu-thread-multi

Copyright 1987-2022, Larry Wall

Perl may be copied only under the terms of either the Artistic License or the
GNU General Public License, which may be found in the Perl 5 source kit.

Complete documentation for Perl, including FAQ lists, should be found on
this system using "man perl" or "perldoc perl".  If you have access to the
Internet, point your browser at https://www.perl.org/, the Perl Home Page.

"""


async def main(sys: Process, argv: list[str]) -> int:
    if argv[1:] in (["--version"], ["-v"]):
        await sys.stdout.write(VERSION)
        return 0
    sys.unsimulated("perl")
    await sys.stderr.print("perl: the Perl language is not simulated")
    return 127
