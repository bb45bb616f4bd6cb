"""base32 - base32 encode/decode data and print to standard output

Usage: base32 [OPTION]... [FILE]
Base32 encode or decode FILE, or standard input, to standard output.

With no FILE, or when FILE is -, read standard input.

Mandatory arguments to long options are mandatory for short options too.
  -d, --decode          decode data
  -i, --ignore-garbage  when decoding, ignore non-alphabet characters
  -w, --wrap=COLS       wrap encoded lines after COLS character (default 76).
                          Use 0 to disable line wrapping
      --help        display this help and exit
      --version     output version information and exit

The data are encoded as described for the base32 alphabet in RFC 4648.
When decoding, the input may contain newlines in addition to the bytes of
the formal base32 alphabet.  Use --ignore-garbage to attempt to recover
from any other non-alphabet bytes in the encoded stream.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._baseenc import Encoding, run

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/base32"}
AUTHORS = "Simon Josefsson"
SINCE = {"coreutils": (8, 25)}
ENCODING = Encoding(base64.b32encode, base64.b32decode, 5, 8, b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")


async def main(sys: Process, argv: list[str]) -> int:
    return await run(sys, argv, __doc__, AUTHORS, ENCODING)
