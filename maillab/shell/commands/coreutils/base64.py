"""base64 - base64 encode/decode data and print to standard output

Usage: base64 [OPTION]... [FILE]
Base64 encode or decode FILE, or standard input, to standard output.

With no FILE, or when FILE is -, read standard input.

Mandatory arguments to long options are mandatory for short options too.
  -d, --decode          decode data
  -i, --ignore-garbage  when decoding, ignore non-alphabet characters
  -w, --wrap=COLS       wrap encoded lines after COLS character (default 76).
                          Use 0 to disable line wrapping
      --help        display this help and exit
      --version     output version information and exit

The data are encoded as described for the base64 alphabet in RFC 4648.
When decoding, the input may contain newlines in addition to the bytes of
the formal base64 alphabet.  Use --ignore-garbage to attempt to recover
from any other non-alphabet bytes in the encoded stream.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._baseenc import Encoding, run

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/base64"}
AUTHORS = "Simon Josefsson"
ENCODING = Encoding(base64.b64encode, base64.b64decode, 3, 4, b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")


async def main(sys: Process, argv: list[str]) -> int:
    return await run(sys, argv, __doc__, AUTHORS, ENCODING)
