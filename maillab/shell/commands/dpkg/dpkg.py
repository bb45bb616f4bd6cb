"""dpkg - package manager for Debian

SYNOPSIS
    dpkg -l|-L|-s|-S|-p ...
    dpkg -r|-P PACKAGE...
    dpkg --configure PACKAGE...|-a
    dpkg --get-selections [PATTERN]...
    dpkg --compare-versions A OPERATOR B

DESCRIPTION
    Lists packages and their files, removes them (-r keeps their configuration files, -P does not). Packages are installed with apt-get.

BUGS
    There are no .deb files in the lab: -i, -x and the other actions on archives are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from maillab.shell.commands.dpkg._database import Database, release_of
from maillab.shell.commands.dpkg._install import Installer
from maillab.shell.commands.dpkg._listing import matching
from maillab.shell.commands.dpkg.dpkg_query import query
from maillab.shell.options import Given, gnu
from maillab.sim.releases.archive import compare_versions, parse_relations

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"dpkg": "/usr/bin/dpkg"}
OPTIONS = gnu(
    "-l,--list -s,--status -p,--print-avail -L,--listfiles -S,--search -i,--install --unpack -r,--remove -P,--purge "
    "--configure -a,--pending "
    "-C,--audit -V,--verify --get-selections --set-selections --clear-selections --print-architecture --print-foreign-architectures "
    "--compare-versions -x,--extract -X,--vextract -c,--contents -I,--info -b,--build -e,--control -f,--field --force-depends --force-all "
    "--purge-conffiles --version -?,--help -E -G -B --no-triggers --no-pager --admindir= --root=",
    standard=False,
)
HINT = """
Type dpkg --help for help about installing and deinstalling packages [*];
Use 'apt' or 'aptitude' for user-friendly package management;
Type dpkg -Dhelp for a list of dpkg debug flag values;
Type dpkg --force-help for a list of forcing options;
Type dpkg-deb --help for help about manipulating *.deb files;

