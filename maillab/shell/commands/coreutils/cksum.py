"""cksum - compute and verify file checksums

Usage: cksum [OPTION]... [FILE]...
Print or verify checksums.
By default use the 32 bit CRC algorithm.

With no FILE, or when FILE is -, read standard input.

Mandatory arguments to long options are mandatory for short options too.
  -a, --algorithm=TYPE  select the digest type to use.  See DIGEST below.
  -c, --check           read checksums from the FILEs and check them
  -l, --length=BITS     digest length in bits; must not exceed the max for
                          the blake2 algorithm and must be a multiple of 8
      --tag             create a BSD-style checksum (the default)
      --untagged        create a reversed style checksum, without digest type
  -z, --zero            end each output line with NUL, not newline,
                          and disable file name escaping

The following five options are useful only when verifying checksums:
      --ignore-missing  don't fail or report status for missing files
      --quiet           don't print OK for each successfully verified file
      --status          don't output anything, status code shows success
      --strict          exit non-zero for improperly formatted checksum lines
  -w, --warn            warn about improperly formatted checksum lines

      --debug           indicate which implementation used
      --help        display this help and exit
      --version     output version information and exit

DIGEST determines the digest algorithm and default output format:
  sysv      (equivalent to sum -s)
  bsd       (equivalent to sum -r)
  crc       (equivalent to cksum)
  md5       (equivalent to md5sum)
  sha1      (equivalent to sha1sum)
  sha224    (equivalent to sha224sum)
  sha256    (equivalent to sha256sum)
  sha384    (equivalent to sha384sum)
  sha512    (equivalent to sha512sum)
  blake2b   (equivalent to b2sum)
  sm3       (only available through cksum)

When checking, the input should be a former output of this program,
or equivalent standalone program.

BUGS
    Only the CRC is simulated; for the other algorithms of --algorithm there are md5sum, sha1sum and so on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.options import gnu

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/cksum"}
AUTHORS = "Padraig Brady and Q. Frank Xia"
OPTIONS = gnu("-a,--algorithm= --debug --untagged")
POLYNOMIAL = 0x04C11DB7


def _table() -> list[int]:
    table = []
    for byte in range(256):
        value = byte << 24
        for _ in range(8):
            value = (value << 1) ^ (POLYNOMIAL if value & 0x80000000 else 0)
        table.append(value & 0xFFFFFFFF)
    return table


def update(crc: int, data: bytes, table: list[int]) -> int:
    """Carry the CRC of POSIX's cksum over more bytes."""
    for byte in data:
        crc = (crc << 8 & 0xFFFFFFFF) ^ table[crc >> 24 ^ byte]
    return crc


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    if given.last("algorithm", "crc") != "crc":
        await command.die(f"--algorithm={given.last('algorithm')} is not simulated")
    table = _table()
    for name in given.operands or ["-"]:
        fd = await command.open(name)
        if fd is None:
            continue
        crc, length = 0, 0
        if sys.fstat(fd).kind != "d":  # version 9.1 takes a directory for an empty file
            async for block in command.blocks(fd, name):
                crc, length = update(crc, block, table), length + len(block)
        command.done(fd)
        crc = update(crc, length.to_bytes((length.bit_length() + 7) // 8, "little"), table) ^ 0xFFFFFFFF
        await sys.stdout.print(f"{crc} {length}" + (f" {name}" if given.operands else ""))
    return command.status
