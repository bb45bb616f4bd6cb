"""cat - concatenate files and print on the standard output

Usage: cat [OPTION]... [FILE]...
Concatenate FILE(s) to standard output.

With no FILE, or when FILE is -, read standard input.

  -A, --show-all           equivalent to -vET
  -b, --number-nonblank    number nonempty output lines, overrides -n
  -e                       equivalent to -vE
  -E, --show-ends          display $ at end of each line
  -n, --number             number all output lines
  -s, --squeeze-blank      suppress repeated empty output lines
  -t                       equivalent to -vT
  -T, --show-tabs          display TAB characters as ^I
  -u                       (ignored)
  -v, --show-nonprinting   use ^ and M- notation, except for LFD and TAB
      --help        display this help and exit
      --version     output version information and exit

Examples:
  cat f - g  Output f's contents, then standard input, then g's contents.
  cat        Copy standard input to standard output.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.options import gnu

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/bin/cat"}
AUTHORS = "Torbjorn Granlund and Richard M. Stallman"
OPTIONS = gnu(
    "-b,--number-nonblank -n,--number -s,--squeeze-blank -v,--show-nonprinting -E,--show-ends -T,--show-tabs -A,--show-all -e -t -u"
)


class Shower:
    """The line by line work of cat's options, which goes on from file to file."""

    def __init__(self, number: str, squeeze: bool, ends: bool, tabs: bool, codes: bool):
        self.number = number
        self.squeeze = squeeze
        self.ends = ends
        self.table = [_shown(byte, tabs, codes) for byte in range(256)] if tabs or codes else []
        self.count = 0
        self.blanks = 0
        self.fresh = True

    def show(self, line: bytes) -> bytes:
        """One line (or its beginning, when a file does not end in a newline) as cat prints it."""
        fresh, self.fresh = self.fresh, line.endswith(b"\n")
        body = line[:-1] if self.fresh else line
        self.blanks = self.blanks + 1 if fresh and not body else 0
        if self.squeeze and self.blanks > 1:
            return b""
        head = b""
        if fresh and self.number and (self.number == "all" or body):
            self.count += 1
            head = b"%6d\t" % self.count
        if self.table:
            body = b"".join([self.table[byte] for byte in body])
        if not self.fresh:
            return head + body
        if self.ends and self.table == [] and body.endswith(b"\r"):
            return head + body[:-1] + b"^M$\n"
        return head + body + (b"$\n" if self.ends else b"\n")


def _shown(byte: int, tabs: bool, codes: bool) -> bytes:
    """A byte as -T and -v show it: `^I`, `^M`, `M-C`."""
    if byte == 9:
        return b"^I" if tabs else b"\t"
    if not codes or 32 <= byte < 127:
        return bytes([byte])
    if byte >= 128:
        return b"M-" + (b"^I" if byte == 137 else b"^J" if byte == 138 else _shown(byte - 128, False, True))
    return b"^?" if byte == 127 else bytes([ord("^"), byte + 64])


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    number = "nonblank" if given.has("number-nonblank") else "all" if given.has("number") else ""
    ends = given.has("show-ends", "show-all", "e")
    tabs = given.has("show-tabs", "show-all", "t")
    codes = given.has("show-nonprinting", "show-all", "e", "t")
    shower = Shower(number, given.has("squeeze-blank"), ends, tabs, codes)
    plain = not (number or ends or tabs or codes or given.has("squeeze-blank"))
    out = sys.fstat(1)
    for name in given.operands or ["-"]:
        fd = await command.open(name)
        if fd is None:
            continue
        into = sys.fstat(fd)
        if into.kind == "-" and (into.dev, into.ino) == (out.dev, out.ino) and sys.lseek(fd, 0, 1) < into.size:
            await command.complain(f"{command.odd(name)}: input file is output file")
        elif plain:
            async for block in command.blocks(fd, name):
                await sys.stdout.flush()
                await sys.write(1, block)
        else:
            async for line in command.lines(fd, name):
                await sys.stdout.write(shower.show(line))
        command.done(fd)
    return command.status
