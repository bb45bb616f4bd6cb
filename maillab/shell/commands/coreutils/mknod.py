"""mknod - make block or character special files

Usage: mknod [OPTION]... NAME TYPE [MAJOR MINOR]
Create the special file NAME of the given TYPE.

Mandatory arguments to long options are mandatory for short options too.
  -m, --mode=MODE    set file permission bits to MODE, not a=rw - umask
  -Z                   set the SELinux security context to default type
      --context[=CTX]  like -Z, or if CTX is specified then set the SELinux
                         or SMACK security context to CTX
      --help        display this help and exit
      --version     output version information and exit

Both MAJOR and MINOR must be specified when TYPE is b, c, or u, and they
must be omitted when TYPE is p.  If MAJOR or MINOR begins with 0x or 0X,
it is interpreted as hexadecimal; otherwise, if it begins with 0, as octal;
otherwise, as decimal.  TYPE may be:

  b      create a block (buffered) special file
  c, u   create a character (unbuffered) special file
  p      create a FIFO

NOTE: your shell may have its own version of mknod, which usually supersedes
the version described here.  Please refer to your shell's documentation
for details about the options it supports.
"""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.modes import parse_mode
from maillab.shell.options import gnu
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/bin/mknod"}
AUTHORS = "David MacKenzie"
OPTIONS = gnu("-m,--mode= -Z --context=?")
KINDS = {"b": stat.S_IFBLK, "c": stat.S_IFCHR, "u": stat.S_IFCHR, "p": stat.S_IFIFO}


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    words = given.operands
    mode = 0o666
    if (text := given.last("mode")) is not None:
        change = parse_mode(text)
        if change is None:
            await command.die("invalid mode")
        mode = change(0o666, False, sys.umask_)
        if mode & ~0o777:
            await command.die("mode must specify only file permission bits")
    fifo = len(words) > 1 and words[1].startswith("p")
    expected = 2 if len(words) < 2 or fifo else 4
    if len(words) < expected:
        if len(words) == 2:
            missing = f"missing operand after {command.q(words[-1])}\nSpecial files require major and minor device numbers."
            await command.usage(missing)
        await command.need_operand(words, expected)
    if len(words) > expected:
        extra = "\nFifos do not have major and minor device numbers." if fifo and len(words) == 4 else ""
        await command.usage(f"extra operand {command.q(words[expected])}{extra}")
    kind = KINDS.get(words[1][:1])
    if kind is None:
        await command.usage(f"invalid device type {command.q(words[1])}")
    numbers = [await _number(command, what, text) for what, text in zip(("major", "minor"), words[2:], strict=False)]
    try:
        sys.mknod(words[0], kind | mode, (numbers[0], numbers[1]) if numbers else (0, 0))
        if text is not None:
            sys.chmod(words[0], mode)
    except SysError as error:
        await command.die(command.odd(words[0]), error)
    return 0


async def _number(command: Command, what: str, text: str) -> int:
    try:
        return int(text, 0)
    except ValueError:
        await command.die(f"invalid {what} device number {command.q(text)}")
