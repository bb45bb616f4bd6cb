"""sdiff - side-by-side merge of file differences

SYNOPSIS
    sdiff [OPTION]... FILE1 FILE2

DESCRIPTION
    Shows two files side by side, as diff -y does: -b -B -d -E -i -l -s -t -w COLUMNS -W.

BUGS
    -o (the interactive merge) and -I are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.diffutils.diff import main as diff
from maillab.shell.options import TRY_HELP, fail, gnu

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"diffutils": "/usr/bin/sdiff"}

OPTIONS = gnu(
    "-a,--text -b,--ignore-space-change -B,--ignore-blank-lines -d,--minimal -E,--ignore-tab-expansion -i,--ignore-case "
    "-l,--left-column -s,--suppress-common-lines -t,--expand-tabs -w,--width= -W,--ignore-all-space -Z,--ignore-trailing-space "
    "-o,--output= --strip-trailing-cr",
    standard=False,
)
TROUBLE = 2


async def main(sys: Process, argv: list[str]) -> int:
    """sdiff."""
    hint = f"{argv[0]}: {TRY_HELP}"
    given = await OPTIONS.read(sys, argv, status=TROUBLE, hint=hint)
    if given.has("output"):
        await fail(sys, argv, "the interactive merge (-o) is not simulated", status=TROUBLE)
    if len(given.operands) != 2:
        problem = f"extra operand '{given.operands[2]}'" if len(given.operands) > 2 else (
            f"missing operand after '{given.operands[0] if given.operands else argv[-1]}'"
        )
        await fail(sys, argv, problem, status=TROUBLE, hint=hint)
    words = ["diff", "--side-by-side"]
    words += [f"--{found.name}" + (f"={found.value}" if found.value is not None else "") for found in given.found]
    return await diff(sys, [*words, "--", *given.operands])
