"""install - copy files and set attributes

Usage: install [OPTION]... [-T] SOURCE DEST
  or:  install [OPTION]... SOURCE... DIRECTORY
  or:  install [OPTION]... -t DIRECTORY SOURCE...
  or:  install [OPTION]... -d DIRECTORY...

This install program copies files (often just compiled) into destination
locations you choose.  If you want to download and install a ready-to-use
package on a GNU/Linux system, you should instead be using a package manager
like yum(1) or apt-get(1).

In the first three forms, copy SOURCE to DEST or multiple SOURCE(s) to
the existing DIRECTORY, while setting permission modes and owner/group.
In the 4th form, create all components of the given DIRECTORY(ies).

Mandatory arguments to long options are mandatory for short options too.
      --backup[=CONTROL]  make a backup of each existing destination file
  -b                  like --backup but does not accept an argument
  -c                  (ignored)
  -C, --compare       compare content of source and destination files, and
                        if no change to content, ownership, and permissions,
                        do not modify the destination at all
  -d, --directory     treat all arguments as directory names; create all
                        components of the specified directories
  -D                  create all leading components of DEST except the last,
                        or all components of --target-directory,
                        then copy SOURCE to DEST
  -g, --group=GROUP   set group ownership, instead of process' current group
  -m, --mode=MODE     set permission mode (as in chmod), instead of rwxr-xr-x
  -o, --owner=OWNER   set ownership (super-user only)
  -p, --preserve-timestamps   apply access/modification times of SOURCE files
                        to corresponding destination files
  -s, --strip         strip symbol tables
      --strip-program=PROGRAM  program used to strip binaries
  -S, --suffix=SUFFIX  override the usual backup suffix
  -t, --target-directory=DIRECTORY  copy all SOURCE arguments into DIRECTORY
  -T, --no-target-directory  treat DEST as a normal file
  -v, --verbose       print the name of each directory as it is created
      --preserve-context  preserve SELinux security context
  -Z                      set SELinux security context of destination
                            file and each created directory to default type
      --context[=CTX]     like -Z, or if CTX is specified then set the
                            SELinux or SMACK security context to CTX
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

from dataclasses import dataclass
from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._backup import Backup, backup_of, targets
from maillab.shell.commands.coreutils._command import Command
from maillab.shell.commands.coreutils._copy import Copier, How
from maillab.shell.commands.coreutils._names import base_name, dir_name, join
from maillab.shell.modes import Change, parse_mode
from maillab.shell.options import Given, gnu
from maillab.sim.host.accounts import getgrnam, getpwnam
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/install"}
AUTHORS = "David MacKenzie"
OPTIONS = gnu(
    "--backup=? -b -C,--compare -c -D -d,--directory -g,--group= -m,--mode= -T,--no-target-directory -o,--owner= -p,--preserve-timestamps "
    "--preserve-context -s,--strip --strip-program= -S,--suffix= -t,--target-directory= -v,--verbose -Z --context=?"
)


@dataclass
class Wanted:
    """The attributes of what is installed."""

    change: Change
    uid: int
    gid: int


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    if given.has("directory") and given.has("strip"):
        await command.die("the strip option may not be used when installing a directory")
    if given.has("directory") and given.has("target-directory"):
        await command.die("target directory not allowed when installing a directory")
    text = given.last("mode", "755") or ""
    change = parse_mode(text)
    if change is None:
        await command.die(f"invalid mode {command.q(text)}")
    backup = await backup_of(command, given)
    if not given.operands:
        await command.usage("missing file operand")
    wanted = Wanted(change, await _user(command, given.last("owner")), await _group(command, given.last("group")))
    if given.has("directory"):
        for name in given.operands:
            await _directories(command, name, wanted, given.has("verbose"))
        return command.status
    if given.has("D"):
        await _leading(command, given)
    sources, destination, inside = await targets(command, given)
    for source in sources:
        await _install(command, given, source, join(destination, base_name(source)) if inside else destination, wanted, backup)
    return command.status


async def _user(command: Command, name: str | None) -> int:
    if name is None:
        return -1
    user = getpwnam(command.sys, name)
    if user is None and not name.isdigit():
        await command.die(f"invalid user {command.q(name)}")
    return user.uid if user else int(name)


async def _group(command: Command, name: str | None) -> int:
    if name is None:
        return -1
    group = getgrnam(command.sys, name)
    if group is None and not name.isdigit():
        await command.die(f"invalid group {command.q(name)}")
    return group.gid if group else int(name)


async def _leading(command: Command, given: Given) -> None:
    """-D: make the directories above the destination (or the target directory itself)."""
    into = given.last("target-directory")
    path = into if into is not None else dir_name(given.operands[-1]) if len(given.operands) > 1 else "."
    await _make_all(command, path, given.has("verbose"))


async def _make_all(command: Command, path: str, verbose: bool) -> bool:
    parts = path.rstrip("/").split("/")
    for count in range(1, len(parts) + 1):
        part = "/".join(parts[:count])
        if not part or command.sys.isdir(part):
            continue
        try:
            command.sys.mkdir(part, 0o755)
        except SysError as error:
            await command.complain(f"cannot create directory {command.file(part)}", error)
            return False
        if verbose:
            await command.sys.stdout.print(f"{command.program}: creating directory {command.file(part)}")
    return True


def _attributes(sys: Process, path: str, wanted: Wanted, directory: bool) -> None:
    if wanted.uid != -1 or wanted.gid != -1:
        sys.chown(path, wanted.uid, wanted.gid)
    sys.chmod(path, wanted.change(0, directory, 0))


async def _directories(command: Command, name: str, wanted: Wanted, verbose: bool) -> None:
    if not await _make_all(command, name, verbose):
        return
    try:
        _attributes(command.sys, name, wanted, True)
    except SysError as error:
        await command.complain(f"cannot change ownership of {command.file(name)}", error)


async def _install(command: Command, given: Given, source: str, target: str, wanted: Wanted, backup: Backup) -> None:
    sys = command.sys
    if sys.isdir(source):
        await command.complain(f"omitting directory {command.file(source)}")
        return
    if given.has("compare") and _is_same(sys, source, target, wanted):
        return
    preserve = frozenset(("timestamps",)) if given.has("preserve-timestamps") else frozenset()
    how = How(preserve=preserve, backup=backup, remove_first=not backup, verbose=given.has("verbose"))
    if not await Copier(command, how).copy(source, target):
        return
    try:
        _attributes(sys, target, wanted, False)
    except SysError as error:
        await command.complain(f"cannot change ownership of {command.file(target)}", error)


def _is_same(sys: Process, source: str, target: str, wanted: Wanted) -> bool:
    """-C: is the destination already as it would be?"""
    try:
        there = sys.lstat(target)
        same = there.kind == "-" and sys.slurp(source) == sys.slurp(target) and there.perms == wanted.change(0, False, 0)
    except SysError:
        return False
    return same and wanted.uid in (-1, there.uid) and wanted.gid in (-1, there.gid)
