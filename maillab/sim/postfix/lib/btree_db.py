"""Files of Berkeley DB 5.3, access method "btree" (version 9), as postmap writes them: sorted leaves under internal pages of
4096 bytes.

    entries = read(data)          bytes of a file -> {key: value}, sorted; raises DbError
    data = write(entries)         the bytes of a file with these entries, inserted in their order

Source: db5.3_dump, db5.3_verify and files written by postmap; the layout is that of the library's public header db_page.h.
"""

from __future__ import annotations

import struct
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import accumulate

from maillab.sim.postfix.lib.hash_db import HEADER, PAGE, PAGE_HEADER, PAGE_OVERFLOW, DbError

MAGIC, VERSION, META_TYPE = 0x053162, 9, 9
PAGE_INTERNAL, PAGE_LEAF = 3, 5
KEYDATA, OVERFLOW = 1, 3
MIN_KEYS = 2
BIG = (PAGE - HEADER) // (2 * MIN_KEYS) - 8
ROOT = 1
LSN = 1 << 32


# --- reading ---------------------------------------------------------------------------------------------------------


def read(data: bytes) -> dict[bytes, bytes]:
    """All entries in the order of their keys. Raises DbError."""
    if len(data) < 2 * PAGE or struct.unpack_from("<I", data, 12)[0] != MAGIC:
        raise DbError("unexpected file type or format")
    page = struct.unpack_from("<I", data, 88)[0]
    while _kind(data, page) == PAGE_INTERNAL:
        offset = struct.unpack_from("<H", data, page * PAGE + HEADER)[0]
        page = struct.unpack_from("<I", data, page * PAGE + offset + 4)[0]
    entries: dict[bytes, bytes] = {}
    while page:
        _, _, _, following, count, _, _, _ = PAGE_HEADER.unpack_from(data, page * PAGE)
        offsets = struct.unpack_from(f"<{count}H", data, page * PAGE + HEADER)
        items = [_read_item(data, page * PAGE + offset) for offset in offsets]
        entries.update(zip(items[::2], items[1::2], strict=True))
        page = following
    return entries


def _kind(data: bytes, page: int) -> int:
    if (page + 1) * PAGE > len(data):
        raise DbError("unexpected end of file")
    return data[page * PAGE + 25]


def _read_item(data: bytes, start: int) -> bytes:
    length, kind = struct.unpack_from("<HB", data, start)
    if kind == KEYDATA:
        return data[start + 3 : start + 3 + length]
    page, total = struct.unpack_from("<II", data, start + 4)
    parts: list[bytes] = []
    while page:
        _, _, _, following, _, used, _, _ = PAGE_HEADER.unpack_from(data, page * PAGE)
        parts.append(data[page * PAGE + HEADER : page * PAGE + HEADER + used])
        page = following
    return b"".join(parts)[:total]


# --- writing ---------------------------------------------------------------------------------------------------------


def _aligned(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)


@dataclass
class _Leaf:
    """A leaf: sorted keys, and both stored items of each."""

    number: int
    keys: list[bytes] = field(default_factory=list)
    items: list[tuple[bytes, bytes]] = field(default_factory=list)

    def used(self) -> int:
        return HEADER + sum(len(key) + len(value) + 4 for key, value in self.items)


