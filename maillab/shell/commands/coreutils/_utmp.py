"""Who is logged in: the records of /var/run/utmp (utmp(5), 384 bytes each on amd64)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

PATH = "/var/run/utmp"
_RECORD = struct.Struct("<hxxi32s4s32s256shhiii4i20x")
BOOT, USER = 2, 7


class Session(NamedTuple):
    """A login: `when` in microseconds since 1970."""

    kind: int
    pid: int
    line: str
    user: str
    host: str
    when: int


def sessions(sys: Process, path: str = PATH, kind: int = USER) -> list[Session]:
    """The records of one kind; none when the file is not there."""
    try:
        data = sys.slurp(path)
    except SysError:
        return []
    found = []
    for at in range(0, len(data) - _RECORD.size + 1, _RECORD.size):
        kind_, pid, line, _, user, host, _, _, _, seconds, micro, *_ = _RECORD.unpack_from(data, at)
        texts = [raw.split(b"\0", 1)[0].decode("utf-8", "replace") for raw in (line, user, host)]
        if kind_ == kind:
            found.append(Session(kind_, pid, texts[0], texts[1], texts[2], seconds * 1_000_000 + micro))
    return found
