"""dpkg-reconfigure - reconfigure an already installed package

SYNOPSIS
    dpkg-reconfigure [-p PRIORITY] [-f FRONTEND] PACKAGE...

DESCRIPTION
    Asks a package's questions again and runs its configuration step with the new answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.debconf._questions import ask_questions
from maillab.shell.commands.dpkg._database import Database, release_of
from maillab.shell.commands.dpkg._install import Installer
from maillab.shell.options import gnu

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"debconf": "/usr/sbin/dpkg-reconfigure"}
OPTIONS = gnu("-f,--frontend= -p,--priority= --default-priority -u,--unseen-only --force --no-reload -h,--help", standard=False)


async def main(sys: Process, argv: list[str]) -> int:
    given = await OPTIONS.read(sys, argv, status=1, hint="")
    if sys.euid:
        await sys.stderr.write("/usr/sbin/dpkg-reconfigure must be run as root\n")
        return 1
    if not given.operands:
        await sys.stderr.write("dpkg-reconfigure: please specify a package to reconfigure\n")
        return 1
    frontend = given.last("frontend")
    if frontend:
        sys.env["DEBIAN_FRONTEND"] = frontend
    database, release = Database(sys), release_of(sys)
    for name in given.operands:
        if release is None or not database.installed(name):
            await sys.stderr.write(f"dpkg-query: package '{name}' is not installed and no information is available\n")
            await sys.stderr.write("Use dpkg --info (= dpkg-deb --info) to examine archive files.\n")
            await sys.stderr.write(f"/usr/sbin/dpkg-reconfigure: {name} is not installed\n")
            return 1
        await ask_questions(sys, release, [name], again=not given.has("unseen-only"))
        await Installer(sys, database, release).configure(name)
    return 0
