"""cleanup - canonicalize and enqueue Postfix message

SYNOPSIS
    cleanup [generic Postfix daemon options]

DESCRIPTION
    Takes messages from smtpd, pickup, local, bounce and others on the socket public/cleanup, and writes one queue file each under
    incoming/. It tells the client the name of the file, takes flags, then envelope and content records, and answers with a status
    (0: the message is safe) and a reason. On the way it

    - puts addresses in standard form (by asking trivial-rewrite) and maps them: canonical_maps, sender_canonical_maps,
      recipient_canonical_maps, masquerade_domains, virtual_alias_maps; adds always_bcc, sender_bcc_maps, recipient_bcc_maps;
    - drops Bcc:, Return-Path:, Content-Length: headers, adds missing Message-Id:, Date: and From: headers (Resent- ones for resent mail),
      To: undisclosed-recipients:; where that is configured;
    - applies header_checks, mime_header_checks, nested_header_checks and body_checks with all their actions;
    - refuses messages with more Received: headers than hopcount_limit;
    - bounces what it refuses when the client cannot (mail from pickup), and wakes the queue manager.

BUGS
    Milters are not simulated (a configured one is reported as such). strict_mime_encoding_domain, strict_8bitmime and their
    sisters are not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError
from maillab.sim.postfix._cleanup.addresses import AddressMaps
from maillab.sim.postfix._cleanup.checks import Checks
from maillab.sim.postfix._cleanup.content import Content, Reader
from maillab.sim.postfix._cleanup.envelope import Envelope
from maillab.sim.postfix._cleanup.message import Message, records
from maillab.sim.postfix._cleanup.refusal import bounce_all
from maillab.sim.postfix._server import Hooks, Service, single_server
from maillab.sim.postfix.lib import attr, cleanup_user, mail_trigger, queue_file, record, restart
from maillab.sim.postfix.lib.vstream import Closed, Stream, TimedOut

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"postfix": "/usr/lib/postfix/sbin/cleanup"}
CLOSING_COST = 40
"""Microseconds between the call to the queue manager and the answer to the client."""


class Cleanup:
    """One cleanup process."""

    async def pre_jail(self, service: Service) -> None:
        """Open the tables, before the jail hides them."""
        params = service.params
        self.maps = AddressMaps(service)
        self.checks = Checks(service)
        self.content = Content(service, self.maps, self.checks)
        self.envelope = Envelope(service, self.maps)
        hashed = tuple(params["hash_queue_names"].replace(",", " ").split())
        long_names = params.version >= (2, 9) and params.boolean("enable_long_queue_ids")
        self.queue = queue_file.Queue(service.sys, hashed, params.integer("hash_queue_depth"), long_names)
        self.fields = 6 if params.version >= (3, 0) else 5
        self.limit = params.integer("message_size_limit")
        for milters in ("smtpd_milters", "non_smtpd_milters"):
            if params[milters]:
                service.sys.unsimulated(f"{milters} = {params[milters]}")

    async def serve(self, service: Service, stream: Stream) -> None:
        """Take one message."""
        stream.timeout = service.params.seconds("ipc_timeout")
        message = await self.create(service)
        complete = False
        try:
            attr.send(stream, queue_id=message.queue_id)
            message.flags = int((await attr.receive(stream)).get("flags", "0"))
            complete = await self.receive(message, stream)
        except (Closed, TimedOut):
            pass
        if not complete:
            self.discard(service, message)
            return
        await self.finish(service, message)
        attr.send(stream, status=message.errors, reason=message.reason)

    async def create(self, service: Service) -> Message:
        """A new queue file in incoming/, tried again every ten seconds when the disk refuses."""
        while True:
            try:
                created = service.sys.clock()
                fd, name, path = self.queue.enter_once("incoming")
                return Message(name, path, fd, created, arrival=created)
            except SysError as error:
                service.log.warning(
                    f"mail_queue_enter: create file incoming/{service.sys.clock() % 1000000}.{service.sys.pid}: {error.strerror}"
                )
                await service.sys.sleep(queue_file.RETRY_SECONDS)

    async def receive(self, message: Message, stream: Stream) -> bool:
        """Read records up to the end record."""
        reader: Reader | None = None
        while True:
            found, stream.start = records(stream.buffer, stream.start)
            for kind, data in found:
                if kind == record.END:
                    return True
                if message.doomed:
                    continue
                if reader is not None and message.in_content:
                    if kind == record.EXTRACTED:
                        await reader.finish()
                        message.in_content, message.in_extracted = False, True
                    else:
                        await reader.take(kind, data)
                elif kind == record.MESSAGE:
                    self.begin_content(message)
                    reader = Reader(self.content, message)
                else:
                    await self.envelope.take(message, kind, data)
            await stream.more()

    def begin_content(self, message: Message) -> None:
        """The envelope is complete."""
        message.in_content = True
        if message.sender is None:
            message.errors |= cleanup_user.BAD

    async def finish(self, service: Service, message: Message) -> None:
        """Write the queue file, or throw the message away."""
        if message.flags & cleanup_user.FLAG_DISCARD and not message.errors:
            self.discard(service, message)
            return
        await self.envelope.extract(message)
        if not message.recipients and not message.errors:
            message.errors |= cleanup_user.RECIPIENT
        refused = message.errors & cleanup_user.BOUNCEABLE
        if message.errors and not (refused and message.flags & cleanup_user.FLAG_BOUNCE):
            self.discard(service, message)
            return
        service.sys.pwrite(message.fd, message.image(self.fields), 0)
        if message.errors:
            await bounce_all(service, message)
        if message.errors or message.flags & cleanup_user.FLAG_DISCARD:
            message.errors &= ~cleanup_user.BOUNCEABLE
            self.discard(service, message)
            return
        service.sys.fchmod(message.fd, queue_file.READY_MODE)
        service.sys.close(message.fd)
        if message.flags & cleanup_user.FLAG_HOLD:
            try:
                self.queue.rename(message.queue_id, "incoming", "hold")
            except SysError as error:
                service.log.fatal(f"{message.queue_id}: rename to hold: {error.strerror}")
            return
        try:
            await mail_trigger.mail_trigger(service.sys, f"public/{service.params['queue_service_name']}", mail_trigger.SCAN_INCOMING)
        except SysError as error:
            service.log.warning(f"connect to public/{service.params['queue_service_name']}: {error.strerror}")
        await service.sys.spend(CLOSING_COST)

    def discard(self, service: Service, message: Message) -> None:
        """Remove the queue file."""
        if self.limit and message.content_size > self.limit:
            service.log.warning("mail_stream_cleanup: close error")
        service.sys.close(message.fd)
        try:
            service.sys.unlink(message.path)
        except SysError:
            pass


async def main(sys: Process, argv: list[str]) -> int:
    """Run under master(8)."""
    daemon = Cleanup()
    return await single_server(sys, argv, daemon.serve, Hooks(pre_jail=daemon.pre_jail, pre_accept=restart.when_tables_change))
