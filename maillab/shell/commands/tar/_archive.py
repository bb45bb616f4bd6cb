"""tar archives as bytes: headers, members, and their compression.

The headers are those of the GNU format, written and read by Python's `tarfile.TarInfo` (pure computation on bytes).
"""

from __future__ import annotations

import bz2
import lzma
import tarfile
import zlib
from dataclasses import dataclass
from typing import Any

BLOCK = 512
RECORD = 10240
MOST_BYTES = 256 << 20
SUFFIXES = {".gz": "gzip", ".tgz": "gzip", ".taz": "gzip", ".bz2": "bzip2", ".tbz2": "bzip2", ".tbz": "bzip2", ".tz2": "bzip2",
            ".xz": "xz", ".txz": "xz"}  # fmt: skip
MAGIC = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ\0": "xz"}


class NotAnArchive(Exception):
    """The bytes are not what they should be; `text` is what the compressor says ("" when tar itself complains)."""


@dataclass
class Member:
    """One member: its header, and where its data lies in the archive."""

    info: tarfile.TarInfo
    data: bytes
    raw: bytes

    @property
    def name(self) -> str:
        """The name, a directory's with its slash."""
        name = self.info.name
        return name.rstrip("/") + "/" if self.info.isdir() else name


def header(info: tarfile.TarInfo) -> bytes:
    """The blocks of a header (long names take several)."""
    block: bytes = info.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape")
    return block


def padded(data: bytes) -> bytes:
    """Data filled up to whole blocks."""
    return data + b"\0" * (-len(data) % BLOCK)


def finished(body: bytes) -> bytes:
    """An archive's end: two empty blocks, filled up to a whole record."""
    whole = body + b"\0" * (2 * BLOCK)
    return whole + b"\0" * (-len(whole) % RECORD)


def members(archive: bytes) -> tuple[list[Member], bool]:
    """The members of an archive, and whether it looked like one to its end."""
    found: list[Member] = []
    at = 0
    start = 0
    long_name: str | None = None
    long_link: str | None = None
    while at + BLOCK <= len(archive):
        block = archive[at : at + BLOCK]
        if block.count(0) == BLOCK:
            return found, True
        try:
            info = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
        except tarfile.HeaderError:
            return found, False
        at += BLOCK
        stored = info.size if info.type not in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE) else 0
        data = archive[at : at + stored]
        at += stored + -stored % BLOCK
        text = data.rstrip(b"\0").decode("utf-8", "surrogateescape")
        if info.type == tarfile.GNUTYPE_LONGNAME:
            long_name = text
            continue
        if info.type == tarfile.GNUTYPE_LONGLINK:
            long_link = text
            continue
        info.name, info.linkname = long_name or info.name, long_link or info.linkname
        found.append(Member(info, data, archive[start:at]))
        long_name = long_link = None
        start = at
    return found, bool(found) or not archive


def kind_of(data: bytes) -> str:
    """How data is compressed, by its first bytes; "" when it is not."""
    return next((kind for magic, kind in MAGIC.items() if data.startswith(magic)), "")


def compress(data: bytes, kind: str) -> bytes:
    """Data as the compressor `kind` writes it from its standard input."""
    if kind == "gzip":
        engine = zlib.compressobj(6, zlib.DEFLATED, 31)
        return engine.compress(data) + engine.flush()
    if kind == "bzip2":
        return bz2.compress(data)
    return lzma.compress(data) if kind == "xz" else data


def decompressor(kind: str) -> Any:
    """What undoes a compression."""
    if kind == "gzip":
        return zlib.decompressobj(31)
    if kind == "bzip2":
        return bz2.BZ2Decompressor()
    return lzma.LZMADecompressor()


def decompress(data: bytes, kind: str) -> bytes:
    """The reverse; raises NotAnArchive."""
    if kind == "gzip" and not data.startswith(b"\x1f\x8b"):
        raise NotAnArchive("\ngzip: stdin: not in gzip format" if data else "\ngzip: stdin: unexpected end of file")
    if kind == "bzip2" and not data.startswith(b"BZh"):
        raise NotAnArchive("bzip2: (stdin) is not a bzip2 file.")
    if kind == "xz" and not data.startswith(b"\xfd7zXZ\0"):
        raise NotAnArchive("xz: (stdin): File format not recognized")
    engine = decompressor(kind)
    try:
        result: bytes = engine.decompress(data, MOST_BYTES)
    except (zlib.error, OSError, lzma.LZMAError, EOFError):
        raise NotAnArchive("\ngzip: stdin: invalid compressed data--format violated") from None
    if kind == "gzip" and not engine.eof and len(result) < MOST_BYTES:
        raise NotAnArchive("\ngzip: stdin: unexpected end of file")
    return result
