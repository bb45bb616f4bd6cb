"""diff3 - compare three files line by line

SYNOPSIS
    diff3 [OPTION]... MYFILE OLDFILE YOURFILE

DESCRIPTION
    GNU diff3 3.8: the places where one of the files (====1, ====2, ====3) or all of them (====) differ, with -a, -i, -T and
    --strip-trailing-cr. Status 0, 1 for conflicts, 2 for trouble.

BUGS
    Merging (-m, -e, -E, -A, -x, -X, -3) is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from maillab.shell.commands.diffutils._compare import Change, changes
from maillab.shell.commands.diffutils._output import whole
from maillab.shell.options import TRY_HELP, fail, gnu
from maillab.sim.host.errno import SysError
from maillab.sim.host.stdio import Input

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"diffutils": "/usr/bin/diff3"}

OPTIONS = gnu(
    "-a,--text -A,--show-all -e,--ed -E,--show-overlap -i -m,--merge -T,--initial-tab -x,--overlap-only -X -3,--easy-only -L,--label= "
    "--strip-trailing-cr --diff-program= -v,--version",
    standard=False,
)
SIMULATED = {"text", "initial-tab", "strip-trailing-cr"}
TROUBLE = 2
ORDER = {"": (0, 1, 2), "1": (0, 1, 2), "2": (0, 2, 1), "3": (0, 1, 2)}
SILENT = {"": (), "1": (1,), "2": (0,), "3": (0,)}
"""Which file's lines are not shown, being the same as those of the next one."""

Span = tuple[int, int]


class Block:
    """A place where the files differ: its lines in each file, and which of the first two differ from the third."""

    def __init__(self, low: int, high: int) -> None:
        self.low = low
        self.high = high
        self.touched: set[int] = set()


def blocks(scripts: Sequence[list[Change]]) -> list[Block]:
    """The changes of both scripts (from the third file to the first and to the second), joined where they touch."""
    edges = sorted((change.at, change.at + change.deleted, side) for side, script in enumerate(scripts) for change in script)
    found: list[Block] = []
    for low, high, side in edges:
        if not found or low > found[-1].high:
            found.append(Block(low, high))
        found[-1].high = max(found[-1].high, high)
        found[-1].touched.add(side)
    return found


def mapped(script: list[Change], low: int, high: int) -> Span:
    """The lines of the other file that stand for lines low..high of the third one."""
    start, end = low, high
    for change in script:
        growth = change.inserted - change.deleted
        if change.at + change.deleted <= high:
            end += growth
        if change.at + change.deleted < low or (change.at + change.deleted == low and change.at < low):
            start += growth
    return start, end


def numbers(span: Span) -> str:
    """2c, 2,3c or 2a."""
    low, high = span
    if low == high:
        return f"{low}a"
    return f"{high}c" if high == low + 1 else f"{low + 1},{high}c"


async def main(sys: Process, argv: list[str]) -> int:
    """diff3."""
    hint = f"{argv[0]}: {TRY_HELP}"
    given = await OPTIONS.read(sys, argv, help=__doc__ + "\n", version="diff3 (GNU diffutils) 3.8\n", status=TROUBLE, hint=hint)
    for found in given.found:
        if found.name not in SIMULATED:
            await fail(sys, argv, f"{found.spelled} is not simulated", status=TROUBLE)
    names = given.operands
    if len(names) != 3:
        problem = f"extra operand '{names[3]}'" if len(names) > 3 else f"missing operand after '{names[-1] if names else argv[-1]}'"
        await fail(sys, argv, problem, status=TROUBLE, hint=hint)
    files: list[list[bytes]] = []
    for name in names:
        try:
            data = await sys.stdin.read() if name == "-" else await Input(sys, sys.open(name, "r")).read()
        except SysError as error:
            await fail(sys, argv, f"{name}: {error.strerror}", status=TROUBLE)
        if given.has("strip-trailing-cr"):
            data = data.replace(b"\r\n", b"\n")
        files.append(data.splitlines(keepends=True) if b"\r" not in data else [line for line in data.split(b"\n") if line])
    scripts = [changes(files[2], files[0]), changes(files[2], files[1])]
    for block in blocks(scripts):
        await show(sys, files, block, scripts, b"\t" if given.has("initial-tab") else b"  ")
    return 0


async def show(sys: Process, files: list[list[bytes]], block: Block, scripts: Sequence[list[Change]], indent: bytes) -> None:
    """One block."""
    spans = [mapped(scripts[0], block.low, block.high), mapped(scripts[1], block.low, block.high), (block.low, block.high)]
    texts = [lines[low:high] for lines, (low, high) in zip(files, spans, strict=True)]
    odd = ""
    if len(block.touched) == 1:
        odd = str(min(block.touched) + 1)
    elif texts[0] == texts[1]:
        odd = "3"
    await sys.stdout.write(f"===={odd}\n")
    for file in ORDER[odd]:
        await sys.stdout.write(f"{file + 1}:{numbers(spans[file])}\n")
        for line in texts[file] if file not in SILENT[odd] else []:
            await sys.stdout.write(indent + whole(line))
