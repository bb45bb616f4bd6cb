r"""printf - format and print data

Usage: printf FORMAT [ARGUMENT]...
  or:  printf OPTION
Print ARGUMENT(s) according to FORMAT, or execute according to OPTION:

      --help        display this help and exit
      --version     output version information and exit

FORMAT controls the output as in C printf.  Interpreted sequences are:

  \"      double quote
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
  \NNN    byte with octal value NNN (1 to 3 digits)
  \xHH    byte with hexadecimal value HH (1 to 2 digits)
  \uHHHH  Unicode (ISO/IEC 10646) character with hex value HHHH (4 digits)
  \UHHHHHHHH  Unicode character with hex value HHHHHHHH (8 digits)
  %%      a single %
  %b      ARGUMENT as a string with '\' escapes interpreted,
          except that octal escapes are of the form \0 or \0NNN
  %q      ARGUMENT is printed in a format that can be reused as shell input,
          escaping non-printable characters with the proposed POSIX $'' syntax.

and all C format specifications ending with one of diouxXfeEgGcs, with
ARGUMENTs converted to proper type first.  Variable widths are handled.

NOTE: your shell may have its own version of printf, which usually supersedes
the version described here.  Please refer to your shell's documentation
for details about the options it supports.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.commands.coreutils._escapes import expand_echo, expand_format
from maillab.sim.host.stdio import encode

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/printf"}
AUTHORS = "David MacKenzie"
_DIRECTIVE = re.compile(r"%([-+ #0']*)(\*|\d+)?(?:\.(\*|-?\d*))?(?:hh|h|ll|l|L|j|z|t)?(.)?", re.S)
_INTEGER = re.compile(r"\s*[-+]?(?:0[xX][0-9a-fA-F]+|\d+)")
_FLOAT = re.compile(r"\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
CONVERSIONS = "diouxXfFeEgGaAcsbq"


class Printf:
    """One run of printf over its format and arguments."""

    def __init__(self, command: Command, form: str, arguments: list[str]):
        self.command = command
        self.form = form
        self.arguments = arguments
        self.at = 0

    def next(self) -> str | None:
        """The next argument, None when there is none left."""
        self.at += 1
        return self.arguments[self.at - 1] if self.at <= len(self.arguments) else None

    async def run(self) -> None:
        """Use the format until all arguments are used."""
        while True:
            before = self.at
            if await self._once() or self.at == before or self.at >= len(self.arguments):
                break
        if self.at < len(self.arguments) and self.at == 0:
            first = self.command.q(self.arguments[0])
            await self.command.note(f"warning: ignoring excess arguments, starting with {first}")

    async def _once(self) -> bool:
        """The format once; True when `\\c` ended the output."""
        out = self.command.sys.stdout
        at = 0
        for found in _DIRECTIVE.finditer(self.form):
            literal, stopped = expand_format(self.form[at : found.start()])
            await out.write(literal)
            if stopped:
                return True
            at = found.end()
            if found[0] == "%%":
                await out.write("%")
                continue
            data, stopped = await self._directive(found)
            await out.write(data)
            if stopped:
                return True
        literal, stopped = expand_format(self.form[at:])
        await out.write(literal)
        return stopped

    async def _directive(self, found: re.Match[str]) -> tuple[bytes, bool]:
        letter = found[4] or ""
        if not letter or letter not in CONVERSIONS:
            await self.command.die(f"{found[0]}: invalid conversion specification")
        width = await self._star(found[2])
        precision = None if found[3] is None else await self._star(found[3] or "0")
        if letter in "sbqc":
            return self._text(found[1], width, precision, letter)
        flags = found[1].replace("'", "")
        spec = f"%{flags}{width or ''}" + ("" if precision is None or precision < 0 else f".{precision}")
        word = self.next()
        if letter in "fFeEgGaA":
            number = await self._float(word)
            return encode((spec + ("g" if letter in "aA" else letter)) % number), False
        value = await self._integer(word)
        if letter in "ouxX" and value < 0:
            value += 1 << 64
        text = (spec + ("d" if letter in "iu" else letter)) % value
        return encode(text.replace("0o", "0", 1) if letter == "o" else text), False

    async def _star(self, text: str | None) -> int:
        if text == "*":
            return await self._integer(self.next())
        return int(text or "0")

    def _text(self, flags: str, width: int, precision: int | None, letter: str) -> tuple[bytes, bool]:
        word = self.next() or ""
        stopped = False
        if letter == "b":
            data, stopped = expand_echo(word)
        elif letter == "q":
            from maillab.shell.quotearg import quote

            data = encode(quote(word, "shell-escape", utf8=self.command.utf8))
        else:
            data = encode(word)[:1] if letter == "c" else encode(word)
        if precision is not None and precision >= 0 and letter != "c":
            data = data[:precision]
        left = "-" in flags or width < 0
        return (data.ljust(abs(width)) if left else data.rjust(abs(width))), stopped

    async def _integer(self, word: str | None) -> int:
        if word is None:
            return 0
        if word[:1] in ("'", '"') and len(word) > 1:
            return encode(word[1:])[0]
        found = _INTEGER.match(word)
        text = (found[0] if found else "").strip()
        digits = text.lstrip("+-")
        octal = re.match("0[0-7]*", digits) if digits[:1] == "0" and digits[1:2] not in ("x", "X") else None
        used = octal[0] if octal else digits
        complete = bool(found) and found is not None and found.end() == len(word) and used == digits
        if not complete:
            reason = "value not completely converted" if found else "expected a numeric value"
            await self.command.complain(f"{self.command.q(word)}: {reason}")
        value = int(used, 16 if used[:2].lower() == "0x" else 8 if octal else 10) if used else 0
        return -value if text.startswith("-") else value

    async def _float(self, word: str | None) -> float:
        if word is None:
            return 0.0
        if word[:1] in ("'", '"') and len(word) > 1:
            return float(encode(word[1:])[0])
        if re.fullmatch(r"\s*[-+]?0[xX][0-9a-fA-F]+", word):
            return float(int(word, 16))
        found = _FLOAT.match(word)
        if not found or found.end() != len(word):
            reason = "value not completely converted" if found else "expected a numeric value"
            await self.command.complain(f"{self.command.q(word)}: {reason}")
        return float(found[0]) if found else 0.0


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    words = argv[1:]
    if words in (["--help"], ["--version"]):
        await sys.stdout.write(command.help_text() if words == ["--help"] else command.version_text())
        return 0
    words = words[1:] if words[:1] == ["--"] else words
    if not words:
        await command.usage("missing operand")
    await Printf(command, words[0], words[1:]).run()
    return command.status
