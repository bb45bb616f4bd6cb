"""cut - remove sections from each line of files

Usage: cut OPTION... [FILE]...
Print selected parts of lines from each FILE to standard output.

With no FILE, or when FILE is -, read standard input.

Mandatory arguments to long options are mandatory for short options too.
  -b, --bytes=LIST        select only these bytes
  -c, --characters=LIST   select only these characters
  -d, --delimiter=DELIM   use DELIM instead of TAB for field delimiter
  -f, --fields=LIST       select only these fields;  also print any line
                            that contains no delimiter character, unless
                            the -s option is specified
  -n                      (ignored)
      --complement        complement the set of selected bytes, characters
                            or fields
  -s, --only-delimited    do not print lines not containing delimiters
      --output-delimiter=STRING  use STRING as the output delimiter
                            the default is to use the input delimiter
  -z, --zero-terminated    line delimiter is NUL, not newline
      --help        display this help and exit
      --version     output version information and exit

Use one, and only one of -b, -c or -f.  Each LIST is made up of one
range, or many ranges separated by commas.  Selected input is written
in the same order that it is read, and is written exactly once.
Each range is one of:

  N     N'th byte, character or field, counted from 1
  N-    from N'th byte, character or field, to end of line
  N-M   from N'th to M'th (included) byte, character or field
  -M    from first to M'th (included) byte, character or field
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.commands.coreutils._ranges import RangeError, Ranges, parse_ranges
from maillab.shell.options import Given, gnu
from maillab.sim.host.stdio import encode

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/cut"}
AUTHORS = "David M. Ihnat, David MacKenzie, and Jim Meyering"
OPTIONS = gnu(
    "-b,--bytes= -c,--characters= -f,--fields= -d,--delimiter= -n -s,--only-delimited --output-delimiter= --complement -z,--zero-terminated"
)


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    ranges = await _ranges(command, given)
    fields = given.has("fields")
    delimiter = encode(given.last("delimiter", "\t") or "") or b"\0"
    output = given.last("output-delimiter")
    joint = delimiter if output is None else encode(output) or b"\0"
    if not fields:
        joint = b"" if output is None else joint
    end = b"\0" if given.has("zero-terminated") else b"\n"
    for name in given.operands or ["-"]:
        fd = await command.open(name)
        if fd is None:
            continue
        async for line in command.lines(fd, name, end):
            body = line[:-1] if line.endswith(end) else line
            if fields:
                parts: list[bytes] = body.split(delimiter)
                if len(parts) == 1:
                    if not given.has("only-delimited"):
                        await sys.stdout.write(body + end)
                    continue
                await sys.stdout.write(joint.join(ranges.pick(parts)) + end)
            else:
                await sys.stdout.write(ranges.cut(body, joint) + end)
        command.done(fd)
    return command.status


async def _ranges(command: Command, given: Given) -> Ranges:
    """The list that -b, -c or -f gave, after the checks cut makes."""
    kinds = [found for found in given.found if found.name in ("bytes", "characters", "fields")]
    if len(kinds) > 1:
        await command.usage("only one list may be specified")
    if given.has("delimiter") and len(encode(given.last("delimiter") or "")) > 1:
        await command.usage("the delimiter must be a single character")
    if not kinds:
        await command.usage("you must specify a list of bytes, characters, or fields")
    fields = kinds[0].name == "fields"
    if not fields and given.has("delimiter"):
        await command.usage("an input delimiter may be specified only when operating on fields")
    if not fields and given.has("only-delimited"):
        await command.usage("suppressing non-delimited lines makes sense\n\tonly when operating on fields")
    try:
        return parse_ranges(kinds[0].value or "", "field" if fields else "byte/character", command.q, given.has("complement"))
    except RangeError as error:
        await command.usage(str(error))
