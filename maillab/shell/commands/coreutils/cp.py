"""cp - copy files and directories

Usage: cp [OPTION]... [-T] SOURCE DEST
  or:  cp [OPTION]... SOURCE... DIRECTORY
  or:  cp [OPTION]... -t DIRECTORY SOURCE...
Copy SOURCE to DEST, or multiple SOURCE(s) to DIRECTORY.

Mandatory arguments to long options are mandatory for short options too.
  -a, --archive                same as -dR --preserve=all
      --attributes-only        don't copy the file data, just the attributes
      --backup[=CONTROL]       make a backup of each existing destination file
  -b                           like --backup but does not accept an argument
      --copy-contents          copy contents of special files when recursive
  -d                           same as --no-dereference --preserve=links
  -f, --force                  if an existing destination file cannot be
                                 opened, remove it and try again (this option
                                 is ignored when the -n option is also used)
  -i, --interactive            prompt before overwrite (overrides a previous -n
                                  option)
  -H                           follow command-line symbolic links in SOURCE
  -l, --link                   hard link files instead of copying
  -L, --dereference            always follow symbolic links in SOURCE
  -n, --no-clobber             do not overwrite an existing file (overrides
                                 a previous -i option)
  -P, --no-dereference         never follow symbolic links in SOURCE
  -p                           same as --preserve=mode,ownership,timestamps
      --preserve[=ATTR_LIST]   preserve the specified attributes (default:
                                 mode,ownership,timestamps), if possible
                                 additional attributes: context, links, xattr,
                                 all
      --no-preserve=ATTR_LIST  don't preserve the specified attributes
      --parents                use full source file name under DIRECTORY
  -R, -r, --recursive          copy directories recursively
      --reflink[=WHEN]         control clone/CoW copies. See below
      --remove-destination     remove each existing destination file before
                                 attempting to open it (contrast with --force)
      --sparse=WHEN            control creation of sparse files. See below
      --strip-trailing-slashes  remove any trailing slashes from each SOURCE
                                 argument
  -s, --symbolic-link          make symbolic links instead of copying
  -S, --suffix=SUFFIX          override the usual backup suffix
  -t, --target-directory=DIRECTORY  copy all SOURCE arguments into DIRECTORY
  -T, --no-target-directory    treat DEST as a normal file
  -u, --update                 copy only when the SOURCE file is newer
                                 than the destination file or when the
                                 destination file is missing
  -v, --verbose                explain what is being done
  -x, --one-file-system        stay on this file system
  -Z                           set SELinux security context of destination
                                 file to default type
      --context[=CTX]          like -Z, or if CTX is specified then set the
                                 SELinux or SMACK security context to CTX
      --help        display this help and exit
      --version     output version information and exit

By default, sparse SOURCE files are detected by a crude heuristic and the
corresponding DEST file is made sparse as well.  That is the behavior
selected by --sparse=auto.  Specify --sparse=always to create a sparse DEST
file whenever the SOURCE file contains a long enough sequence of zero bytes.
Use --sparse=never to inhibit creation of sparse files.

When --reflink[=always] is specified, perform a lightweight copy, where the
data blocks are copied only when modified.  If this is not possible the copy
fails, or if --reflink=auto is specified, fall back to a standard copy.
Use --reflink=never to ensure a standard copy is performed.

The backup suffix is '~', unless set with --suffix or SIMPLE_BACKUP_SUFFIX.
The version control method may be selected via the --backup option or through
the VERSION_CONTROL environment variable.  Here are the values:

  none, off       never make backups (even if --backup is given)
  numbered, t     make numbered backups
  existing, nil   numbered if numbered backups exist, simple otherwise
  simple, never   always make simple backups

As a special case, cp makes a backup of SOURCE when the force and backup
options are given and SOURCE and DEST are the same name for an existing,
regular file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._backup import backup_of, targets
from maillab.shell.commands.coreutils._command import Command
from maillab.shell.commands.coreutils._copy import Copier, How, strip_slashes, target_name
from maillab.shell.commands.coreutils._names import dir_name, join
from maillab.shell.options import Given, UsageError, gnu
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/bin/cp"}
AUTHORS = "Torbjorn Granlund, David MacKenzie, and Jim Meyering"
OPTIONS = gnu(
    "-a,--archive --attributes-only --backup=? -b --copy-contents -d -f,--force -H -i,--interactive -l,--link -L,--dereference "
    "-n,--no-clobber -P,--no-dereference -p --no-preserve= -T,--no-target-directory -x,--one-file-system --parents --path --preserve=? "
    "-R,--recursive -r --reflink=? --remove-destination --sparse= --strip-trailing-slashes -S,--suffix= -s,--symbolic-link "
    "-t,--target-directory= -u,--update -v,--verbose -Z --context=?"
)
ATTRIBUTES = {
    "mode": ("mode",), "timestamps": ("timestamps",), "ownership": ("ownership",), "links": ("links",), "context": ("context",),
    "xattr": ("xattr",),
    "all": ("mode", "timestamps", "ownership", "links"),
}  # fmt: skip
USUAL = ("mode", "ownership", "timestamps")
SPARSE = {"never": 0, "auto": 1, "always": 2}
REFLINK = {"auto": 0, "always": 1, "never": 2}


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    how = await _how(command, given)
    if how.link == "hard" and given.has("symbolic-link"):
        await command.usage("cannot make both hard and symbolic links")
    if how.backup and how.overwrite == "never":
        await command.usage("options --backup and --no-clobber are mutually exclusive")
    sources, destination, inside = await targets(command, given)
    copier = Copier(command, how)
    if how.parents and not inside:
        await command.usage("with --parents, the destination must be a directory")
    for source in sources:
        if given.has("strip-trailing-slashes"):
            source = strip_slashes(source)
        target = destination
        if how.parents:
            target = join(destination, source.lstrip("/"))
            if not await _parents(command, source, destination, how):
                continue
        elif inside:
            target = target_name(destination, source)
        await copier.copy(source, target)
    return command.status


async def _how(command: Command, given: Given) -> How:
    how = How()
    how.recursive = given.has("archive", "recursive", "r")
    last = given.latest("archive", "d", "H", "dereference", "no-dereference")
    how.follow = {"H": "command-line", "dereference": "always"}.get(last or "", "never" if last else "")
    if not how.follow:
        how.follow = "never" if how.recursive and not given.has("link") else "always"
    how.preserve = await _preserve(command, given)
    how.backup = await backup_of(command, given)
    clobber = given.latest("interactive", "no-clobber")
    how.overwrite = {"interactive": "ask", "no-clobber": "never"}.get(clobber or "", "yes")
    how.update = given.has("update")
    how.force = given.has("force")
    how.remove_first = given.has("remove-destination")
    how.link = "hard" if given.has("link") else "symbolic" if given.has("symbolic-link") else ""
    how.verbose = given.has("verbose")
    how.attributes_only = given.has("attributes-only")
    how.copy_contents = given.has("copy-contents")
    how.parents = given.has("parents", "path")
    for name, words in (("sparse", SPARSE), ("reflink", REFLINK)):
        try:
            for value in given.values(name):
                command.choice(value, f"--{name}", words)
        except UsageError as error:
            await command.usage(error)
    return how


async def _preserve(command: Command, given: Given) -> frozenset[str]:
    """The attributes to keep, after all options in their order."""
    kept: dict[str, None] = {}
    for found in given.found:
        names: tuple[str, ...] = ()
        if found.name == "archive":
            names = ATTRIBUTES["all"]
        elif found.name == "d":
            names = ("links",)
        elif found.name == "p":
            names = USUAL
        elif found.name in ("preserve", "no-preserve"):
            names = USUAL if found.value is None else await _attributes(command, found.value, found.name)
        if found.name == "no-preserve":
            for name in names:
                kept.pop(name, None)
        else:
            kept |= dict.fromkeys(names)
    return frozenset(kept)


async def _attributes(command: Command, text: str, option: str) -> tuple[str, ...]:
    names: list[str] = []
    for word in text.split(","):
        try:
            names += command.choice(word, f"--{option}", ATTRIBUTES)
        except UsageError as error:
            await command.usage(error)
    return tuple(names)


async def _parents(command: Command, source: str, destination: str, how: How) -> bool:
    """--parents: make the directories of the source's name below the destination."""
    sys = command.sys
    parts = [part for part in dir_name(source).split("/") if part and part != "."]
    path, original = destination, "/" if source.startswith("/") else ""
    for part in parts:
        path, original = join(path, part), join(original, part) if original else part
        if sys.isdir(path):
            continue
        try:
            stat = sys.stat(original)
            sys.mkdir(path, stat.perms & 0o777)
            if how.preserve:
                sys.chmod(path, stat.perms)
        except SysError as error:
            await command.complain(f"cannot make directory {command.file(path)}", error)
            return False
        if how.verbose:
            await sys.stdout.print(f"{original} -> {path}")
    return True
