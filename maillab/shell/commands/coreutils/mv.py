"""mv - move (rename) files

Usage: mv [OPTION]... [-T] SOURCE DEST
  or:  mv [OPTION]... SOURCE... DIRECTORY
  or:  mv [OPTION]... -t DIRECTORY SOURCE...
Rename SOURCE to DEST, or move SOURCE(s) to DIRECTORY.

Mandatory arguments to long options are mandatory for short options too.
      --backup[=CONTROL]       make a backup of each existing destination file
  -b                           like --backup but does not accept an argument
  -f, --force                  do not prompt before overwriting
  -i, --interactive            prompt before overwrite
  -n, --no-clobber             do not overwrite an existing file
If you specify more than one of -i, -f, -n, only the final one takes effect.
      --strip-trailing-slashes  remove any trailing slashes from each SOURCE
                                 argument
  -S, --suffix=SUFFIX          override the usual backup suffix
  -t, --target-directory=DIRECTORY  move all SOURCE arguments into DIRECTORY
  -T, --no-target-directory    treat DEST as a normal file
  -u, --update                 move only when the SOURCE file is newer
                                 than the destination file or when the
                                 destination file is missing
  -v, --verbose                explain what is being done
  -Z, --context                set SELinux security context of destination
                                 file to default type
      --help        display this help and exit
      --version     output version information and exit

The backup suffix is '~', unless set with --suffix or SIMPLE_BACKUP_SUFFIX.
The version control method may be selected via the --backup option or through
the VERSION_CONTROL environment variable.  Here are the values:

  none, off       never make backups (even if --backup is given)
  numbered, t     make numbered backups
  existing, nil   numbered if numbered backups exist, simple otherwise
  simple, never   always make simple backups
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._backup import Backup, ask, backup_of, targets
from maillab.shell.commands.coreutils._command import Command
from maillab.shell.commands.coreutils._copy import Copier, How, overwrite_question, strip_slashes
from maillab.shell.commands.coreutils._names import base_name, join
from maillab.shell.options import Given, gnu
from maillab.sim.host.errno import SysError
from maillab.sim.host.inode import Stat

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/bin/mv"}
AUTHORS = "Mike Parker, David MacKenzie, and Jim Meyering"
OPTIONS = gnu(
    "--backup=? -b -Z,--context -f,--force -i,--interactive -n,--no-clobber -T,--no-target-directory --strip-trailing-slashes -S,--suffix= "
    "-t,--target-directory= -u,--update -v,--verbose"
)


class Mover:
    """One run of mv."""

    def __init__(self, command: Command, given: Given, backup: Backup):
        self.command = command
        self.sys = command.sys
        self.backup = backup
        self.overwrite = given.latest("force", "interactive", "no-clobber") or ""
        self.update = given.has("update")
        self.verbose = given.has("verbose")
        self.made: set[str] = set()

    async def move(self, source: str, target: str, inside: bool) -> None:
        """Rename one file."""
        command, sys = self.command, self.sys
        try:
            stat = sys.lstat(source)
        except SysError as error:
            await command.complain(f"cannot stat {command.file(source)}", error)
            return
        if source.endswith("/") and stat.kind != "d":
            await command.complain(f"cannot stat {command.file(source)}", SysError("ENOTDIR"))
            return
        kept = ""
        there = self._there(target)
        if there is not None:
            if not await self._allowed(source, stat, target, there, inside):
                return
            if self.backup and stat.kind == there.kind:
                kept = self.backup.name(command, target)
                sys.rename(target, kept)
        try:
            sys.rename(source, strip_slashes(target) if stat.kind == "d" else target)
        except SysError as error:
            if error.name == "EXDEV":
                await self._across(source, stat, target)
                return
            await self._cannot(source, stat, target, there, error)
            return
        self.made.add(target)
        if self.verbose:
            tail = f" (backup: {command.file(kept)})" if kept else ""
            await sys.stdout.print(f"renamed {command.file(source)} -> {command.file(target)}{tail}")

    def _there(self, target: str) -> Stat | None:
        try:
            return self.sys.lstat(target)
        except SysError:
            return None

    async def _allowed(self, source: str, stat: Stat, target: str, there: Stat, inside: bool) -> bool:
        command = self.command
        if (stat.dev, stat.ino) == (there.dev, there.ino) and not self.backup:
            if stat.nlink > 1 and stat.kind == "-" and base_name(source) != base_name(target):
                self.sys.unlink(source)
                return False
            await command.complain(f"{command.file(source)} and {command.file(target)} are the same file")
            return False
        if self.overwrite == "no-clobber" or (self.update and stat.kind != "d" and there.mtime >= stat.mtime):
            return False
        if stat.kind == "d" and there.kind != "d":
            await command.complain(f"cannot overwrite non-directory {command.file(target)} with directory {command.file(source)}")
            return False
        if stat.kind != "d" and there.kind == "d":
            await command.complain(f"cannot overwrite directory {command.file(target)} with non-directory")
            return False
        if target in self.made:
            await command.complain(f"will not overwrite just-created {command.file(target)} with {command.file(source)}")
            return False
        unwritable = there.kind != "l" and not self.sys.access(target, "w") and self.sys.isatty(0) and self.overwrite != "force"
        if self.overwrite == "interactive" or unwritable:
            return await ask(command, overwrite_question(command, target, there))
        return True

    async def _cannot(self, source: str, stat: Stat, target: str, there: Stat | None, error: SysError) -> None:
        command = self.command
        shown = command.file(target)
        if error.name == "EINVAL":
            await command.complain(f"cannot move {command.file(source)} to a subdirectory of itself, {shown}")
        elif there is None or error.name != "EEXIST":
            await command.complain(f"cannot move {command.file(source)} to {shown}", error)
        else:
            await command.complain(f"cannot overwrite {shown}", error)

    async def _across(self, source: str, stat: Stat, target: str) -> None:
        """To another disk: copy, then remove."""
        everything = frozenset(("mode", "ownership", "timestamps", "links"))
        how = How(recursive=True, follow="never", preserve=everything, remove_first=True)
        if not await Copier(self.command, how).copy(source, target):
            return
        self._remove(source, stat)
        if self.verbose:
            await self.sys.stdout.print(f"copied {self.command.file(source)} -> {self.command.file(target)}")
            await self.sys.stdout.print(f"removed {self.command.file(source)}")

    def _remove(self, path: str, stat: Stat) -> None:
        if stat.kind != "d":
            self.sys.unlink(path)
            return
        for name in self.sys.listdir(path):
            below = join(path, name)
            self._remove(below, self.sys.lstat(below))
        self.sys.rmdir(path)


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    backup = await backup_of(command, given)
    if backup and given.latest("force", "interactive", "no-clobber") == "no-clobber":
        await command.usage("options --backup and --no-clobber are mutually exclusive")
    sources, destination, inside = await targets(command, given)
    mover = Mover(command, given, backup)
    for source in sources:
        if given.has("strip-trailing-slashes"):
            source = strip_slashes(source)
        await mover.move(source, join(destination, base_name(source)) if inside else destination, inside)
    return command.status
