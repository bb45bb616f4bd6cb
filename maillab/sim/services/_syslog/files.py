"""Log files: opened once, written for each message, opened anew on SIGHUP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process


@dataclass(frozen=True)
class Creation:
    """Owner and mode of new log files and of their directories; uid or gid None: the daemon's own."""

    uid: int | None = None
    gid: int | None = None
    mode: int = 0o644
    directory_mode: int = 0o700
    make_directories: bool = True


class LogFiles:
    """The open log files of a daemon, by path."""

    def __init__(self, sys: Process):
        self.sys = sys
        self._open: dict[str, int | None] = {}

    def write(self, path: str, line: bytes, creation: Creation) -> bool:
        """Append a line; False when the file cannot be opened (which is tried again after `close_all`)."""
        fd = self._open.get(path, -1)
        if fd == -1:
            fd = self._open[path] = self._start(path, creation)
        if fd is None:
            return False
        try:
            self.sys.write_now(fd, line)
        except SysError:
            return False
        return True

    def _start(self, path: str, creation: Creation) -> int | None:
        sys = self.sys
        try:
            new = not sys.exists(path)
            folder = path.rpartition("/")[0]
            if new and creation.make_directories and folder and not sys.isdir(folder):
                sys.mkdir(folder, creation.directory_mode)
            fd = sys.open(path, "a", creation.mode)
            if new:
                sys.fchown(fd, -1 if creation.uid is None else creation.uid, -1 if creation.gid is None else creation.gid)
            return fd
        except SysError:
            return None

    def close_all(self) -> None:
        """Close everything; the next message opens its files anew."""
        for fd in self._open.values():
            if fd is not None:
                self.sys.close(fd)
        self._open.clear()
