"""truncate - shrink or extend the size of a file to the specified size

Usage: truncate OPTION... FILE...
Shrink or extend the size of each FILE to the specified size

A FILE argument that does not exist is created.

If a FILE is larger than the specified size, the extra data is lost.
If a FILE is shorter, it is extended and the sparse extended part (hole)
reads as zero bytes.

Mandatory arguments to long options are mandatory for short options too.
  -c, --no-create        do not create any files
  -o, --io-blocks        treat SIZE as number of IO blocks instead of bytes
  -r, --reference=RFILE  base size on RFILE
  -s, --size=SIZE        set or adjust the file size by SIZE bytes
      --help        display this help and exit
      --version     output version information and exit

The SIZE argument is an integer and optional unit (example: 10K is 10*1024).
Units are K,M,G,T,P,E,Z,Y (powers of 1024) or KB,MB,... (powers of 1000).
Binary prefixes can be used, too: KiB=K, MiB=M, and so on.

SIZE may also be prefixed by one of the following modifying characters:
'+' extend by, '-' reduce by, '<' at most, '>' at least,
'/' round down to multiple of, '%' round up to multiple of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.options import gnu
from maillab.shell.sizes import SizeError, parse_size
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/truncate"}
AUTHORS = "Padraig Brady"
SINCE = {"coreutils": (7, 0)}
OPTIONS = gnu("-c,--no-create -o,--io-blocks -r,--reference= -s,--size=")
BLOCK = 4096


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    text = given.last("size")
    mode, amount = "", 0
    if text is not None:
        mode, amount = await _amount(command, text)
    reference = given.last("reference")
    if text is None and reference is None:
        await command.usage("you must specify either '--size' or '--reference'")
    if reference is not None and text is not None and not mode:
        await command.usage("you must specify a relative '--size' with '--reference'")
    if given.has("io-blocks") and text is None:
        await command.usage("'--io-blocks' was specified but '--size' was not")
    if not given.operands:
        await command.usage("missing file operand")
    base: int | None = None
    if reference is not None:
        try:
            base = sys.stat(reference).size
        except SysError as error:
            await command.die(f"cannot stat {command.file(reference)}", error)
    for name in given.operands:
        await _set(command, name, mode, amount * (BLOCK if given.has("io-blocks") else 1), base, text is None, given.has("no-create"))
    return command.status


async def _amount(command: Command, text: str) -> tuple[str, int]:
    """(`+`, `-`, `<`, `>`, `/`, `%` or "", number of bytes)."""
    stripped = text.lstrip()
    mode = stripped[0] if stripped[:1] and stripped[0] in "<>/%" else ""
    rest = stripped[len(mode) :].lstrip()
    if rest[:1] and rest[0] in "+-":
        if mode:
            await command.usage("multiple relative modifiers specified")
        mode, rest = rest[0], rest[1:]
    try:
        amount = parse_size(rest, "EgGkKmMPtTYZ")
    except SizeError:
        await command.die(f"Invalid number: {command.q(rest)}")
    if mode in ("/", "%") and not amount:
        await command.die("division by zero")
    return mode, amount


async def _set(command: Command, name: str, mode: str, amount: int, base: int | None, same: bool, no_create: bool) -> None:
    sys = command.sys
    try:
        if no_create and not sys.exists(name):
            return
        fd = sys.open(name, "cn")
    except SysError as error:
        await command.complain(f"cannot open {command.file(name)} for writing", error)
        return
    try:
        old = sys.fstat(fd).size if base is None else base
        sizes = {
            "": amount, "+": old + amount, "-": max(0, old - amount), "<": min(old, amount), ">": max(old, amount),
            "/": old // (amount or 1) * amount, "%": -(-old // (amount or 1)) * amount,
        }  # fmt: skip
        sys.ftruncate(fd, old if same else sizes[mode])
    except SysError as error:
        await command.complain(f"failed to truncate {command.file(name)} at {old} bytes", error)
    sys.close(fd)
