"""sum - checksum and count the blocks in a file

Usage: sum [OPTION]... [FILE]...
Print or check BSD (16-bit) checksums.

With no FILE, or when FILE is -, read standard input.

  -r              use BSD sum algorithm (the default), use 1K blocks
  -s, --sysv      use System V sum algorithm, use 512 bytes blocks
      --help        display this help and exit
      --version     output version information and exit
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.options import gnu

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/sum"}
AUTHORS = "Kayvan Aghaiepour and David MacKenzie"
OPTIONS = gnu("-r -s,--sysv")


def bsd(data: bytes) -> int:
    """The rotating 16-bit sum of BSD."""
    total = 0
    for byte in data:
        total = ((total >> 1) + ((total & 1) << 15) + byte) & 0xFFFF
    return total


def sysv(data: bytes) -> int:
    """The folded sum of System V."""
    total = sum(data) & 0xFFFFFFFF
    total = (total & 0xFFFF) + (total >> 16)
    return (total & 0xFFFF) + (total >> 16)


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    old = given.latest("r", "sysv") == "sysv"
    for name in given.operands or ["-"]:
        fd = await command.open(name)
        if fd is None:
            continue
        before = command.status
        data = b"".join([block async for block in command.blocks(fd, name)])
        command.done(fd)
        if command.status != before:
            continue
        tail = f" {name}" if given.operands else ""
        if old:
            await sys.stdout.print(f"{sysv(data)} {-(-len(data) // 512)}{tail}")
        else:
            await sys.stdout.print(f"{bsd(data):05d} {-(-len(data) // 1024):5d}{tail}")
    return command.status
