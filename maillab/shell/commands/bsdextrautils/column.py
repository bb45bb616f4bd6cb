"""column - columnate lists

SYNOPSIS
    column [options] [file...]

DESCRIPTION
    column of util-linux 2.38: -t makes a table of words (or of what -s separates), -o is what stands between its columns, -N names them,
    -R aligns columns right, -n keeps empty cells; without -t lines fill columns (-x: rows first), -c says how wide the output is.

BUGS
    -J, -r, -d, -E, -H, -O, -T, -W and -l are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.options import TRY_HELP, fail, gnu
from maillab.sim.host.errno import SysError
from maillab.sim.host.stdio import Input, decode

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"bsdextrautils": "/usr/bin/column"}

OPTIONS = gnu(
    "-c,--output-width,--columns= -d,--table-noheadings -E,--table-noextreme= -e,--table-header-repeat -H,--table-hide= "
    "-i,--tree-id= -J,--json -L,--keep-empty-lines -l,--table-columns-limit= -N,--table-columns= -n,--table-name= "
    "-O,--table-order= -o,--output-separator= -p,--tree-parent= -r,--tree= -R,--table-right= -s,--separator= "
    "-T,--table-truncate= -t,--table -W,--table-wrap= -x,--fillrows -h,--help -V,--version",
    standard=False,
)
SIMULATED = {"output-width", "keep-empty-lines", "table-columns", "output-separator", "table-right", "separator", "table", "fillrows",
             "help", "version"}  # fmt: skip
HELP = """
Usage:
 column [options] [<file>...]

Columnate lists.

Options:
 -t, --table                      create a table
 -N, --table-columns <names>      comma separated columns names
 -R, --table-right <columns>      right align text in these columns
 -L, --keep-empty-lines           don't ignore empty lines
 -c, --output-width <width>       width of output in number of characters
 -o, --output-separator <string>  columns separator for table output (default is two spaces)
 -s, --separator <string>         possible table delimiters
 -x, --fillrows                   fill rows before columns
"""
TAB = 8


async def main(sys: Process, argv: list[str]) -> int:
    """column."""
    given = await OPTIONS.read(sys, argv, help=HELP, version="column from util-linux 2.38.1\n", hint=TRY_HELP)
    for found in given.found:
        if found.name not in SIMULATED:
            await fail(sys, argv, f"{found.spelled} is not simulated")
    lines: list[str] = []
    status = 0
    for name in given.operands or ["-"]:
        try:
            source = sys.stdin if name == "-" else Input(sys, sys.open(name, "r"))
        except SysError as error:
            await sys.stderr.write(f"{argv[0]}: {name}: {error.strerror}\n")
            status = 1
            continue
        lines += [decode(line).removesuffix("\n") async for line in source]
    if not given.has("keep-empty-lines"):
        lines = [line for line in lines if line.strip()]
    if given.has("table"):
        header = (given.last("table-columns") or "").split(",") if given.has("table-columns") else None
        right = (given.last("table-right") or "").split(",") if given.has("table-right") else []
        text = table(lines, given.last("separator"), given.last("output-separator", "  ") or "", header, right)
    else:
        width = given.last("output-width") or sys.env.get("COLUMNS") or str(terminal_width(sys))
        text = filled(lines, int(width) if width.isdigit() else 80, rows_first=given.has("fillrows"))
    await sys.stdout.write(text)
    return status


def terminal_width(sys: Process) -> int:
    """The width of the terminal, 80 without one."""
    try:
        return sys.winsize(1)[1] or 80
    except SysError:
        return 80


def cells(line: str, separators: str | None) -> list[str]:
    """The cells of a line: words, or what each separator ends."""
    if separators is None:
        return line.split()
    for other in separators[1:]:
        line = line.replace(other, separators[0])
    return line.split(separators[0])


def table(lines: list[str], separators: str | None, between: str, header: list[str] | None, right: list[str]) -> str:
    """-t: all columns but the last as wide as their widest cell."""
    rows = [cells(line, separators) for line in lines]
    if header is not None:
        rows.insert(0, header)
    count = max((len(row) for row in rows), default=0)
    widths = [max((len(row[at]) for row in rows if at < len(row)), default=0) for at in range(count)]
    aligned = {int(name) - 1 if name.isdigit() else header.index(name) if header and name in header else -1 for name in right}
    out: list[str] = []
    for row in rows:
        padded = row + [""] * (count - len(row))
        shown = [cell.rjust(widths[at]) if at in aligned else cell.ljust(widths[at]) for at, cell in enumerate(padded)]
        if count and count - 1 not in aligned:
            shown[-1] = padded[-1]
        out.append(between.join(shown) + "\n")
    return "".join(out)


def filled(lines: list[str], width: int, *, rows_first: bool) -> str:
    """Without -t: columns as wide as the longest line, rounded up to a tab stop."""
    longest = max((len(line) for line in lines), default=0)
    if longest >= width:
        return "".join(line + "\n" for line in lines)
    step = (longest + TAB) // TAB * TAB
    across = max(1, width // step)
    if rows_first:
        rows = [lines[at : at + across] for at in range(0, len(lines), across)]
    else:
        height = -(-len(lines) // across)
        rows = [lines[at::height] for at in range(height)]
    out: list[str] = []
    for row in rows:
        text = ""
        for cell in row[:-1]:
            text += cell + "\t" * -(-(step - len(cell)) // TAB)
        out.append(text + row[-1] + "\n")
    return "".join(out)
