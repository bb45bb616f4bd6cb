"""stdbuf - Run COMMAND, with modified buffering operations for it...

Usage: stdbuf OPTION... COMMAND
Run COMMAND, with modified buffering operations for its standard streams.

Mandatory arguments to long options are mandatory for short options too.
  -i, --input=MODE   adjust standard input stream buffering
  -o, --output=MODE  adjust standard output stream buffering
  -e, --error=MODE   adjust standard error stream buffering
      --help        display this help and exit
      --version     output version information and exit

If MODE is 'L' the corresponding stream will be line buffered.
This option is invalid with standard input.

If MODE is '0' the corresponding stream will be unbuffered.

Otherwise MODE is a number which may be followed by one of the following:
KB 1000, K 1024, MB 1000*1000, M 1024*1024, and so on for G, T, P, E, Z, Y.
Binary prefixes can be used, too: KiB=K, MiB=M, and so on.
In this case the corresponding stream will be fully buffered with the buffer
size set to MODE bytes.

NOTE: If COMMAND adjusts the buffering of its standard streams ('tee' does
for example) then that will override corresponding changes by 'stdbuf'.
Also some filters (like 'dd' and 'cat' etc.) don't use streams for I/O,
and are thus unaffected by 'stdbuf' settings.

BUGS
    The buffering of the program that is run stays as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.commands.coreutils._run import become
from maillab.shell.options import gnu
from maillab.shell.sizes import SizeError, parse_size

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/stdbuf"}
AUTHORS = "Padraig Brady"
SINCE = {"coreutils": (7, 5)}
OPTIONS = gnu("-i,--input= -o,--output= -e,--error=", permute=False)


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS, trouble=125)
    given = await command.read(OPTIONS)
    for found in given.found:
        mode = found.value or ""
        if found.name == "input" and mode == "L":
            await command.usage("line buffering stdin is meaningless")
        if mode != "L":
            try:
                parse_size(mode, "EGkKMPTYZ0")
            except SizeError:
                await command.die(f"invalid mode {command.q(mode)}")
    if not given.operands:
        await command.usage("missing operand")
    if not given.found:
        await command.usage("you must specify a buffering mode option")
    sys.unsimulated("stdbuf")
    await become(command, given.operands, sentence=f"failed to run command {command.file(given.operands[0])}")