class _Writer:
    """A tree being built: leaves in order; the root is page 1, alone or above the leaves."""

    def __init__(self) -> None:
        self.leaves = [_Leaf(ROOT)]
        self.firsts: list[bytes] = [b""]
        self.last = ROOT
        self.overflow: dict[int, bytes] = {}

    def insert(self, key: bytes, value: bytes) -> None:
        place = max(bisect_right(self.firsts, key) - 1, 0)
        leaf = self.leaves[place]
        item = (self._stored(key), self._stored(value))
        if leaf.used() + len(item[0]) + len(item[1]) + 4 > PAGE:
            self._split(place, key)
            place = max(bisect_right(self.firsts, key) - 1, 0)
            leaf = self.leaves[place]
        at = bisect_left(leaf.keys, key)
        leaf.keys.insert(at, key)
        leaf.items.insert(at, item)

    def _split(self, place: int, key: bytes) -> None:
        """Move the upper half of a leaf (nothing, when the new key comes after everything) to a new leaf."""
        leaf = self.leaves[place]
        if leaf.number == ROOT:
            leaf.number = self._new_page()
        at_end = place == len(self.leaves) - 1 and key > leaf.keys[-1]
        if at_end:
            half = len(leaf.keys)
        else:
            sizes = list(accumulate(len(first) + len(second) + 4 for first, second in leaf.items))
            half = max(1, min(bisect_left(sizes, sizes[-1] / 2), len(sizes) - 1))
        new = _Leaf(self._new_page(), leaf.keys[half:], leaf.items[half:])
        del leaf.keys[half:], leaf.items[half:]
        self.leaves.insert(place + 1, new)
        self.firsts.insert(place + 1, key if at_end else new.keys[0])

    def _new_page(self) -> int:
        self.last += 1
        return self.last

    def _stored(self, item: bytes) -> bytes:
        if len(item) <= BIG:
            return _aligned(struct.pack("<HB", len(item), KEYDATA) + item)
        chunks = [item[at : at + PAGE - HEADER] for at in range(0, len(item), PAGE - HEADER)]
        numbers = [self._new_page() for _ in chunks]
        for index, (number, chunk) in enumerate(zip(numbers, chunks, strict=True)):
            following = numbers[index + 1] if index + 1 < len(numbers) else 0
            previous = numbers[index - 1] if index else 0
            self.overflow[number] = PAGE_HEADER.pack(LSN, number, previous, following, 1, len(chunk), 0, PAGE_OVERFLOW) + chunk
        return struct.pack("<HBxII", 0, OVERFLOW, numbers[0], len(item))

    def image(self) -> bytes:
        """The bytes of the file."""
        pages: dict[int, bytes] = dict(self.overflow)
        for index, leaf in enumerate(self.leaves):
            previous = self.leaves[index - 1].number if index else 0
            following = self.leaves[index + 1].number if index + 1 < len(self.leaves) else 0
            flat = [item for pair in leaf.items for item in pair]
            pages[leaf.number] = _page(leaf.number, previous, following, 1, PAGE_LEAF, flat)
        if len(self.leaves) > 1:
            self._internal(pages, [(first, leaf.number) for first, leaf in zip(self.firsts, self.leaves, strict=True)], 2)
        pages[0] = self._meta()
        return b"".join(pages.get(number, b"").ljust(PAGE, b"\0") for number in range(self.last + 1))

    def _internal(self, pages: dict[int, bytes], children: list[tuple[bytes, int]], level: int) -> None:
        """The pages above `children`, up to the root."""
        groups: list[list[tuple[bytes, int]]] = [[]]
        used = HEADER
        for key, number in children:
            size = len(_branch(key, number)) + 2
            if used + size > PAGE:
                groups.append([])
                used = HEADER
            groups[-1].append((key, number))
            used += size
        if len(groups) == 1:
            pages[ROOT] = _page(ROOT, 0, 0, level, PAGE_INTERNAL, _branches(groups[0]))
            return
        numbers = [self._new_page() for _ in groups]
        for index, (number, group) in enumerate(zip(numbers, groups, strict=True)):
            previous = numbers[index - 1] if index else 0
            following = numbers[index + 1] if index + 1 < len(numbers) else 0
            pages[number] = _page(number, previous, following, level, PAGE_INTERNAL, _branches(group))
        self._internal(pages, [(group[0][0], number) for group, number in zip(groups, numbers, strict=True)], level + 1)

    def _meta(self) -> bytes:
        head = struct.pack("<QIIIIBBBBII", LSN, 0, MAGIC, VERSION, PAGE, 0, META_TYPE, 0, 0, 0, self.last)
        head += struct.pack("<IIII", 0, 0, 0, 0)
        head += struct.pack("<IIIII", 0x0020E481, 0x0000FE00, 0xC976A4A3, 0x000024FE, 0)
        head += struct.pack("<IIIII", 0, MIN_KEYS, 0, 0x20, ROOT)
        return head.ljust(PAGE, b"\0")


def _branch(key: bytes, number: int) -> bytes:
    return _aligned(struct.pack("<HBxII", len(key), KEYDATA, number, 0) + key)


def _branches(children: list[tuple[bytes, int]]) -> list[bytes]:
    """The items of an internal page; the first needs no key."""
    return [_branch(key if index else b"", number) for index, (key, number) in enumerate(children)]


def _page(number: int, previous: int, following: int, level: int, kind: int, items: list[bytes]) -> bytes:
    offsets: list[int] = []
    at = PAGE
    body: list[bytes] = []
    for item in items:
        at -= len(item)
        offsets.append(at)
        body.append(item)
    head = PAGE_HEADER.pack(LSN, number, previous, following, len(offsets), at, level, kind) + struct.pack(
        f"<{len(offsets)}H", *offsets
    )
    return head + bytes(at - len(head)) + b"".join(reversed(body))


def write(entries: Mapping[bytes, bytes] | Iterable[tuple[bytes, bytes]]) -> bytes:
    """A file that holds the entries, as if they had been inserted one after the other."""
    writer = _Writer()
    for key, value in dict(entries).items():
        writer.insert(key, value)
    return writer.image()
