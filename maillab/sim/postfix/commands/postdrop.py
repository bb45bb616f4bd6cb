"""postdrop - Postfix mail posting utility

SYNOPSIS
    postdrop [-rv] [-c config_dir]

DESCRIPTION
    Creates a file in the maildrop directory and copies the records of its standard input to it: this is how sendmail(1) posts mail. It is
    installed set-group-ID, because users may not write to that directory. With -r it talks to sendmail in the attribute protocol: first the
    name of the file, at the end the status. Wakes the pickup service.

    Exit status 0 when the message is safe.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError
from maillab.sim.host.signals import SIGINT, SIGQUIT, SIGTERM
from maillab.sim.postfix.lib import attr, mail_trigger, queue_file, record
from maillab.sim.postfix.lib.msg import Fatal, Msg
from maillab.sim.postfix.lib.params import Params
from maillab.sim.postfix.lib.vstream import Closed, Stream

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"postfix": "/usr/sbin/postdrop"}
MILLION = 1_000_000
EX_TEMPFAIL = 75
DROPPED_MODE = 0o744


class Drop:
    """Takes one message."""

    def __init__(self, sys: Process, log: Msg, params: Params, stream: Stream) -> None:
        self.sys = sys
        self.log = log
        self.params = params
        self.stream = stream
        self.queue = queue_file.Queue(sys, ())
        self.limit = params.integer("message_size_limit")

    async def run(self, talk: bool) -> int:
        """Copy the message; the exit status."""
        fd, name, path = await self.create()
        if talk:
            attr.send(self.stream, queue_id=name)
            await self.stream.flush()
        try:
            status = await self.copy(fd)
        except Closed:
            status = EX_TEMPFAIL
        if status:
            self.sys.close(fd)
            self.sys.unlink(path)
            return status
        self.sys.fchmod(fd, DROPPED_MODE)
        self.sys.close(fd)
        await self._wake()
        if talk:
            attr.send(self.stream, status=0, reason="")
            await self.stream.flush()
        return 0

    async def create(self) -> tuple[int, str, str]:
        """A new file in maildrop, tried again every ten seconds when the directory refuses, until a signal ends it."""
        sys = self.sys
        caught: list[int] = []
        for number in (SIGINT, SIGQUIT, SIGTERM):
            sys.signal(number, caught.append, restart=False)
        while not caught:
            try:
                return self.queue.enter_once("maildrop")
            except SysError as error:
                self.log.warning(f"mail_queue_enter: create file maildrop/{sys.clock() % MILLION}.{sys.pid}: {error.strerror}")
                await self.log.flush()
                with suppress(SysError):  # EINTR
                    await sys.sleep(queue_file.RETRY_SECONDS)
        return sys.exit(caught[0])

    async def copy(self, fd: int) -> int:
        """Copy records, the time first, up to the end record."""
        from maillab.sim.postfix._cleanup.message import records

        parts = [record.encode(record.TIME, queue_file.time_data(self.sys.clock()))]
        size = 0
        while True:
            found, self.stream.start = records(self.stream.buffer, self.stream.start)
            for kind, data in found:
                if kind == record.TIME:
                    continue
                parts.append(record.encode(kind, data))
                size += len(data) + 2
                if self.limit and size > self.limit:
                    self.log.warning(f"uid={self.sys.uid}: File too large")
                    return EX_TEMPFAIL
                if kind == record.END:
                    self.sys.pwrite(fd, b"".join(parts), 0)
                    return 0
            await self.stream.more()

    async def _wake(self) -> None:
        path = f"public/{self.params['pickup_service_name']}"
        try:
            await mail_trigger.mail_trigger(self.sys, path, mail_trigger.WAKEUP)
        except SysError as error:
            if error.name == "ENOENT":
                self.log.warning(f"unable to look up {path}: {error.strerror}")
            elif error.name != "ECONNREFUSED":
                self.log.warning(f"unix_trigger: connect to {path}: {error.strerror}")


async def main(sys: Process, argv: list[str]) -> int:
    """Post a message."""
    log = Msg(sys, argv[0].rpartition("/")[2], stderr=True)
    talk = False
    words = argv[1:]
    try:
        while words and words[0].startswith("-"):
            word = words.pop(0)
            if word.startswith("-c"):
                sys.env["MAIL_CONFIG"] = word[2:] or (words.pop(0) if words else "")
            elif word.strip("-rv"):
                await sys.stderr.write(f"{log.program}: invalid option -- '{word.strip('-rv')[0]}'\n")
                log.fatal(f"usage: {log.program} [-c config_dir] [-v]")
            else:
                talk = talk or "r" in word
        params = await Params.read(sys, log)
        log.rename(params["syslog_name"])
        sys.chdir(params["queue_directory"])
        return await Drop(sys, log, params, Stream(sys, 0, out_fd=1)).run(talk)
    except Fatal as failure:
        log.last_words(failure)
        return failure.status
    except SysError as error:
        log.last_words(Fatal(f"{error.path}: {error.strerror}" if error.path else error.strerror))
        return EX_TEMPFAIL
    finally:
        await log.flush()
