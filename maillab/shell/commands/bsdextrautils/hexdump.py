"""hexdump, hd - display file contents in hexadecimal

SYNOPSIS
    hexdump [-C|-b|-c|-d|-o|-x] [-n length] [-s offset] [-v] [file...]
    hd [options] [file...]

DESCRIPTION
    The ready-made forms of hexdump of util-linux 2.38; lines that repeat are shown as `*` unless -v. hd is hexdump -C.

BUGS
    -e and -f (formats) and -L are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.options import TRY_HELP, fail, gnu
from maillab.shell.sizes import parse_size
from maillab.sim.host.errno import SysError
from maillab.sim.host.stdio import Input

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"bsdextrautils": ["/usr/bin/hexdump", "/usr/bin/hd"]}

OPTIONS = gnu(
    "-b,--one-byte-octal -c,--one-byte-char -C,--canonical -d,--two-bytes-decimal -o,--two-bytes-octal -x,--two-bytes-hex -e,--format= "
    "-f,--format-file= -L,--color=? -n,--length= -s,--skip= -v,--no-squeezing -h,--help -V,--version",
    standard=False,
)
FORMS = ("one-byte-octal", "one-byte-char", "canonical", "two-bytes-decimal", "two-bytes-octal", "two-bytes-hex")
ESCAPES = {0: "\\0", 7: "\\a", 8: "\\b", 12: "\\f", 10: "\\n", 13: "\\r", 9: "\\t", 11: "\\v"}
ROW = 16


def shown(row: bytes, form: str) -> str:
    """The bytes of one line."""
    if form == "canonical":
        halves = [" ".join(f"{byte:02x}" for byte in row[at : at + 8]) for at in (0, 8)]
        text = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
        return f"  {halves[0]:<23}  {halves[1]:<23}  |{text}|"
    if form == "one-byte-octal":
        return "".join(f" {byte:03o}" for byte in row).ljust(4 * ROW)
    if form == "one-byte-char":
        names = [ESCAPES.get(byte) or (chr(byte) if 32 <= byte < 127 else f"{byte:03o}") for byte in row]
        return "".join(f" {name:>3}" for name in names).ljust(4 * ROW)
    words = [int.from_bytes(row[at : at + 2], "little") for at in range(0, len(row), 2)]
    if form == "plain":
        return "".join(f" {word:04x}" for word in words).ljust(5 * ROW // 2)
    pattern = {"two-bytes-decimal": "   {:05d}", "two-bytes-octal": "  {:06o}", "two-bytes-hex": "    {:04x}"}[form]
    return "".join(pattern.format(word) for word in words).ljust(8 * ROW // 2)


async def main(sys: Process, argv: list[str]) -> int:
    """hexdump."""
    given = await OPTIONS.read(sys, argv, help=__doc__ + "\n", version=f"{argv[0]} from util-linux 2.38.1\n", hint=TRY_HELP)
    for name in ("format", "format-file", "color"):
        if given.has(name):
            await fail(sys, argv, f"--{name} is not simulated")
    form = given.latest(*FORMS) or ("canonical" if argv[0].endswith("hd") else "plain")
    try:
        skip, length = parse_size(given.last("skip") or "0"), given.last("length")
        most = parse_size(length) if length is not None else None
    except ValueError:
        await fail(sys, argv, "failed to parse length")
    parts: list[bytes] = []
    failed = 0
    for name in given.operands:
        try:
            parts.append(await Input(sys, sys.open(name, "r")).read())
        except SysError as error:
            failed += 1
            await sys.stderr.write(f"{argv[0]}: {name}: {error.strerror}\n")
    if given.operands and failed == len(given.operands):
        await fail(sys, argv, "all input file arguments failed")
    data = b"".join(parts) if given.operands else await sys.stdin.read()
    data = data[skip : None if most is None else skip + most]
    await dump(sys, data, skip, form, squeeze=not given.has("no-squeezing"))
    return 1 if failed else 0


async def dump(sys: Process, data: bytes, start: int, form: str, *, squeeze: bool) -> None:
    """All lines, and the offset of the end."""
    width = 8 if form == "canonical" else 7
    previous, starred = b"", False
    for at in range(0, len(data), ROW):
        row = data[at : at + ROW]
        if squeeze and row == previous and at + ROW <= len(data):
            if not starred:
                await sys.stdout.write("*\n")
            starred = True
            continue
        starred, previous = False, row
        await sys.stdout.write(f"{start + at:0{width}x}{shown(row, form)}\n")
    if data:
        await sys.stdout.write(f"{start + len(data):0{width}x}\n")
