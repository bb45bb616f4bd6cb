"""Files of Berkeley DB 5.3, access method "hash" (version 9), as postmap writes them: linear hashing on pages of 4096 bytes.

    entries = read(data)                  bytes of a file -> {key: value} in the order of the buckets; raises DbError
    data = write(entries)                 what a fresh file holds after these insertions, page for page

Source: db5.3_dump, db5.3_verify and files written by postmap; the layout is that of the library's public header db_page.h.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

PAGE = 4096
HEADER = 26
MAGIC, VERSION, META_TYPE = 0x061561, 9, 8
PAGE_HASH_OLD, PAGE_OVERFLOW, PAGE_HASH = 2, 7, 13
KEYDATA, OFFPAGE = 1, 3
BIG = PAGE // 4
CHARKEY = b"%$sniglet^&\0"
NELEM = 4096
SPARES = 32
PAGE_HEADER = struct.Struct("<QIIIHHBB")


class DbError(Exception):
    """Not a file of this kind."""


def hash_bytes(data: bytes) -> int:
    """The library's fifth hash function (Fowler, Noll and Vo's)."""
    value = 0
    for byte in data:
        value = (value * 16777619 & 0xFFFFFFFF) ^ byte
    return value


# --- reading ---------------------------------------------------------------------------------------------------------


def read(data: bytes) -> dict[bytes, bytes]:
    """All entries, bucket by bucket. Raises DbError."""
    if len(data) < PAGE or struct.unpack_from("<I", data, 12)[0] != MAGIC:
        raise DbError("unexpected file type or format")
    max_bucket = struct.unpack_from("<I", data, 72)[0]
    spares = struct.unpack_from(f"<{SPARES}I", data, 96)
    entries: dict[bytes, bytes] = {}
    for bucket in range(max_bucket + 1):
        page = bucket + spares[bucket.bit_length()]
        while page:
            page = _read_page(data, page, entries)
    return entries


def _read_page(data: bytes, number: int, entries: dict[bytes, bytes]) -> int:
    """Add the entries of a bucket's page; the number of the next page of the bucket, 0 at the end."""
    start = number * PAGE
    if start + PAGE > len(data):
        raise DbError("unexpected end of file")
    _, _, _, following, count, _, _, kind = PAGE_HEADER.unpack_from(data, start)
    if kind not in (PAGE_HASH, PAGE_HASH_OLD):
        return 0
    offsets = struct.unpack_from(f"<{count}H", data, start + HEADER)
    items = [_read_item(data, start + offset, end - offset) for offset, end in zip(offsets, (PAGE, *offsets), strict=False)]
    entries.update(zip(items[::2], items[1::2], strict=True))
    return int(following)


def _read_item(data: bytes, start: int, length: int) -> bytes:
    if data[start] != OFFPAGE:
        return data[start + 1 : start + length]
    page, total = struct.unpack_from("<II", data, start + 4)
    parts: list[bytes] = []
    while page:
        _, _, _, following, _, used, _, _ = PAGE_HEADER.unpack_from(data, page * PAGE)
        parts.append(data[page * PAGE + HEADER : page * PAGE + HEADER + used])
        page = following
    return b"".join(parts)[:total]


# --- writing ---------------------------------------------------------------------------------------------------------


@dataclass
class _Page:
    """A page of a bucket: sorted pairs (key, stored key, stored value) and the overflow page that follows it."""

    pairs: list[tuple[bytes, bytes, bytes]] = field(default_factory=list)
    following: int = 0
    previous: int = 0
    used: int = HEADER

    def fits(self, stored_key: bytes, stored_value: bytes) -> bool:
        return self.used + len(stored_key) + len(stored_value) + 4 <= PAGE

    def add(self, pair: tuple[bytes, bytes, bytes]) -> None:
        low, high = 0, len(self.pairs)
        while low < high:
            middle = (low + high) // 2
            if self.pairs[middle][0] < pair[0]:
                low = middle + 1
            else:
                high = middle
        self.pairs.insert(low, pair)
        self.used += len(pair[1]) + len(pair[2]) + 4


