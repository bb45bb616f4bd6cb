"""Pipes and fifos: 64 KiB between writers and readers; SIGPIPE when nobody reads (pipe(7))."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

from maillab.sim.host.description import Description, WaitQueue
from maillab.sim.host.errno import SysError
from maillab.sim.host.inode import Inode, Stat
from maillab.sim.host.signals import SIGPIPE

if TYPE_CHECKING:
    from maillab.sim.host.wait_calls import WaitCalls
    from maillab.sim.kernel.kernel import Kernel

CAPACITY = 65536


class Pipe:
    """The bytes on their way, and how many ends are open."""

    def __init__(self, kernel: Kernel, ino: int):
        self.ino = ino
        self.buffer = bytearray()
        self.readers = 0
        self.writers = 0
        self.had_reader = False  # a fifo waits for its first reader and its first writer
        self.had_writer = False
        self.can_read = WaitQueue(kernel)
        self.can_write = WaitQueue(kernel)


class PipeEnd(Description):
    """One end of a pipe or fifo (a fifo opened read-write is both)."""

    kind = "pipe"

    def __init__(self, kernel: Kernel, pipe: Pipe, readable: bool, writable: bool, inode: Inode | None = None):
        super().__init__(kernel, readable, writable)
        self.pipe = pipe
        self.readers = pipe.can_read
        self.writers = pipe.can_write
        self.inode = inode
        pipe.readers += readable
        pipe.writers += writable
        pipe.had_reader |= readable
        pipe.had_writer |= writable
        pipe.can_read.wake()
        pipe.can_write.wake()

    def ready_read(self) -> int | None:
        return 0 if self.pipe.buffer or (not self.pipe.writers and self.pipe.had_writer) else None

    def ready_write(self) -> int | None:
        return 0 if len(self.pipe.buffer) < CAPACITY or not self.pipe.readers else None

    async def read(self, process: WaitCalls, size: int) -> bytes:
        pipe = self.pipe
        while not pipe.buffer:
            if not pipe.writers and pipe.had_writer:
                return b""
            if self.nonblock:
                raise SysError("EAGAIN")
            await process.block(pipe.can_read)
        data = bytes(pipe.buffer[:size])
        del pipe.buffer[:size]
        pipe.can_write.wake()
        return data

    async def write(self, process: WaitCalls, data: bytes) -> int:
        pipe, done = self.pipe, 0
        while done < len(data):
            if not pipe.readers and pipe.had_reader:
                process.signal_self(SIGPIPE)
                raise SysError("EPIPE")
            room = CAPACITY - len(pipe.buffer)
            if room <= 0:
                if self.nonblock:
                    if done:
                        return done
                    raise SysError("EAGAIN")
                await process.block(pipe.can_write)
                continue
            pipe.buffer += data[done : done + room]
            done += min(room, len(data) - done)
            pipe.can_read.wake()
        return done

    def stat(self) -> Stat:
        inode = self.inode or Inode(self.pipe.ino, stat.S_IFIFO | 0o600)
        return inode.stat()

    def release(self) -> None:
        self.pipe.readers -= self.readable
        self.pipe.writers -= self.writable
        self.pipe.can_read.wake()
        self.pipe.can_write.wake()

    def link_text(self) -> str:
        return self.path or f"pipe:[{self.pipe.ino}]"
