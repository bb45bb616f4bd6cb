"""The gzip file format (RFC 1952): reading and writing members."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

MOST_BYTES = 256 << 20
HEADER = 10
FLAG_CRC, FLAG_EXTRA, FLAG_NAME, FLAG_COMMENT = 2, 4, 8, 16


class FormatError(Exception):
    """What is wrong with the data, in gzip's words."""


@dataclass
class Contents:
    """What one file held: the data, and the name and time its first member noted (time in seconds, 0 for none)."""

    data: bytes
    name: str
    time: int
    crc: int
    overhead: int


def overhead(name: str) -> int:
    """The size of a header and a trailer."""
    return HEADER + 8 + (len(name.encode("utf-8", "surrogateescape")) + 1 if name else 0)


def compress(data: bytes, level: int, name: str, time: int) -> bytes:
    """One member; `name` "" and `time` 0 leave them out."""
    engine = zlib.compressobj(level, zlib.DEFLATED, -15)
    body = engine.compress(data) + engine.flush()
    flags = FLAG_NAME if name else 0
    extra = 2 if level == 9 else 4 if level == 1 else 0
    head = b"\x1f\x8b\x08" + bytes([flags]) + (time & 0xFFFFFFFF).to_bytes(4, "little") + bytes([extra, 3])
    if name:
        head += name.encode("utf-8", "surrogateescape") + b"\0"
    tail = zlib.crc32(data).to_bytes(4, "little") + (len(data) & 0xFFFFFFFF).to_bytes(4, "little")
    return head + body + tail


def decompress(raw: bytes) -> Contents:
    """All members of a file; raises FormatError."""
    if not raw:
        raise FormatError("unexpected end of file")
    if len(raw) > 1 and raw[:2] != b"\x1f\x8b":
        raise FormatError("not in gzip format")
    if len(raw) < HEADER:
        raise FormatError("unexpected end of file")
    name, time = noted(raw)
    parts: list[bytes] = []
    crc = 0
    while raw[:2] == b"\x1f\x8b":
        engine = zlib.decompressobj(31)
        try:
            part = engine.decompress(raw, MOST_BYTES)
        except zlib.error as error:
            crossed = "incorrect data check" in str(error)
            raise FormatError("invalid compressed data--crc error" if crossed else "invalid compressed data--format violated") from None
        if not engine.eof:
            raise FormatError("unexpected end of file")
        crc = int.from_bytes(raw[len(raw) - len(engine.unused_data) - 8 :][:4], "little")
        parts.append(part)
        raw = engine.unused_data
    return Contents(b"".join(parts), name, time, crc, overhead(name))


def noted(raw: bytes) -> tuple[str, int]:
    """The name and the time in a header."""
    at = HEADER
    if raw[3] & FLAG_EXTRA:
        at += 2 + int.from_bytes(raw[at : at + 2], "little")
    name = ""
    if raw[3] & FLAG_NAME:
        name = raw[at : raw.find(b"\0", at)].decode("utf-8", "surrogateescape")
    return name, int.from_bytes(raw[4:8], "little")
