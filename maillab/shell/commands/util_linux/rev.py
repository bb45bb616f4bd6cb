"""rev - reverse lines characterwise

SYNOPSIS
    rev [file...]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.locale import is_utf8
from maillab.shell.options import TRY_HELP, gnu
from maillab.sim.host.errno import SysError
from maillab.sim.host.stdio import Input, decode, encode

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"util-linux": "/usr/bin/rev"}

OPTIONS = gnu("-h,--help -V,--version -0,--zero", standard=False)


async def main(sys: Process, argv: list[str]) -> int:
    """rev."""
    given = await OPTIONS.read(sys, argv, help=__doc__ + "\n", version="rev from util-linux 2.38.1\n", hint=TRY_HELP)
    end = b"\0" if given.has("zero") else b"\n"
    status = 0
    for name in given.operands or ["-"]:
        try:
            source = sys.stdin if name == "-" else Input(sys, sys.open(name, "r"))
        except SysError as error:
            await sys.stderr.write(f"{argv[0]}: cannot open {name}: {error.strerror}\n")
            status = 1
            continue
        while line := await source.readline(separator=end):
            body = line.removesuffix(end)
            turned = encode(decode(body)[::-1]) if is_utf8(sys.env) else body[::-1]
            await sys.stdout.write(turned + line[len(body) :])
    return status
