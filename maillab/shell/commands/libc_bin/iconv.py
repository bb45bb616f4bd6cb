"""iconv - convert text from one character encoding to another

SYNOPSIS
    iconv [-c] [-s] [-f ENCODING] [-t ENCODING[//TRANSLIT|//IGNORE]] [-o FILE] [FILE]...
    iconv -l

DESCRIPTION
    Converts the files, or the standard input, from one encoding (by default that of the locale) to another. What comes before an
    illegal sequence is written. //TRANSLIT replaces characters that the target lacks by similar ones, -c and //IGNORE leave them out.

EXIT STATUS
    0; 1 after an error.

BUGS
    The encodings are those of Python; -l lists the common ones.
"""

from __future__ import annotations

import codecs
import unicodedata
from typing import TYPE_CHECKING

from maillab.shell.locale import is_utf8
from maillab.shell.options import gnu
from maillab.sim.host.errno import SysError
from maillab.sim.host.stdio import Input

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"libc-bin": "/usr/bin/iconv", "libc6": "/usr/bin/iconv"}

OPTIONS = gnu("-f,--from-code= -t,--to-code= -l,--list -c -o,--output= -s,--silent --verbose -?,--help --usage -V,--version", standard=False)
HINT = "Try `{prog} --help' or `{prog} --usage' for more information.\n"
VERSION = """iconv (Debian GLIBC 2.36-9+deb12u14) 2.36
Copyright (C) 2022 Free Software Foundation, Inc.
This is free software; see the source for copying conditions.  There is NO
warranty; not even for MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.
Written by Ulrich Drepper.
"""
HELP = """Usage: iconv [OPTION...] [FILE...]
Convert encoding of given files from one encoding to another.

 Input/Output format specification:
  -f, --from-code=NAME       encoding of original text
  -t, --to-code=NAME         encoding for output

 Information:
  -l, --list                 list all known coded character sets

 Output control:
  -c                         omit invalid characters from output
  -o, --output=FILE          output file
  -s, --silent               suppress warnings
      --verbose              print progress information

  -?, --help                 Give this help list
      --usage                Give a short usage message
  -V, --version              Print program version

Mandatory or optional arguments to long options are also mandatory or optional
for any corresponding short options.

For bug reporting instructions, please see:
<http://www.debian.org/Bugs/>.
"""
KNOWN = ("ANSI_X3.4-1968", "ASCII", "BIG5", "CP1250", "CP1251", "CP1252", "CP437", "CP850", "EUC-JP", "EUC-KR", "GB18030", "GBK",
         "ISO-8859-1", "ISO-8859-15", "ISO-8859-2", "ISO-8859-9", "KOI8-R", "KOI8-U", "LATIN1", "MACINTOSH", "SHIFT_JIS", "US-ASCII",
         "UTF-16", "UTF-16BE", "UTF-16LE", "UTF-32", "UTF-7", "UTF-8", "UTF8", "WINDOWS-1252")  # fmt: skip
SIMILAR = {
    "\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-", "\u2026": "...", "\u20ac": "EUR",
    "\u0153": "oe", "\u0152": "OE", "\u2022": "o", "\u00a0": " ", "\u2122": "(TM)", "\u2039": "<", "\u203a": ">", "\u00a9": "(C)",
    "\u00ab": "<<", "\u00bb": ">>", "\u00ad": "-", "\u00ae": "(R)", "\u00c6": "AE", "\u00e6": "ae", "\u00df": "ss", "\u00d7": "x",
    "\u00bc": " 1/4 ", "\u00bd": " 1/2 ", "\u00be": " 3/4 ", "\u00b5": "u", "\u00b8": ",",
}  # fmt: skip
BAD_START = "iconv: failed to start conversion processing\n"


class Illegal(Exception):
    """A sequence that cannot be converted: what was written before it, and where it is in the input."""

    def __init__(self, output: bytes, position: int, *, incomplete: bool = False):
        super().__init__()
        self.output, self.position, self.incomplete = output, position, incomplete


class Conversion:
    """From one encoding to another. Raises LookupError for a name that is not known."""

    def __init__(self, source: str, target: str, *, omit: bool, accents: bool):
        self.source = codecs.lookup(source.split("//")[0]).name
        name, _, suffix = target.partition("//")
        self.target = codecs.lookup(name).name
        flags = suffix.upper().split("//")
        self.similar = "TRANSLIT" in flags
        self.ignoring = "IGNORE" in flags
        self.omit = omit or self.ignoring
        self.accents = accents

    def convert(self, data: bytes) -> bytes:
        """The bytes in the other encoding. Raises Illegal."""
        text, fault = self._decode(data)
        output = bytearray()
        encoder = codecs.getincrementalencoder(self.target)()
        for place, character in enumerate(text):
            try:
                output += encoder.encode(character)
            except UnicodeEncodeError:
                replaced = self._replacement(character)
                if replaced is None:
                    raise Illegal(bytes(output), len(text[:place].encode(self.source))) from None
                output += encoder.encode(replaced)
        if fault is not None:
            raise Illegal(bytes(output), fault[0], incomplete=fault[1])
        if self.ignoring and len(output) < len(text):
            raise Illegal(bytes(output), len(data))
        return bytes(output)

    def _decode(self, data: bytes) -> tuple[str, tuple[int, bool] | None]:
        """The text up to the first fault, and the fault: its position, and whether the input merely ends too early."""
        try:
            return data.decode(self.source, "ignore" if self.omit else "strict"), None
        except UnicodeDecodeError as error:
            cut = error.end >= len(data) and "unexpected end" in error.reason
            return data[: error.start].decode(self.source), (error.start, cut)

    def _replacement(self, character: str) -> str | None:
        """What stands for a character that the target lacks: "" leaves it out, None is an error."""
        if not self.similar:
            return "" if self.omit else None
        text = SIMILAR.get(character)
        if text is None and self.accents:
            text = "".join(c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c))
        return text if text is not None and text.isascii() else "?"


async def main(sys: Process, argv: list[str]) -> int:
    """iconv."""
    given = await OPTIONS.read(sys, argv, help=HELP, version=VERSION, status=64, hint=HINT)
    if given.has("list"):
        await sys.stdout.write("".join(f"{name}//\n" for name in KNOWN))
        return 0
    local = "UTF-8" if is_utf8(sys.env) else "ANSI_X3.4-1968"
    try:
        conversion = Conversion(
            given.last("from-code") or local, given.last("to-code") or local, omit=given.has("c"), accents=is_utf8(sys.env)
        )
    except LookupError:
        await sys.stderr.write(BAD_START)
        return 1
    output = bytearray()
    status = 0
    for name in given.operands or ["-"]:
        try:
            data = await Input(sys, 0).read() if name == "-" else sys.slurp(name)
        except SysError as error:
            await sys.stderr.write(f"iconv: cannot open input file `{name}': {error}\n")
            status = 1
            continue
        try:
            output += conversion.convert(data)
        except Illegal as fault:
            output += fault.output
            await _write(sys, given.last("output"), bytes(output))
            where = "incomplete character or shift sequence at end of buffer"
            await sys.stderr.write(f"iconv: {where if fault.incomplete else f'illegal input sequence at position {fault.position}'}\n")
            return 1
    await _write(sys, given.last("output"), bytes(output))
    return status


async def _write(sys: Process, path: str | None, data: bytes) -> None:
    if path is None:
        await sys.stdout.write(data)
        await sys.stdout.flush()
        return
    try:
        sys.spew(path, data)
    except SysError:
        await sys.stderr.write("iconv: cannot open output file\n")
        sys.exit(1)
