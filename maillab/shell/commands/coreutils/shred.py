"""shred - overwrite a file to hide its contents, and optionally ...

Usage: shred [OPTION]... FILE...
Overwrite the specified FILE(s) repeatedly, in order to make it harder
for even very expensive hardware probing to recover the data.

If FILE is -, shred standard output.

Mandatory arguments to long options are mandatory for short options too.
  -f, --force    change permissions to allow writing if necessary
  -n, --iterations=N  overwrite N times instead of the default (3)
      --random-source=FILE  get random bytes from FILE
  -s, --size=N   shred this many bytes (suffixes like K, M, G accepted)
  -u             deallocate and remove file after overwriting
      --remove[=HOW]  like -u but give control on HOW to delete;  See below
  -v, --verbose  show progress
  -x, --exact    do not round file sizes up to the next full block;
                   this is the default for non-regular files
  -z, --zero     add a final overwrite with zeros to hide shredding
      --help        display this help and exit
      --version     output version information and exit

Delete FILE(s) if --remove (-u) is specified.  The default is not to remove
the files because it is common to operate on device files like /dev/hda,
and those files usually should not be removed.
The optional HOW parameter indicates how to remove a directory entry:
'unlink' => use a standard unlink call.
'wipe' => also first obfuscate bytes in the name.
'wipesync' => also sync each obfuscated byte to the device.
The default mode is 'wipesync', but note it can be expensive.

CAUTION: shred assumes the file system and hardware overwrite data in place.
Although this is common, many platforms operate otherwise.  Also, backups
and mirrors may contain unremovable copies that will let a shredded file
be recovered later.  See the GNU coreutils manual for details.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.commands.coreutils._names import base_name, dir_name, join
from maillab.shell.options import Given, UsageError, gnu
from maillab.shell.sizes import SizeError, parse_size
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/shred"}
AUTHORS = "Colin Plumb"
OPTIONS = gnu("-f,--force -n,--iterations= --random-source= -s,--size= -u --remove=? -v,--verbose -x,--exact -z,--zero")
REMOVE = {"unlink": "unlink", "wipe": "wipe", "wipesync": "wipesync"}


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    if not given.operands:
        await command.usage("missing file operand")
    passes = given.last("iterations", "3") or ""
    if not passes.isdigit():
        await command.die(f"invalid number of passes: {command.q(passes)}")
    size = None
    if (text := given.last("size")) is not None:
        try:
            size = parse_size(text, "cbBkKMGTPEZY")
        except SizeError:
            await command.die(f"invalid file size: {command.q(text)}")
    remove = "wipesync" if given.has("u", "remove") else ""
    try:
        for value in given.values("remove"):
            remove = command.choice(value, "--remove", REMOVE)
    except UsageError as error:
        await command.usage(error)
    for name in given.operands:
        if await _overwrite(command, given, name, int(passes), size) and remove:
            await _remove(command, name, remove, given.has("verbose"))
    return command.status


async def _overwrite(command: Command, given: Given, name: str, passes: int, size: int | None) -> bool:
    """Write over a file so many times; False after a complaint."""
    sys = command.sys
    try:
        if given.has("force") and not sys.access(name, "w"):
            sys.chmod(name, sys.stat(name).perms | 0o200)
        fd = sys.open(name, "r+")
    except SysError as error:
        await command.complain(f"{command.odd(name)}: failed to open for writing", error)
        return False
    length = sys.fstat(fd).size if size is None else size
    if not given.has("exact") and size is None:
        length = -(-length // 4096) * 4096
    total = passes + given.has("zero")
    for number in range(1, total + 1):
        zero = number > passes
        if given.has("verbose"):
            await command.note(f"{command.odd(name)}: pass {number}/{total} ({'000000' if zero else 'random'})...")
        sys.lseek(fd, 0)
        await sys.write(fd, bytes(length) if zero else sys.random.randbytes(length))
    sys.close(fd)
    return True


async def _remove(command: Command, name: str, how: str, verbose: bool) -> None:
    """Give the file shorter and shorter names of zeros, then unlink it."""
    sys = command.sys
    shown = command.odd(name)
    if verbose:
        await command.note(f"{shown}: removing")
    current = name
    try:
        for length in range(len(base_name(name)) if how != "unlink" else 0, 0, -1):
            new = join(dir_name(name), "0" * length) if "/" in name else "0" * length
            if sys.exists(new):
                continue
            sys.rename(current, new)
            if verbose:
                await command.note(f"{command.odd(current)}: renamed to {command.odd(new)}")
            current = new
        sys.unlink(current)
    except SysError as error:
        await command.complain(f"{shown}: failed to remove", error)
        return
    if verbose:
        await command.note(f"{shown}: removed")
