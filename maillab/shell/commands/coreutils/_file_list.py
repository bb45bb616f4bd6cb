"""--files0-from of wc, sort and du: operands read from a file, each ended by a NUL."""

from __future__ import annotations

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.options import Given
from maillab.sim.host.errno import SysError
from maillab.sim.host.stdio import decode


async def files_from(command: Command, given: Given) -> list[str]:
    """The operands, or the names in the file of --files0-from."""
    source = given.last("files0-from")
    if source is None:
        return given.operands
    if given.operands:
        await command.usage(f"extra operand {command.q(given.operands[0])}\nfile operands cannot be combined with --files0-from")
    try:
        data = await command.sys.stdin.read() if source == "-" else command.sys.slurp(source)
    except SysError as error:
        await command.die(f"cannot open {command.file(source)} for reading", error)
    names = decode(data).removesuffix("\0").split("\0") if data else []
    for number, name in enumerate(names, 1):
        if not name:
            await command.complain(f"{command.odd(source)}:{number}: invalid zero-length file name")
    return [name for name in names if name]
