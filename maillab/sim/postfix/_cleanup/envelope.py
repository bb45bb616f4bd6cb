"""The envelope of a message: sender and recipients rewritten, mapped, expanded, and written to the queue file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.mail.address import quote_local
from maillab.sim.postfix._cleanup.addresses import AddressMaps
from maillab.sim.postfix._cleanup.message import Message
from maillab.sim.postfix.lib import cleanup_user, queue_file, record
from maillab.sim.postfix.lib.maps import LookupFailure

if TYPE_CHECKING:
    from maillab.sim.postfix._server import Service

DSN_SUCCESS = 1 << 0
DSN_NEVER = 1 << 0
COPIED = (record.FULLNAME, record.INSPECTOR, record.WARN, record.VERP, record.DELAY)


class Envelope:
    """Handles the records before and after the content."""

    def __init__(self, service: Service, maps: AddressMaps) -> None:
        self.service = service
        self.log = service.log
        self.maps = maps
        params = service.params
        self.always_bcc = params["always_bcc"]
        self.with_original = params.boolean("enable_original_recipient")
        self.empty_recipient = params["empty_address_recipient"]
        self.warn_after = params.seconds("delay_warning_time")

    async def take(self, message: Message, kind: str, data: bytes) -> None:
        """One record from the client."""
        text = data.decode("utf-8", "surrogateescape")
        if kind == record.RECIPIENT:
            await self.recipient(message, text)
        elif kind == record.ORIGINAL_RECIPIENT:
            message.original = text
        elif kind == record.DSN_ORIGINAL_RECIPIENT:
            message.dsn_original = text
        elif kind == record.DSN_NOTIFY:
            message.notify = int(text)
        elif kind == record.FROM:
            await self.sender(message, text)
        elif kind == record.TIME:
            self.time(message, text)
        elif kind == record.ATTRIBUTE:
            self.attribute(message, text)
        elif kind == record.FILTER:
            message.filter = text
        elif kind == record.REDIRECT:
            message.redirect = text
        elif kind == record.FLAGS:
            message.flags |= int(text)
        elif kind in COPIED:
            if kind == record.FULLNAME:
                message.fullname = text
            message.put(kind, data)
        elif kind in (record.DSN_RETURN, record.DSN_ENVELOPE_ID):
            name = "ret_flags" if kind == record.DSN_RETURN else "envelope_id"
            message.put(record.ATTRIBUTE, f"{name}={text}")

    def time(self, message: Message, text: str) -> None:
        """The arrival time; when the file was made comes after it."""
        seconds, _, micro = text.partition(" ")
        message.arrival = int(seconds) * queue_file.MILLION + int(micro or 0)
        message.put(record.TIME, text)
        message.put(record.ATTRIBUTE, f"create_time={message.created // queue_file.MILLION}")

    def attribute(self, message: Message, text: str) -> None:
        """A named attribute; those that describe the next recipient wait for it."""
        name, _, value = text.partition("=")
        if name == "dsn_orig_rcpt":
            message.dsn_original = value
        elif name == "notify_flags":
            message.notify = int(value or 0)
        elif name != "create_time":
            message.attributes[name] = value
            message.put(record.ATTRIBUTE, text)

    async def sender(self, message: Message, text: str) -> None:
        """The envelope sender."""
        address = text
        if address:
            address = await self.maps.rewrite("local", address)
            if message.flags & cleanup_user.FLAG_MAP:
                address = await self.maps.apply(message, address, "envelope_sender")
        message.sender = address
        message.put(record.FROM, address)
        if self.warn_after > 0:
            message.put(record.WARN, f"{message.arrival // queue_file.MILLION + self.warn_after:15d}")
        if message.flags & cleanup_user.FLAG_BCC:
            await self.sender_bcc(message, address)

    async def sender_bcc(self, message: Message, sender: str) -> None:
        """always_bcc and sender_bcc_maps."""
        if self.always_bcc:
            message.bcc.append(self.always_bcc)
        if self.maps.sender_bcc and sender:
            await self._bcc_from(message, self.maps.sender_bcc, sender)

    async def _bcc_from(self, message: Message, maps: object, address: str) -> None:
        table = self.maps.sender_bcc if maps is self.maps.sender_bcc else self.maps.recipient_bcc
        try:
            found = await self.maps.finder.find(table, address)
        except LookupFailure:
            self.maps.problem(message, f"{table.title} map lookup problem")
            return
        if found and found.value.strip() not in message.bcc:
            message.bcc.append(found.value.strip())

    async def recipient(self, message: Message, text: str) -> None:
        """A recipient of the client's."""
        rewritten = await self.maps.rewrite("local", text or self.empty_recipient)
        if not message.first_recipient:
            message.first_recipient = text
        original = message.original if message.original is not None else text
        dsn_original = message.dsn_original or f"rfc822;{quote_local(rewritten)}"
        notify, message.notify, message.original, message.dsn_original = message.notify, 0, None, ""
        address = rewritten
        if message.flags & cleanup_user.FLAG_MAP:
            address = await self.maps.apply(message, address, "envelope_recipient")
        await self.deliver_to(message, address, original, dsn_original, notify)
        if message.flags & cleanup_user.FLAG_BCC and self.maps.recipient_bcc:
            await self._bcc_from(message, self.maps.recipient_bcc, address)

    async def deliver_to(self, message: Message, address: str, original: str, dsn_original: str, notify: int) -> None:
        """Write a recipient, or what virtual aliases make of it, once."""
        addresses = [address]
        if message.flags & cleanup_user.FLAG_MAP and self.maps.virtual:
            addresses = await self.maps.aliases(message, address)
        for result in addresses:
            key = (dsn_original, str(notify), original, result.lower()) if self.with_original else (result.lower(),)
            if key in message.seen_recipients:
                continue
            message.seen_recipients[key] = None
            self.write_recipient(message, queue_file.Recipient(0, result, original, dsn_original, notify))

    def write_recipient(self, message: Message, recipient: queue_file.Recipient) -> None:
        """The records of one recipient."""
        if recipient.dsn_original:
            message.put(record.ATTRIBUTE, f"dsn_orig_rcpt={recipient.dsn_original}")
        if recipient.notify:
            message.put(record.ATTRIBUTE, f"notify_flags={recipient.notify}")
        message.put(record.ORIGINAL_RECIPIENT, recipient.original)
        message.put(record.RECIPIENT, recipient.address)
        message.recipients.append(recipient)

    async def extract(self, message: Message) -> None:
        """What the content's checks and the tables decided, written after the content."""
        if message.filter:
            message.put(record.FILTER, message.filter)
        if message.redirect:
            message.put(record.REDIRECT, message.redirect)
        for text in message.bcc:
            address = await self.maps.rewrite("local", text)
            await self.deliver_to(message, address, "", "", DSN_NEVER)
