"""ln - make links between files

Usage: ln [OPTION]... [-T] TARGET LINK_NAME
  or:  ln [OPTION]... TARGET
  or:  ln [OPTION]... TARGET... DIRECTORY
  or:  ln [OPTION]... -t DIRECTORY TARGET...
In the 1st form, create a link to TARGET with the name LINK_NAME.
In the 2nd form, create a link to TARGET in the current directory.
In the 3rd and 4th forms, create links to each TARGET in DIRECTORY.
Create hard links by default, symbolic links with --symbolic.
By default, each destination (name of new link) should not already exist.
When creating hard links, each TARGET must exist.  Symbolic links
can hold arbitrary text; if later resolved, a relative link is
interpreted in relation to its parent directory.

Mandatory arguments to long options are mandatory for short options too.
      --backup[=CONTROL]      make a backup of each existing destination file
  -b                          like --backup but does not accept an argument
  -d, -F, --directory         allow the superuser to attempt to hard link
                                directories (note: will probably fail due to
                                system restrictions, even for the superuser)
  -f, --force                 remove existing destination files
  -i, --interactive           prompt whether to remove destinations
  -L, --logical               dereference TARGETs that are symbolic links
  -n, --no-dereference        treat LINK_NAME as a normal file if
                                it is a symbolic link to a directory
  -P, --physical              make hard links directly to symbolic links
  -r, --relative              with -s, create links relative to link location
  -s, --symbolic              make symbolic links instead of hard links
  -S, --suffix=SUFFIX         override the usual backup suffix
  -t, --target-directory=DIRECTORY  specify the DIRECTORY in which to create
                                the links
  -T, --no-target-directory   treat LINK_NAME as a normal file always
  -v, --verbose               print name of each linked file
      --help        display this help and exit
      --version     output version information and exit

The backup suffix is '~', unless set with --suffix or SIMPLE_BACKUP_SUFFIX.
The version control method may be selected via the --backup option or through
the VERSION_CONTROL environment variable.  Here are the values:

  none, off       never make backups (even if --backup is given)
  numbered, t     make numbered backups
  existing, nil   numbered if numbered backups exist, simple otherwise
  simple, never   always make simple backups

Using -s ignores -L and -P.  Otherwise, the last option specified controls
behavior when a TARGET is a symbolic link, defaulting to -P.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._backup import Backup, ask, backup_of, place, targets
from maillab.shell.commands.coreutils._command import Command
from maillab.shell.commands.coreutils._names import base_name, dir_name
from maillab.shell.commands.coreutils._relative import relative
from maillab.shell.options import Given, gnu
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/bin/ln"}
AUTHORS = "Mike Parker and David MacKenzie"
OPTIONS = gnu(
    "--backup=? -b -d,-F,--directory -n,--no-dereference -f,--force -i,--interactive -L,--logical -P,--physical -r,--relative "
    "-s,--symbolic -S,--suffix= -t,--target-directory= -T,--no-target-directory -v,--verbose"
)


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    if given.has("relative") and not given.has("symbolic"):
        await command.die("cannot do --relative without --symbolic")
    if not given.operands:
        await command.usage("missing file operand")
    backup = await backup_of(command, given)
    last = given.operands[-1]
    if len(given.operands) == 2 and given.has("no-dereference") and not given.has("target-directory") and _is_link(sys, last):
        sources, destination, inside = given.operands[:1], last, False
    elif len(given.operands) == 1 and given.has("no-target-directory"):
        await command.usage(f"missing destination file operand after {command.file(last)}")
    else:
        sources, destination, inside = await targets(command, given, missing_destination=False)
    made: set[str] = set()
    for source in sources:
        target = place(destination, source, inside)
        if target in made and inside:
            await command.complain(f"will not overwrite just-created {command.file(target)} with {command.file(source)}")
            continue
        if await _link(command, given, source, target, backup):
            made.add(target)
    return command.status


def _is_link(sys: Process, name: str) -> bool:
    try:
        return sys.lstat(name).kind == "l"
    except SysError:
        return False


async def _link(command: Command, given: Given, source: str, target: str, backup: Backup) -> bool:
    sys = command.sys
    symbolic = given.has("symbolic")
    if not symbolic:
        try:
            stat = sys.stat(source) if given.latest("logical", "physical") == "logical" else sys.lstat(source)
        except SysError as error:
            await command.complain(f"failed to access {command.file(source)}", error)
            return False
        if stat.kind == "d" and not given.has("directory"):
            await command.complain(f"{command.odd(source)}: hard link not allowed for directory")
            return False
    try:
        proceed, kept = await _clear(command, given, source, target, backup)
        if not proceed:
            return False
        if symbolic:
            sys.symlink(_relative_text(command, source, target) if given.has("relative") else source, target)
        else:
            sys.link(sys.realpath(source) if given.latest("logical", "physical") == "logical" else source, target)
    except SysError as error:
        await command.complain(_sentence(command, source, target, symbolic, error), error)
        return False
    if given.has("verbose"):
        trace = f"{command.file(kept)} ~ " if kept else ""
        await sys.stdout.print(f"{trace}{command.file(target)} {'->' if symbolic else '=>'} {command.file(source)}")
    return True


def _sentence(command: Command, source: str, target: str, symbolic: bool, error: SysError) -> str:
    if symbolic:
        tail = f" -> {command.file(source)}" if error.name == "ENAMETOOLONG" else ""
        return f"failed to create symbolic link {command.file(target)}{tail}"
    tail = "" if error.name in ("EEXIST", "EDQUOT", "ENOSPC", "EROFS", "EMLINK") else f" => {command.file(source)}"
    return f"failed to create hard link {command.file(target)}{tail}"


async def _clear(command: Command, given: Given, source: str, target: str, backup: Backup) -> tuple[bool, str]:
    """Make room for the link: (go on?, name of the backup). Raises SysError."""
    sys = command.sys
    try:
        there = sys.lstat(target)
    except SysError:
        return True, ""
    force, interactive = given.latest("force", "interactive") == "force", given.latest("force", "interactive") == "interactive"
    if not (force or interactive or backup):
        return True, ""
    if there.kind == "d":
        await command.complain(f"{command.odd(target)}: cannot overwrite directory")
        return False, ""
    if _same(sys, source, target):
        same_name = base_name(source) == base_name(target) and sys.realpath(dir_name(source)) == sys.realpath(dir_name(target))
        if same_name:
            await command.complain(f"{command.file(source)} and {command.file(target)} are the same file")
            return False, ""
    if interactive and not await ask(command, f"replace {command.file(target)}? "):
        return False, ""
    if backup:
        kept = backup.name(command, target)
        sys.rename(target, kept)
        return True, kept
    sys.unlink(target)
    return True, ""


def _same(sys: Process, one: str, two: str) -> bool:
    try:
        a, b = sys.lstat(one), sys.lstat(two)
    except SysError:
        return False
    return (a.dev, a.ino) == (b.dev, b.ino)


def _relative_text(command: Command, source: str, target: str) -> str:
    sys = command.sys
    base = sys.realpath(dir_name(target))
    try:
        full = sys.realpath(source)
    except SysError:
        full = sys.absolute(source)
    return relative(full, base)
