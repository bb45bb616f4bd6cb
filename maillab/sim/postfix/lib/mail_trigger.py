"""Wake a service: a byte written to its socket or FIFO (`public/qmgr`, `public/pickup`)."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

SCAN_INCOMING, SCAN_DEFERRED, SCAN_ALL, WAKEUP = b"I", b"D", b"A", b"W"


async def mail_trigger(sys: Process, path: str, request: bytes) -> None:
    """Send a wake-up call. Raises SysError when nobody can be called there."""
    if stat.S_ISFIFO(sys.stat(path).mode):
        fd = await sys.open_fifo(path, "wn")
    else:
        fd = sys.socket("unix")
        try:
            await sys.connect(fd, path)
        except SysError:
            sys.close(fd)
            raise
    try:
        await sys.write(fd, request)
    finally:
        sys.close(fd)
