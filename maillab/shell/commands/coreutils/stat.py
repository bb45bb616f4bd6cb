r"""stat - display file or file system status

Usage: stat [OPTION]... FILE...
Display file or file system status.

Mandatory arguments to long options are mandatory for short options too.
  -L, --dereference     follow links
  -f, --file-system     display file system status instead of file status
      --cached=MODE     specify how to use cached attributes;
                          useful on remote file systems. See MODE below
  -c  --format=FORMAT   use the specified FORMAT instead of the default;
                          output a newline after each use of FORMAT
      --printf=FORMAT   like --format, but interpret backslash escapes,
                          and do not output a mandatory trailing newline;
                          if you want a newline, include \n in FORMAT
  -t, --terse           print the information in terse form
      --help        display this help and exit
      --version     output version information and exit

The MODE argument of --cached can be: always, never, or default.
'always' will use cached attributes if available, while
'never' will try to synchronize with the latest attributes, and
'default' will leave it up to the underlying file system.

The valid format sequences for files (without --file-system):

  %a   permission bits in octal (note '#' and '0' printf flags)
  %A   permission bits and file type in human readable form
  %b   number of blocks allocated (see %B)
  %B   the size in bytes of each block reported by %b
  %C   SELinux security context string
  %d   device number in decimal (st_dev)
  %D   device number in hex (st_dev)
  %Hd  major device number in decimal
  %Ld  minor device number in decimal
  %f   raw mode in hex
  %F   file type
  %g   group ID of owner
  %G   group name of owner
  %h   number of hard links
  %i   inode number
  %m   mount point
  %n   file name
  %N   quoted file name with dereference if symbolic link
  %o   optimal I/O transfer size hint
  %s   total size, in bytes
  %r   device type in decimal (st_rdev)
  %R   device type in hex (st_rdev)
  %Hr  major device type in decimal, for character/block device special files
  %Lr  minor device type in decimal, for character/block device special files
  %t   major device type in hex, for character/block device special files
  %T   minor device type in hex, for character/block device special files
  %u   user ID of owner
  %U   user name of owner
  %w   time of file birth, human-readable; - if unknown
  %W   time of file birth, seconds since Epoch; 0 if unknown
  %x   time of last access, human-readable
  %X   time of last access, seconds since Epoch
  %y   time of last data modification, human-readable
  %Y   time of last data modification, seconds since Epoch
  %z   time of last status change, human-readable
  %Z   time of last status change, seconds since Epoch

Valid format sequences for file systems:

  %a   free blocks available to non-superuser
  %b   total data blocks in file system
  %c   total file nodes in file system
  %d   free file nodes in file system
  %f   free blocks in file system
  %i   file system ID in hex
  %l   maximum length of filenames
  %n   file name
  %s   block size (for faster transfers)
  %S   fundamental block size (for block counts)
  %t   file system type in hex
  %T   file system type in human readable form

--terse is equivalent to the following FORMAT:
    %n %s %b %f %u %g %D %i %h %t %T %X %Y %Z %W %o %C
--terse --file-system is equivalent to the following FORMAT:
    %n %i %l %t %s %S %b %f %a %c %d

NOTE: your shell may have its own version of stat, which usually supersedes
the version described here.  Please refer to your shell's documentation
for details about the options it supports.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.commands.coreutils._escapes import expand_echo
from maillab.shell.commands.coreutils._stat_fields import FileFacts, Places, file_field, system_field
from maillab.shell.options import UsageError, gnu
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/stat"}
AUTHORS = "Michael Meskes"
OPTIONS = gnu("-L,--dereference -f,--file-system -c,--format= --printf= -t,--terse --cached=")
CACHED = {"default": 0, "never": 1, "always": 2}
FILE = (
    "  File: %N\n  Size: %-10s\tBlocks: %-10b IO Block: %-6o %F\nDevice: %Hd,%Ld\tInode: %-10i  Links: {links}\n"
    "Access: (%04a/%10.10A)  Uid: (%5u/%8U)   Gid: (%5g/%8G)\nAccess: %x\nModify: %y\nChange: %z\n Birth: %w\n"
)
SYSTEM = (
    '  File: "%n"\n    ID: %-8i Namelen: %-7l Type: %T\nBlock size: %-10s Fundamental block size: %S\n'
    "Blocks: Total: %-10b Free: %-10f Available: %a\nInodes: Total: %-10c Free: %d\n"
)
TERSE = "%n %s %b %f %u %g %D %i %h %t %T %X %Y %Z %W %o\n"
TERSE_SYSTEM = "%n %i %l %t %s %S %b %f %a %c %d\n"
_DIRECTIVE = re.compile(r"%([-+#0 ']*)(\d*)(?:\.(\d*))?([HL][drD]|.)?", re.S)


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    if (cached := given.last("cached")) is not None:
        try:
            command.choice(cached, "--cached", CACHED)
        except UsageError as error:
            await command.usage(error)
    if not given.operands:
        await command.usage("missing operand")
    last = given.latest("format", "printf")
    text = given.last(last) if last else None
    for name in given.operands:
        out = await _show(command, name, text, last == "printf", given.has("file-system"), given.has("terse"), given.has("dereference"))
        await sys.stdout.write(out)
    return command.status


async def _show(command: Command, name: str, text: str | None, escapes: bool, system: bool, terse: bool, follow: bool) -> str | bytes:
    """What is printed about one file; "" after a complaint."""
    sys = command.sys
    if system:
        if name == "-":
            await command.complain(f"using {command.file('-')} to denote standard input does not work in file system mode")
            return ""
        try:
            capacity, used = sys.statvfs(name)
        except SysError as error:
            await command.complain(f"cannot read file system information for {command.file(name)}", error)
            return ""
        form = text if text is not None else TERSE_SYSTEM[:-1] if terse else SYSTEM[:-1]
        return await _fill(command, form, escapes, text, lambda key: system_field(key, name, capacity, used))
    try:
        stat = sys.fstat(0) if name == "-" else sys.stat(name) if follow else sys.lstat(name)
    except SysError as error:
        await command.complain(f"cannot {'statx' if command.version >= (8, 32) else 'stat'} {command.file(name)}", error)
        return ""
    facts = FileFacts(command, name, stat, quoting=text is not None)
    links = "%-5h Device type: %Hr,%Lr" if stat.kind in "bc" else "%h"
    form = text if text is not None else TERSE[:-1] if terse else FILE.replace("{links}", links)[:-1]
    return await _fill(command, form, escapes, text, lambda key: file_field(key, facts))


async def _fill(command: Command, form: str, escapes: bool, text: str | None, field: Places) -> bytes:
    """A format with its directives replaced; unknown ones are `?`."""
    for found in _DIRECTIVE.finditer(form):
        if found[4] is None and (found[1] or found[2]):
            await command.die(f"{command.file(found[0])}: invalid directive")
    marked: list[str] = []

    def fill(found: re.Match[str]) -> str:
        key = found[4]
        if key is None or key == "%":
            return "%" if not escapes else "\x00%"
        value = field(key)
        marked.append(_padded(found, key, value))
        return f"\x00{len(marked) - 1}\x00"

    replaced = _DIRECTIVE.sub(fill, form)
    out = bytearray()
    for i, piece in enumerate(re.split(r"\x00(\d+)\x00", replaced)):
        if i % 2:
            out += marked[int(piece)].encode("utf-8", "surrogateescape")
        else:
            piece = piece.replace("\x00%", "%")
            out += expand_echo(piece)[0] if escapes else piece.encode("utf-8", "surrogateescape")
    return bytes(out) + (b"" if escapes else b"\n")


def _padded(found: re.Match[str], key: str, value: str | int) -> str:
    """A value in the width, precision and flags of its directive."""
    flags, width, precision = found[1], int(found[2] or 0), found[3]
    if isinstance(value, int):
        base = {"a": "o", "f": "x", "D": "x", "t": "x", "T": "x", "R": "x"}.get(key, "d")
        text = f"{value:{base}}"
        if "#" in flags and base != "d" and value:
            text = ("0" if base == "o" else "0x") + text
        if "0" in flags and "-" not in flags:
            return text.zfill(width)
    else:
        text = value if precision is None or key in "XYZW" else value[: int(precision or 0)]
        if key in "XYZW":
            whole, _, fraction = value.partition(".")
            digits = 0 if precision is None else int(precision or 9)
            text = f"{whole}.{fraction.ljust(9, '0')[:digits].ljust(digits, '0')}" if digits else whole
    return text.ljust(width) if "-" in flags else text.rjust(width)
