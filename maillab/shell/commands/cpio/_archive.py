"""The formats of cpio(5): old binary (little endian), old portable (odc) and new portable (newc)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

TRAILER = "TRAILER!!!"
BLOCK = 512
_BINARY = struct.Struct("<13H")
_NEWC = ("ino", "mode", "uid", "gid", "nlink", "mtime", "size", "devmajor", "devminor", "rdevmajor", "rdevminor", "namesize", "check")


class Member(NamedTuple):
    """One file of an archive; `data` is the target of a symbolic link. `mtime` in seconds."""

    name: str
    mode: int
    uid: int = 0
    gid: int = 0
    nlink: int = 1
    mtime: int = 0
    ino: int = 0
    data: bytes = b""


class BadArchive(Exception):
    """Not an archive, or one that ends too early."""


def pack(member: Member, form: str) -> bytes:
    """The bytes of a member in a format: bin, odc or newc."""
    name = member.name.encode("utf-8", "surrogateescape") + b"\0"
    size = len(member.data)
    if form == "newc":
        numbers = (member.ino, member.mode, member.uid, member.gid, member.nlink, member.mtime, size, 0, 0, 0, 0, len(name), 0)
        head = b"070701" + b"".join(b"%08X" % number for number in numbers) + name
        return _padded(head, 4) + _padded(member.data, 4)
    if form == "odc":
        head = b"070707%06o%06o%06o%06o%06o%06o%06o%011o%06o%011o" % (
            0, member.ino & 0o777777, member.mode, member.uid, member.gid, member.nlink, 0, member.mtime, len(name), size,
        )  # fmt: skip
        return head + name + member.data
    words = (0o070707, 0, member.ino & 0xFFFF, member.mode, member.uid & 0xFFFF, member.gid & 0xFFFF, member.nlink, 0, member.mtime >> 16,
             member.mtime & 0xFFFF, len(name), size >> 16, size & 0xFFFF)  # fmt: skip
    return _BINARY.pack(*words) + _padded(name, 2) + _padded(member.data, 2)


def _padded(data: bytes, to: int) -> bytes:
    return data + b"\0" * (-len(data) % to)


def archive(members: list[Member], form: str) -> bytes:
    """A whole archive, a multiple of 512 bytes."""
    data = b"".join(pack(member, form) for member in [*members, Member(TRAILER, 0)])
    return _padded(data, BLOCK)


def unpack(data: bytes) -> Iterator[Member]:
    """The members of an archive. Raises BadArchive."""
    at = 0
    while True:
        if len(data) - at < _BINARY.size:
            raise BadArchive("premature end of archive")
        member, at = _next(data, at)
        if member.name == TRAILER:
            return
        yield member


def _next(data: bytes, at: int) -> tuple[Member, int]:
    """The member at an offset, and where the next one starts."""
    if data[at : at + 6] in (b"070701", b"070702"):
        fields = dict(zip(_NEWC, (int(data[at + 6 + 8 * n : at + 14 + 8 * n], 16) for n in range(13)), strict=True))
        start, unit = at + 110, 4
        head = -(-(110 + fields["namesize"]) // 4) * 4
    elif data[at : at + 6] == b"070707":
        names = ("dev", "ino", "mode", "uid", "gid", "nlink", "rdev")
        fields = {name: int(data[at + 6 + 6 * n : at + 12 + 6 * n], 8) for n, name in enumerate(names)}
        fields |= {"mtime": int(data[at + 48 : at + 59], 8), "namesize": int(data[at + 59 : at + 65], 8), "size": int(data[at + 65 : at + 76], 8)}
        start, unit, head = at + 76, 1, 76 + fields["namesize"]
    elif data[at : at + 2] == b"\xc7\x71":
        w = _BINARY.unpack_from(data, at)
        fields = {"ino": w[2], "mode": w[3], "uid": w[4], "gid": w[5], "nlink": w[6], "mtime": w[8] << 16 | w[9], "namesize": w[10],
                  "size": w[11] << 16 | w[12]}  # fmt: skip
        start, unit, head = at + 26, 2, 26 + w[10] + w[10] % 2
    else:
        raise BadArchive("premature end of archive")
    name = data[start : start + fields["namesize"] - 1].decode("utf-8", "surrogateescape")
    body = data[at + head : at + head + fields["size"]]
    if len(body) < fields["size"]:
        raise BadArchive("premature end of file")
    member = Member(name, fields["mode"], fields["uid"], fields["gid"], fields["nlink"], fields["mtime"], fields["ino"], body)
    return member, at + head + -(-fields["size"] // unit) * unit
