"""biff - tell the comsat service that a user has mail"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

COMSAT = ("127.0.0.1", 512)


async def notify(sys: Process, user: str, offset: int) -> None:
    """Send `user@offset` to the comsat port; nobody listening there is no error."""
    try:
        fd = sys.socket("inet", "dgram")
        await sys.sendto(fd, f"{user}@{offset}".encode(), COMSAT)
        sys.close(fd)
    except SysError:
        return
