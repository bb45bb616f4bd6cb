r"""echo - display a line of text

Usage: echo [SHORT-OPTION]... [STRING]...
  or:  echo LONG-OPTION
Echo the STRING(s) to standard output.

  -n             do not output the trailing newline
  -e             enable interpretation of backslash escapes
  -E             disable interpretation of backslash escapes (default)
      --help        display this help and exit
      --version     output version information and exit

If -e is in effect, the following sequences are recognized:

  \\      backslash
  \a      alert (BEL)
  \b      backspace
  \c      produce no further output
  \e      escape
  \f      form feed
  \n      new line
  \r      carriage return
  \t      horizontal tab
  \v      vertical tab
  \0NNN   byte with octal value NNN (1 to 3 digits)
  \xHH    byte with hexadecimal value HH (1 to 2 digits)

NOTE: your shell may have its own version of echo, which usually supersedes
the version described here.  Please refer to your shell's documentation
for details about the options it supports.

NOTE: printf(1) is a preferred alternative,
which does not have issues outputting option-like strings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.commands.coreutils._escapes import expand_echo

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/bin/echo"}
AUTHORS = "Brian Fox and Chet Ramey"


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    if len(argv) == 2 and argv[1] in ("--help", "--version"):
        await sys.stdout.write(command.help_text() if argv[1] == "--help" else command.version_text())
        return 0
    words, newline, escapes = argv[1:], b"\n", False
    while words and len(words[0]) > 1 and words[0][0] == "-" and not words[0][1:].strip("neE"):
        for letter in words.pop(0)[1:]:
            if letter == "n":
                newline = b""
            else:
                escapes = letter == "e"
    data, stopped = expand_echo(" ".join(words)) if escapes else (" ".join(words), False)
    await sys.stdout.write(data)
    if not stopped:
        await sys.stdout.write(newline)
    return 0
