"""cmp - compare two files byte by byte

SYNOPSIS
    cmp [OPTION]... FILE1 [FILE2 [SKIP1 [SKIP2]]]

DESCRIPTION
    GNU cmp 3.8: -b -i -l -n -s. Status 0 the same, 1 different, 2 trouble.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.diffutils._cmp_help import HELP, VERSION
from maillab.shell.options import TRY_HELP, UsageError, fail, gnu
from maillab.shell.sizes import parse_size
from maillab.sim.host.errno import SysError
from maillab.sim.host.stdio import Input

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"diffutils": "/usr/bin/cmp"}

OPTIONS = gnu("-b,--print-bytes -i,--ignore-initial= -l,--verbose -n,--bytes= -s,--quiet,--silent -v,--version", standard=False)
HINT = "{prog}: " + TRY_HELP
TROUBLE = 2


def visible(byte: int) -> str:
    """A byte as cat -v shows it."""
    prefix = "M-" if byte >= 128 else ""
    low = byte & 127
    return prefix + ("^?" if low == 127 else f"^{chr(low + 64)}" if low < 32 else chr(low))


async def main(sys: Process, argv: list[str]) -> int:
    """cmp."""
    if "--help" in argv[1:] or "--version" in argv[1:] or "-v" in argv[1:]:
        await sys.stdout.write((HELP if "--help" in argv else VERSION).replace("{prog}", argv[0]))
        return 0
    try:
        given = OPTIONS.parse(argv)
    except UsageError as error:
        await fail(sys, argv, str(error), status=TROUBLE, hint=HINT)
    names = given.operands
    if not names:
        await fail(sys, argv, f"missing operand after '{argv[-1]}'", status=TROUBLE, hint=HINT)
    pair = [names[0], names[1] if len(names) > 1 else "-"]
    first, _, second = (given.last("ignore-initial") or "0").partition(":")
    skips = [first, second or first]
    for index, text in enumerate(names[2:4]):
        skips[index] = text
    starts: list[int] = []
    for text in skips:
        try:
            starts.append(parse_size(text))
        except ValueError:
            await fail(sys, argv, f"invalid --ignore-initial value '{text}'", status=TROUBLE, hint=HINT)
    if len(names) > 4:
        await fail(sys, argv, f"extra operand '{names[4]}'", status=TROUBLE, hint=HINT)
    count = given.last("bytes")
    data: list[bytes] = []
    for name, start in zip(pair, starts, strict=True):
        try:
            whole = await sys.stdin.read() if name == "-" else await Input(sys, sys.open(name, "r")).read()
        except SysError as error:
            if given.has("quiet"):
                return TROUBLE
            await fail(sys, argv, f"{name}: {error.strerror}", status=TROUBLE)
        data.append(whole[start : start + int(count) if count is not None else None])
    return await compare(sys, argv[0], pair, data, verbose=given.has("verbose"), show=given.has("print-bytes"), quiet=given.has("quiet"))


async def compare(sys: Process, called: str, names: list[str], data: list[bytes], *, verbose: bool, show: bool, quiet: bool) -> int:
    """The comparison and its messages."""
    one, other = data
    if one == other:
        return 0
    if quiet:
        return 1
    common = min(len(one), len(other))
    width = len(str(max(len(one), len(other)))) if min(len(one), len(other)) else 1
    width = len(str(common)) if verbose else width
    for at in range(common):
        if one[at] == other[at]:
            continue
        a, b = one[at], other[at]
        if not verbose:
            line = one.count(b"\n", 0, at) + 1
            text = f"{names[0]} {names[1]} differ: char {at + 1}, line {line}\n"
            if show:
                text = f"{names[0]} {names[1]} differ: byte {at + 1}, line {line} is {a:3o} {visible(a)} {b:3o} {visible(b)}\n"
            await sys.stdout.write(text)
            return 1
        detail = f"{a:3o} {visible(a):<4} {b:3o} {visible(b)}" if show else f"{a:3o} {b:3o}"
        await sys.stdout.write(f"{at + 1:>{width}} {detail}\n")
    if len(one) != len(other):
        await sys.stdout.flush()
        await sys.stderr.write(f"{called}: {end_of_file(names, data, verbose)}\n")
    return 1


def end_of_file(names: list[str], data: list[bytes], verbose: bool) -> str:
    """What is said of the shorter file."""
    short = 0 if len(data[0]) < len(data[1]) else 1
    if not data[short]:
        return f"EOF on {names[short]} which is empty"
    lines = data[short].count(b"\n")
    if verbose:
        return f"EOF on {names[short]} after byte {len(data[short])}"
    where = f"line {lines}" if data[short].endswith(b"\n") else f"in line {lines + 1}"
    return f"EOF on {names[short]} after byte {len(data[short])}, {where}"
