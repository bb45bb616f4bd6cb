"""base64 and base32: wrapped encoding, and decoding that prints what is sound before it complains."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.options import gnu

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

OPTIONS = gnu("-d,--decode -w,--wrap= -i,--ignore-garbage")


@dataclass(frozen=True)
class Encoding:
    """How bytes become text: groups of `clear` bytes become `coded` characters of the alphabet."""

    encode: Callable[[bytes], bytes]
    decode: Callable[[bytes], bytes]
    clear: int
    coded: int
    alphabet: bytes


async def run(sys: Process, argv: list[str], doc: str | None, authors: str, encoding: Encoding) -> int:
    """The whole program."""
    command = Command(sys, argv, doc, authors)
    command.cannot_read = "read error"
    given = await command.read(OPTIONS)
    wrap = given.last("wrap", "76") or ""
    if not wrap.isdigit():
        await command.die(f"invalid wrap size: {command.q(wrap)}")
    if len(given.operands) > 1:
        await command.usage(f"extra operand {command.q(given.operands[1])}")
    name = given.operands[0] if given.operands else "-"
    fd = await command.open(name)
    if fd is None:
        return 1
    if given.has("decode"):
        await _decode(command, fd, encoding, given.has("ignore-garbage"))
    else:
        await _encode(command, fd, encoding, int(wrap))
    return command.status


async def _encode(command: Command, fd: int, encoding: Encoding, wrap: int) -> None:
    out = command.sys.stdout
    rest = b""
    column = 0

    async def emit(text: bytes) -> None:
        nonlocal column
        if not wrap:
            await out.write(text)
            return
        at = 0
        while at < len(text):
            if column == wrap:
                await out.write(b"\n")
                column = 0
            piece = text[at : at + wrap - column]
            await out.write(piece)
            column += len(piece)
            at += len(piece)

    async for block in command.blocks(fd):
        rest += block
        whole = len(rest) - len(rest) % encoding.clear
        await emit(encoding.encode(rest[:whole]))
        rest = rest[whole:]
    await emit(encoding.encode(rest))
    if wrap and column:
        await out.write(b"\n")


async def _decode(command: Command, fd: int, encoding: Encoding, ignore: bool) -> None:
    """Group by group; at the first bad character everything sound before it is printed, then the complaint."""
    text = bytearray()
    async for block in command.blocks(fd):
        if ignore:
            text += bytes(byte for byte in block if byte in encoding.alphabet or byte == 61)
        else:
            text += block.replace(b"\n", b"")
    out = bytearray()
    for at in range(0, len(text), encoding.coded):
        group = bytes(text[at : at + encoding.coded])
        body = group.rstrip(b"=")
        padding = len(group) - len(body)
        good = body[: next((i for i, byte in enumerate(body) if byte not in encoding.alphabet), len(body))]
        sound = _sound_length(len(good), encoding)
        if good == body and len(group) == encoding.coded and sound == len(body) and (padding or len(body) == encoding.coded):
            out += encoding.decode(group)
            continue
        out += encoding.decode(good[:sound] + b"=" * (-sound % encoding.coded)) if sound else b""
        await command.sys.stdout.write(bytes(out))
        await command.die("invalid input")
    await command.sys.stdout.write(bytes(out))


def _sound_length(count: int, encoding: Encoding) -> int:
    """How many characters of an unfinished group give whole bytes."""
    bits = {4: 6, 8: 5}[encoding.coded]
    return -(-(count * bits // 8 * 8) // bits)
