"""look - display lines beginning with a given string

SYNOPSIS
    look [-a] [-d] [-f] [-t char] string [file]

DESCRIPTION
    The lines of a file that begin with the string; -d compares letters and digits only, -f without regard to case, -t up to a character.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.options import TRY_HELP, fail, gnu
from maillab.sim.host.errno import SysError
from maillab.sim.host.stdio import Input, decode

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"bsdextrautils": "/usr/bin/look"}

OPTIONS = gnu("-a,--alternative -d,--alphanum -f,--ignore-case -t,--terminate= -h,--help -V,--version", standard=False)


async def main(sys: Process, argv: list[str]) -> int:
    """look."""
    given = await OPTIONS.read(sys, argv, help=__doc__ + "\n", version="look from util-linux 2.38.1\n", hint=TRY_HELP)
    if not 1 <= len(given.operands) <= 2:
        await fail(sys, argv, "bad usage", hint=TRY_HELP)
    name = given.operands[1] if len(given.operands) > 1 else "/usr/share/dict/words"
    dictionary = len(given.operands) == 1

    def key(text: str) -> str:
        if given.has("alphanum") or dictionary:
            text = "".join(char for char in text if char.isalnum() or char == " ")
        return text.lower() if given.has("ignore-case") or dictionary else text

    wanted = given.operands[0]
    if given.has("terminate"):
        stop = given.last("terminate") or ""
        wanted = wanted[: wanted.find(stop) + 1] if stop in wanted else wanted
    try:
        source = Input(sys, sys.open(name, "r"))
    except SysError as error:
        await fail(sys, argv, f"{name}: {error.strerror}")
    status = 1
    async for line in source:
        if key(decode(line).removesuffix("\n")).startswith(key(wanted)):
            await sys.stdout.write(line)
            status = 0
    return status
