"""The command lines of openssl's commands: options with one dash (or two), then operands; and how errors are said."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn

from maillab.sim.host.errno import SysError
from maillab.sim.host.stdio import Input

if TYPE_CHECKING:
    from maillab.sim.host.process import Process


@dataclass
class Arguments:
    """What a command was given: `flags` without value, `values` by option, `words` that are no options."""

    command: str
    flags: list[str] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)


async def refuse(sys: Process, command: str, text: str) -> NoReturn:
    """A mistake on the command line."""
    await sys.stdout.flush()
    await sys.stderr.write(f"{command}: {text}\n{command}: Use -help for summary.\n")
    sys.exit(1)


async def read_arguments(sys: Process, command: str, words: list[str], flags: str, valued: str, unknown: str = "Unknown option: -") -> Arguments:
    """Read the words after a command's name; an option that is neither in `flags` nor `valued` ends the program."""
    found = Arguments(command)
    names, with_value = flags.split(), valued.split()
    rest = list(words)
    while rest:
        word = rest.pop(0)
        name = word.lstrip("-")
        if word == "-" or not word.startswith("-"):
            found.words = [word, *rest]
            break
        if word == "--":
            found.words = rest
            break
        if name in with_value:
            if not rest:
                await refuse(sys, command, f"Option -{name} needs a value")
            found.values[name] = rest.pop(0)
        elif name in names:
            found.flags.append(name)
        else:
            await refuse(sys, command, f"{unknown}{name}")
    return found


async def read_input(sys: Process, path: str | None) -> bytes:
    """A file, or the standard input; ends the program when it cannot be read."""
    if path is None or path == "-":
        return await Input(sys, 0).read()
    try:
        return sys.slurp(path)
    except SysError as error:
        await sys.stderr.write(f'Can\'t open "{path}" for reading, {error}\n')
        sys.exit(1)


async def write_output(sys: Process, path: str | None, data: bytes, mode: int = 0o666) -> None:
    """Write to a file, or to the standard output."""
    if path is None:
        await sys.stdout.write(data)
        return
    try:
        sys.spew(path, data, mode=mode)
    except SysError as error:
        await sys.stderr.write(f'Can\'t open "{path}" for writing, {error}\n')
        sys.exit(1)