Options marked [*] produce a lot of output - pipe it through 'less' or 'more' !
"""
QUERIES = ("list", "status", "print-avail", "listfiles", "search")
ACTIONS = (
    *QUERIES,
    *[
        "install",
        "unpack",
        "remove",
        "purge",
        "configure",
        "audit",
        "verify",
        "get-selections",
        "set-selections",
        "print-architecture",
        "print-foreign-architectures",
    ],
    *["compare-versions", "extract", "vextract", "contents", "info", "build", "control", "field"],
)
OPERATORS = {"lt": (-1,), "le": (-1, 0), "eq": (0,), "ne": (-1, 1), "ge": (0, 1), "gt": (1,)}
OPERATORS |= {"<<": (-1,), "<=": (-1, 0), "=": (0,), ">=": (0, 1), ">>": (1,), "<": (-1, 0), ">": (0, 1)}


async def main(sys: Process, argv: list[str]) -> int:
    given = await OPTIONS.read(sys, argv, status=2, hint=HINT)
    if given.has("version"):
        await sys.stdout.write(
            "Debian 'dpkg' package management program version 1.21.22 (amd64).\n"
            "This is free software; see the GNU General Public License version 2 or\n"
            "later for copying conditions. There is NO warranty.\n"
        )
        return 0
    action = given.latest(*ACTIONS)
    if action is None:
        await _die(sys, "need an action option", HINT)
    if action in QUERIES:
        return await query(sys, action, given)
    if action in ("remove", "purge"):
        return await _remove(sys, given, action)
    simple = {"configure": _configure, "get-selections": _selections, "compare-versions": _compare, "install": _archive, "unpack": _archive}
    if action in simple:
        return await simple[action](sys, given)
    if action == "print-architecture":
        release = release_of(sys)
        await sys.stdout.write(f"{release.facts.architecture if release else 'amd64'}\n")
        return 0
    if action in ("audit", "verify", "print-foreign-architectures"):
        return 0
    return await _die(sys, f"action --{action} is not simulated")


async def _die(sys: Process, text: str, hint: str = "") -> NoReturn:
    await sys.stderr.write(f"dpkg: error: {text}\n{hint}")
    sys.exit(2)


async def _compare(sys: Process, given: Given) -> int:
    if len(given.operands) != 3 or given.operands[1] not in OPERATORS:
        await _die(sys, "--compare-versions takes three arguments: <version> <relation> <version>")
    left, operator, right = given.operands
    return 0 if compare_versions(left, right) in OPERATORS[operator] else 1


async def _archive(sys: Process, given: Given) -> int:
    status = 0
    for path in given.operands:
        if not sys.exists(path):
            await sys.stderr.write(f"dpkg: error: cannot access archive '{path}': No such file or directory\n")
            return 2
        await sys.stderr.write(f"dpkg-deb: error: '{path}' is not a Debian format archive\n")
        await sys.stderr.write(
            f"dpkg: error processing archive {path} (--install):\n dpkg-deb --control subprocess returned error exit status 2\n"
        )
        await sys.stderr.write(f"Errors were encountered while processing:\n {path}\n")
        status = 1
    return status


async def _selections(sys: Process, given: Given) -> int:
    database = Database(sys)
    names, missing = matching(database, given.operands)
    for name in names:
        text = name + "\t" * max(1, 6 - len(name) // 8)
        await sys.stdout.write(f"{text}{database.state(name).split()[0]}\n")
    await sys.stdout.flush()
    for pattern in missing:
        await sys.stderr.write(f"dpkg: no packages found matching {pattern}\n")
    return 0


async def _privileged(sys: Process) -> None:
    if sys.euid:
        await _die(sys, "requested operation requires superuser privilege")


async def _configure(sys: Process, given: Given) -> int:
    if not given.operands and not given.has("pending"):
        await _die(sys, "--configure needs at least one package name argument")
    await _privileged(sys)
    database = Database(sys)
    failed = []
    for name in given.operands:
        if not database.installed(name):
            await sys.stderr.write(
                f"dpkg: error processing package {name} (--configure):\n no package named '{name}' is installed, cannot configure\n"
            )
        else:
            await sys.stderr.write(
                f"dpkg: error processing package {name} (--configure):\n package {name} is already installed and configured\n"
            )
        failed.append(name)
    if failed:
        await sys.stderr.write("Errors were encountered while processing:\n" + "".join(f" {name}\n" for name in failed))
    return 1 if failed else 0


async def _remove(sys: Process, given: Given, action: str) -> int:
    if not given.operands:
        await _die(sys, f"--{action} needs at least one package name argument", HINT)
    await _privileged(sys)
    database = Database(sys)
    release = release_of(sys)
    if release is None:
        await _die(sys, "no release of the lab is named in /etc/apt/sources.list")
    installer = Installer(sys, database, release)
    failed = []
    for name in given.operands:
        state = database.state(name)
        if not state or (action == "remove" and state.endswith("config-files")):
            await sys.stderr.write(f"dpkg: warning: ignoring request to remove {name} which isn't installed\n")
            continue
        needed = _needed_by(database, name, given.operands)
        if needed and not given.has("force-depends", "force-all"):
            failed.append(name)
            await sys.stderr.write(
                f"dpkg: dependency problems prevent removal of {name}:\n"
                + "".join(f" {other} depends on {relation}.\n" for other, relation in needed)
                + f"\ndpkg: error processing package {name} (--{action}):\n dependency problems - not removing\n"
            )
            continue
        await announce_removal(sys, installer, name, action == "purge")
        await installer.remove(name, action == "purge")
    if failed:
        await sys.stderr.write("Errors were encountered while processing:\n" + "".join(f" {name}\n" for name in failed))
    return 1 if failed else 0


async def announce_removal(sys: Process, installer: Installer, name: str, purge: bool) -> None:
    """`Removing ...`, `Purging configuration files for ...`."""
    database = installer.database
    version = database.version(name)
    if database.installed(name):
        await installer.say(f"(Reading database ... {count_files(database)} files and directories currently installed.)")
        await installer.say(f"Removing {name} ({version}) ...")
    if purge:
        await installer.say(f"Purging configuration files for {name} ({version}) ...")


def count_files(database: Database) -> int:
    """How many paths the installed packages have."""
    return len({path for name in database.all_installed() for path in database.files(name)})


def _needed_by(database: Database, name: str, also: list[str]) -> list[tuple[str, str]]:
    found = []
    for other in database.all_installed():
        stanza = database.get(other) or {}
        if other == name or other in also or f"{name}" not in stanza.get("Depends", "") + stanza.get("Pre-Depends", ""):
            continue
        for choices in parse_relations(stanza.get("Depends", "") + ", " + stanza.get("Pre-Depends", "")):
            if any(choice.name == name for choice in choices) and not any(
                choice.name != name and database.installed(choice.name) for choice in choices
            ):
                found.append((other, str(next(choice for choice in choices if choice.name == name))))
    return found
