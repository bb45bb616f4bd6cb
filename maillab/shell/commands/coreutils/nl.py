r"""nl - number lines of files

Usage: nl [OPTION]... [FILE]...
Write each FILE to standard output, with line numbers added.

With no FILE, or when FILE is -, read standard input.

Mandatory arguments to long options are mandatory for short options too.
  -b, --body-numbering=STYLE      use STYLE for numbering body lines
  -d, --section-delimiter=CC      use CC for logical page delimiters
  -f, --footer-numbering=STYLE    use STYLE for numbering footer lines
  -h, --header-numbering=STYLE    use STYLE for numbering header lines
  -i, --line-increment=NUMBER     line number increment at each line
  -l, --join-blank-lines=NUMBER   group of NUMBER empty lines counted as one
  -n, --number-format=FORMAT      insert line numbers according to FORMAT
  -p, --no-renumber               do not reset line numbers for each section
  -s, --number-separator=STRING   add STRING after (possible) line number
  -v, --starting-line-number=NUMBER  first line number for each section
  -w, --number-width=NUMBER       use NUMBER columns for line numbers
      --help        display this help and exit
      --version     output version information and exit

Default options are: -bt -d'\:' -fn -hn -i1 -l1 -n'rn' -s<TAB> -v1 -w6

CC are two delimiter characters used to construct logical page delimiters;
a missing second character implies ':'.  As a GNU extension one can specify
more than two characters, and also specifying the empty string (-d '')
disables section matching.

STYLE is one of:

  a      number all lines
  t      number only nonempty lines
  n      number no lines
  pBRE   number only lines that contain a match for the basic regular
         expression, BRE

FORMAT is one of:

  ln     left justified, no leading zeros
  rn     right justified, no leading zeros
  rz     right justified, leading zeros
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.options import Given, gnu
from maillab.sim.host import posix_regex
from maillab.sim.host.stdio import encode

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/nl"}
AUTHORS = "Scott Bartram and David MacKenzie"
OPTIONS = gnu(
    "-h,--header-numbering= -b,--body-numbering= -f,--footer-numbering= -v,--starting-line-number= -i,--line-increment= -p,--no-renumber "
    "-l,--join-blank-lines= -s,--number-separator= -w,--number-width= -n,--number-format= -d,--section-delimiter="
)
SECTIONS = ("footer", "body", "header")
DEFAULT = {"header": "n", "body": "t", "footer": "n"}


class Numberer:
    """Numbers the lines of logical pages."""

    def __init__(self, given: Given, numbers: dict[str, int]):
        self.styles = {section: given.last(f"{section}-numbering") or DEFAULT[section] for section in SECTIONS}
        self.patterns = {section: posix_regex.compile(style[1:]) for section, style in self.styles.items() if style.startswith("p")}
        self.start = self.number = numbers["starting-line-number"]
        self.step = numbers["line-increment"]
        self.width = numbers["number-width"]
        self.blanks_wanted = numbers["join-blank-lines"]
        self.separator = encode(given.last("number-separator", "\t") or "")
        self.format = given.last("number-format") or "rn"
        self.renumber = not given.has("no-renumber")
        text = encode(given.last("section-delimiter", "\\:") or "")
        self.delimiter = text + b":" if len(text) == 1 else text
        self.section = "body"
        self.blanks = 0

    def show(self, line: bytes) -> bytes:
        """One line (without its newline) as nl prints it, newline included."""
        if self.delimiter and line in (self.delimiter, self.delimiter * 2, self.delimiter * 3):
            self.section = SECTIONS[len(line) // len(self.delimiter) - 1]
            if self.renumber:
                self.number = self.start
            return b"\n"
        if not self._wanted(line):
            return b" " * (self.width + len(self.separator)) + line + b"\n"
        text = self._formatted() + self.separator + line + b"\n"
        self.number += self.step
        return text

    def _wanted(self, line: bytes) -> bool:
        style = self.styles[self.section]
        if style == "a":
            self.blanks = self.blanks + 1 if not line else 0
            if line or self.blanks >= self.blanks_wanted:
                self.blanks = 0
                return True
            return False
        if style == "t":
            return bool(line)
        return style != "n" and self.patterns[self.section].search(line.decode("latin-1")) is not None

    def _formatted(self) -> bytes:
        text = str(self.number)
        if self.format == "ln":
            return text.ljust(self.width).encode()
        return (text.zfill(self.width) if self.format == "rz" else text.rjust(self.width)).encode()


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    wrong = False
    for section in ("header", "body", "footer"):
        style = given.last(f"{section}-numbering")
        if style is not None and style not in ("a", "t", "n") and not style.startswith("p"):
            await command.complain(f"invalid {section} numbering style: {command.q(style)}")
            wrong = True
    if (form := given.last("number-format")) not in (None, "ln", "rn", "rz"):
        await command.complain(f"invalid line numbering format: {command.q(form or '')}")
        wrong = True
    if wrong:
        from maillab.shell.options import TRY_HELP

        await sys.stderr.write(TRY_HELP.replace("{prog}", argv[0]))
        return 1
    numberer = Numberer(given, await _numbers(command, given))
    for name in given.operands or ["-"]:
        fd = await command.open(name)
        if fd is None:
            continue
        async for line in command.lines(fd, name):
            await sys.stdout.write(numberer.show(line.removesuffix(b"\n")))
        command.done(fd)
    return command.status


async def _numbers(command: Command, given: Given) -> dict[str, int]:
    sentences = {
        "starting-line-number": ("1", "invalid starting line number"),
        "line-increment": ("1", "invalid line number increment"),
        "join-blank-lines": ("1", "invalid line number of blank lines"),
        "number-width": ("6", "invalid line number field width"),
    }
    numbers = {}
    for name, (default, sentence) in sentences.items():
        text = given.last(name, default) or ""
        unsigned = name in ("join-blank-lines", "number-width")
        if not (text.isdigit() or (not unsigned and text[:1] in "+-" and text[1:].isdigit())):
            await command.die(f"{sentence}: {command.q(text)}")
        if unsigned and int(text) == 0:
            from maillab.sim.host.errno import SysError

            await command.die(f"{sentence}: {command.q(text)}", SysError("ERANGE"))
        numbers[name] = int(text)
    return numbers
