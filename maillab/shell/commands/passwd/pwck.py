"""pwck, grpck - verify the account files

SYNOPSIS
    pwck [-q] [-r] [PASSWD [SHADOW]]
    grpck [-r] [GROUP [GSHADOW]]

DESCRIPTION
    Looks for lines that are no entries, names that occur twice, and what has no partner in the shadow file; pwck also for groups,
    home directories and shells that do not exist, grpck for members that do not exist.

EXIT STATUS
    0 nothing found; 2 something is wrong; 4 or 3 a file cannot be opened.

BUGS
    Nothing is changed: every question is answered No (as with -r). -s and -R are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.options import gnu
from maillab.sim.host.accounts import GROUP, GSHADOW, PASSWD, SHADOW, getgrgid, getpwnam
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"passwd": ["/usr/sbin/pwck", "/usr/sbin/grpck"]}

PWCK = gnu("-b,--badname -h,--help -q,--quiet -r,--read-only -R,--root= -s,--sort", standard=False)
GRPCK = gnu("-h,--help -r,--read-only -R,--root= -s,--sort -S,--silence-warnings", standard=False)
PWCK_USAGE = """Usage: pwck [options] [passwd [shadow]]

Options:
  -b, --badname                 allow bad names
  -h, --help                    display this help message and exit
  -q, --quiet                   report errors only
  -r, --read-only               display errors and warnings
                                but do not change files
  -R, --root CHROOT_DIR         directory to chroot into
  -s, --sort                    sort entries by UID

"""
GRPCK_USAGE = """Usage: grpck [options] [group [gshadow]]

Options:
  -h, --help                    display this help message and exit
  -r, --read-only               display errors and warnings
                                but do not change files
  -R, --root CHROOT_DIR         directory to chroot into
  -s, --sort                    sort entries by UID
  -S, --silence-warnings        silence controversial/paranoid warnings

"""
BAD = 2


class Check:
    """One run over a file and its shadow file."""

    def __init__(self, sys: Process, program: str, path: str, shadow: str, quiet: bool):
        self.sys, self.program, self.path, self.shadow, self.quiet = sys, program, path, shadow, quiet
        self.errors = 0

    async def lines(self, path: str) -> list[str]:
        """The lines of a file; ends the program when it cannot be opened."""
        try:
            return self.sys.slurp(path).decode("utf-8", "surrogateescape").splitlines()
        except SysError:
            await self.sys.stderr.print(f"{self.program}: cannot open {path}")
            self.sys.exit(4 if self.program == "pwck" else 3)

    async def ask(self, text: str, question: str) -> None:
        """An error with its question, which nobody answers."""
        self.errors += 1
        await self.sys.stdout.print(text)
        await self.sys.stdout.print(f"{question}? No")

    async def warn(self, text: str, *, error: bool = True) -> None:
        """An error without a question, or a mere warning."""
        if error:
            self.errors += 1
        elif self.quiet:
            return
        await self.sys.stdout.print(text)

    async def users(self) -> None:
        """pwck."""
        lines = await self.lines(self.path)
        shadow = await self.lines(self.shadow) if self.sys.exists(self.shadow) else None
        hidden = {line.split(":")[0] for line in shadow if line.count(":") == 8} if shadow is not None else None
        names = [line.split(":")[0] for line in lines if line.count(":") == 6]
        for line in lines:
            for fields in await self._entry(names, line, 7, "password"):
                await self._user(fields, hidden)
        for line in shadow or []:
            for fields in await self._entry([], line, 9, "shadow password"):
                if fields[0] not in names:
                    await self.ask(f"no matching password file entry in {self.path}", f"delete line '{line}'")

    async def _entry(self, names: list[str], line: str, fields: int, kind: str) -> list[list[str]]:
        """The fields of a line (one list), or none after a complaint."""
        words = line.split(":")
        if len(words) != fields:
            await self.ask(f"invalid {kind} file entry", f"delete line '{line}'")
            return []
        if names.count(words[0]) > 1:
            await self.ask(f"duplicate {kind} entry", f"delete line '{line}'")
        return [words]

    async def _user(self, fields: list[str], hidden: set[str] | None) -> None:
        name, password, _, gid, _, home, shell = fields
        if gid.isdigit() and getgrgid(self.sys, int(gid)) is None:
            await self.warn(f"user '{name}': no group {gid}")
        if not self.sys.isdir(home) and home != "/nonexistent":
            await self.warn(f"user '{name}': directory '{home}' does not exist", error=False)
        if shell and not self.sys.exists(shell):
            await self.warn(f"user '{name}': program '{shell}' does not exist")
        if hidden is not None and name not in hidden and password:
            await self.ask(f"no matching password file entry in {self.shadow}", f"add user '{name}' in {self.shadow}")

    async def groups(self) -> None:
        """grpck."""
        lines = await self.lines(self.path)
        shadow = await self.lines(self.shadow) if self.sys.exists(self.shadow) else None
        members = {words[0]: words[3].split(",") for line in shadow or [] if len(words := line.split(":")) == 4}
        names = [line.split(":")[0] for line in lines if line.count(":") == 3]
        for line in lines:
            for fields in await self._entry(names, line, 4, "group"):
                await self._group(fields, members if shadow is not None else None)
        for line in shadow or []:
            for fields in await self._entry([], line, 4, "shadow group"):
                if fields[0] not in names:
                    await self.ask(f"no matching group file entry in {self.path}", f"delete line '{line}'")

    async def _group(self, fields: list[str], hidden: dict[str, list[str]] | None) -> None:
        name, members = fields[0], [member for member in fields[3].split(",") if member]
        for member in members:
            if getpwnam(self.sys, member) is None:
                await self.warn(f"group {name}: no user {member}")
                await self.sys.stdout.print(f"delete member '{member}'? No")
        if hidden is not None and name not in hidden:
            await self.ask(f"no matching group file entry in {self.shadow}", f"add group '{name}' in {self.shadow}")
        for member in members if hidden is not None and name in hidden else []:
            if member not in (hidden or {})[name]:
                where = f"in {self.path} but not in {self.shadow}"
                await self.warn(f"'{member}' is a member of the '{name}' group {where}", error=False)


async def main(sys: Process, argv: list[str]) -> int:
    """pwck and grpck."""
    program = argv[0].rpartition("/")[2]
    users = program != "grpck"
    usage = PWCK_USAGE if users else GRPCK_USAGE
    given = await (PWCK if users else GRPCK).read(sys, argv, help=usage, status=1, hint=usage)
    if given.has("root", "sort"):
        await sys.stderr.print(f"{program}: -R and -s are not simulated")
        return 1
    path, shadow = [*given.operands, *((PASSWD, SHADOW) if users else (GROUP, GSHADOW))[len(given.operands) :]][:2]
    check = Check(sys, program, path, shadow, given.has("quiet"))
    await (check.users() if users else check.groups())
    if check.errors:
        await sys.stdout.print(f"{program}: no changes")
        return BAD
    return 0
