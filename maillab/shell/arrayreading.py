"""mapfile and readarray."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell import quoting
from maillab.shell.builtin import options
from maillab.shell.lineinput import read_line
from maillab.shell.source import NAME
from maillab.sim.host.stdio import decode

if TYPE_CHECKING:
    from maillab.shell.shell import Shell


async def read_array(sh: Shell, name: str, args: list[str]) -> int:
    """-t drops the delimiters, -n at most so many, -s skips, -O where to begin, -d delimiter, -u descriptor, -C callback."""
    given = await options(sh, name, args, "d:n:O:s:tu:C:c:")
    target = given.operands[0] if given.operands else "MAPFILE"
    if not NAME.fullmatch(target):
        await sh.report(f"{name}: `{target}': not a valid identifier")
        return 1
    for letter, what in (("n", "line count"), ("s", "line count"), ("O", "array origin"), ("c", "callback quantum")):
        if letter in given and not given.value(letter).isdigit():
            await sh.report(f"{name}: {given.value(letter)}: invalid {what}")
            return 1
    fd = int(given.value("u") or 0)
    delimiter = (given.value("d")[:1].encode() or b"\0") if "d" in given else b"\n"
    index = int(given.value("O") or 0)
    variables = sh.state.variables
    if "O" not in given:
        variables.set_array(target, [])
    limit, skip, count = int(given.value("n") or 0), int(given.value("s") or 0), 0
    while not limit or count < limit:
        data = await read_line(sh.sys, fd, delimiter)
        if not data:
            break
        if skip:
            skip -= 1
            continue
        text = decode(data.removesuffix(delimiter) if "t" in given or delimiter == b"\0" else data)
        count += 1
        if "C" in given and count % int(given.value("c") or 5000) == 0:
            await sh.run_text(f"{given.value('C')} {index} {quoting.reusable(text)}")
        variables.set_element(target, str(index), text)
        index += 1
    return 0