class _Writer:
    """A hash file being built: pages by number, and the numbers of its meta page."""

    def __init__(self) -> None:
        self.max_bucket = self.high_mask = 1
        self.low_mask = 0
        self.spares = [1, 1] + [0] * (SPARES - 2)
        self.last = 2
        self.buckets: dict[int, _Page] = {1: _Page(), 2: _Page()}
        self.overflow: dict[int, bytes] = {}
        self.free: list[int] = []
        self.count = 0

    def page_of(self, bucket: int) -> int:
        return bucket + self.spares[bucket.bit_length()]

    def bucket_of(self, key: bytes) -> int:
        bucket = hash_bytes(key) & self.high_mask
        return bucket if bucket <= self.max_bucket else bucket & self.low_mask

    def new_page(self) -> int:
        if self.free:
            return self.free.pop()
        self.last += 1
        return self.last

    def insert(self, key: bytes, value: bytes) -> None:
        pair = (key, self._stored(key), self._stored(value))
        if self._put(self.page_of(self.bucket_of(key)), pair):
            self._expand()
        self.count += 1

    def _put(self, number: int, pair: tuple[bytes, bytes, bytes]) -> bool:
        """Add a pair to the first page of a chain with room; True when a page had to be added."""
        page = self.buckets[number]
        while not page.fits(pair[1], pair[2]):
            if page.following:
                number, page = page.following, self.buckets[page.following]
                continue
            page.following = self.new_page()
            self.buckets[page.following] = fresh = _Page(previous=number)
            fresh.add(pair)
            return True
        page.add(pair)
        return False

    def _stored(self, item: bytes) -> bytes:
        """An item as it stands in a page: itself, or the number of the overflow pages that hold it."""
        if len(item) <= BIG:
            return bytes([KEYDATA]) + item
        chunks = [item[at : at + PAGE - HEADER] for at in range(0, len(item), PAGE - HEADER)]
        numbers = [self.new_page() for _ in chunks]
        for index, (number, chunk) in enumerate(zip(numbers, chunks, strict=True)):
            following = numbers[index + 1] if index + 1 < len(numbers) else 0
            previous = numbers[index - 1] if index else 0
            header = PAGE_HEADER.pack(1 << 32, number, previous, following, 1, len(chunk), 0, PAGE_OVERFLOW)
            self.overflow[number] = header + chunk
        return struct.pack("<B3xII", OFFPAGE, numbers[0], len(item))

    def _expand(self) -> None:
        """Add one bucket, with the keys of the old bucket that belong to it."""
        new = self.max_bucket + 1
        self.max_bucket = new
        if new > self.high_mask:
            self.low_mask = self.high_mask
            self.high_mask = new | self.low_mask
            self.spares[new.bit_length()] = self.last + 1 - new
            self.last += new
        old_page = self.page_of(new & self.low_mask)
        new_page = self.page_of(new)
        self.buckets[new_page] = _Page()
        number = old_page
        first = True
        while number:
            page = self.buckets[number]
            pairs, following = page.pairs, page.following
            if first:
                self.buckets[number] = _Page()
            else:
                del self.buckets[number]
            for pair in pairs:
                target = new_page if self.bucket_of(pair[0]) == new else old_page
                self._put(target, pair)
            if not first:
                self.free.append(number)
            number, first = following, False

    def image(self) -> bytes:
        """The bytes of the file."""
        pages = [bytes(PAGE)] * (self.last + 1)
        pages[0] = self._meta()
        for number, page in self.buckets.items():
            pages[number] = _page_image(number, page)
        for number, content in self.overflow.items():
            pages[number] = content.ljust(PAGE, b"\0")
        for number, following in pairwise([*reversed(self.free), 0]):
            pages[number] = PAGE_HEADER.pack(1 << 32, number, 0, following, 0, PAGE, 0, 0).ljust(PAGE, b"\0")
        return b"".join(pages)

    def _meta(self) -> bytes:
        free = self.free[-1] if self.free else 0
        head = struct.pack("<QIIIIBBBBII", 1 << 32, 0, MAGIC, VERSION, PAGE, 0, META_TYPE, 0, 0, free, self.last)
        head += struct.pack("<III", 0, 0, 0) + struct.pack("<I", 0)
        head += struct.pack("<IIIII", 0x0020E481, 0x0000FE00, 0xFB2BAD9D, 0x00002FD2, 0)
        head += struct.pack("<IIIIII", self.max_bucket, self.high_mask, self.low_mask, 0, NELEM + self.count, hash_bytes(CHARKEY))
        return (head + struct.pack(f"<{SPARES}I", *self.spares)).ljust(PAGE, b"\0")


def _page_image(number: int, page: _Page) -> bytes:
    offsets: list[int] = []
    at = PAGE
    body = b""
    for _, stored_key, stored_value in page.pairs:
        for item in (stored_key, stored_value):
            at -= len(item)
            offsets.append(at)
            body = item + body
    header = PAGE_HEADER.pack(1 << 32, number, page.previous, page.following, len(offsets), at, 0, PAGE_HASH)
    head = header + struct.pack(f"<{len(offsets)}H", *offsets)
    return head + bytes(PAGE - len(head) - len(body)) + body


def write(entries: Mapping[bytes, bytes] | Iterable[tuple[bytes, bytes]]) -> bytes:
    """A file that holds the entries, as if they had been inserted one after the other."""
    writer = _Writer()
    for key, value in dict(entries).items():
        writer.insert(key, value)
    return writer.image()
