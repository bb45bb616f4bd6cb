"""Reading a line from a descriptor without taking more than the line (read, select, scripts on standard input)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process


async def read_line(sys: Process, fd: int, delimiter: bytes = b"\n") -> bytes:
    """One line with its end (b"" at the end of the file). Files are read ahead and put back, pipes byte by byte."""
    out = bytearray()
    while True:
        seekable = can_seek(sys, fd)
        data = await sys.read(fd, 4096 if seekable or (sys.isatty(fd) and delimiter == b"\n") else 1)
        if not data:
            return bytes(out)
        end = data.find(delimiter)
        if end < 0:
            out += data
            continue
        out += data[: end + 1]
        extra = len(data) - end - 1
        if extra and seekable:
            sys.lseek(fd, -extra, 1)
        return bytes(out)


def can_seek(sys: Process, fd: int) -> bool:
    """Whether a descriptor is a file with a position."""
    try:
        sys.lseek(fd, 0, 1)
    except SysError:
        return False
    return True
