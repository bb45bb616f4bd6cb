"""transfer - one message over a session: MAIL, RCPT, DATA, the content, and what each recipient is told"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.mail import dsn as codes
from maillab.sim.mail.address import quote_local
from maillab.sim.mail.dsn import Dsn
from maillab.sim.postfix.smtp.chat import Broken, Reply, Session

if TYPE_CHECKING:
    from maillab.sim.postfix.lib.queue_file import Recipient
    from maillab.sim.postfix.smtp.client import Delivery

XTEXT_SAFE = frozenset(map(chr, range(33, 127))) - {"+", "="}
DOT_DOING = "sending end of data -- message may be sent more than once"


def xtext(text: str) -> str:
    """The encoding of ENVID and ORCPT values (RFC 3461)."""
    return "".join(chr(octet) if chr(octet) in XTEXT_SAFE else f"+{octet:02X}"
                   for octet in text.encode("utf-8", "surrogateescape"))


def fold(line: bytes, limit: int) -> bytes:
    """A line in pieces of at most `limit` octets, continued with a blank."""
    if not limit or len(line) <= limit:
        return line
    pieces = [line[:limit]]
    pieces += [line[at:at + limit - 1] for at in range(limit, len(line), limit - 1)]
    return b"\r\n ".join(pieces)


class Transfer:
    """Sends the message of `delivery` to `recipients` over `session`."""

    def __init__(self, delivery: Delivery, session: Session, recipients: list[Recipient]) -> None:
        self.delivery = delivery
        self.client = delivery.client
        self.session = session
        self.recipients = recipients
        self.accepted: list[Recipient] = []

    async def run(self) -> None:
        """Send it all. Raises Broken; recipients that the server did not decide on stay with the delivery."""
        request, session = self.delivery.request, self.session
        limit = session.features.get("SIZE", "")
        if limit.isdigit() and 0 < int(limit) < request.size:
            text = f"message size {request.size} exceeds size limit {int(limit)} of server {session.shown}"
            await self._all(Dsn("5.3.4", text))
            session.close()
            return
        mail = await self._mail()
        recipients = [await self._recipient(one) for one in self.recipients]
        commands = [mail, *recipients]
        if "PIPELINING" in session.features:
            await self._pipelined(commands)
        else:
            await self._stepwise(commands)

    async def _mail(self) -> str:
        request, features = self.delivery.request, self.session.features
        sender = await self.delivery.mapped(request.sender)
        words = [f"MAIL FROM:<{quote_local(sender)}>"]
        if "SIZE" in features:
            words.append(f"SIZE={request.size}")
        if "8BITMIME" in features and request.encoding in ("8bit", "7bit"):
            words.append("BODY=8BITMIME" if request.encoding == "8bit" else "BODY=7BIT")
        if "DSN" in features:
            if request.envelope_id:
                words.append(f"ENVID={xtext(request.envelope_id)}")
            if request.return_flags:
                words.append(f"RET={'FULL' if request.return_flags == codes.RETURN_FULL else 'HDRS'}")
        if "SMTPUTF8" in features and request.smtputf8:
            words.append("SMTPUTF8")
        return " ".join(words)

    async def _recipient(self, recipient: Recipient) -> str:
        words = [f"RCPT TO:<{quote_local(await self.delivery.mapped(recipient.address))}>"]
        if "DSN" in self.session.features:
            if recipient.dsn_original:
                kind, _, address = recipient.dsn_original.partition(";")
                words.append(f"ORCPT={xtext(kind)};{xtext(address)}")
            if recipient.notify:
                words.append(f"NOTIFY={codes.notify_text(recipient.notify)}")
        return " ".join(words)

    async def _pipelined(self, commands: list[str]) -> None:
        session = self.session
        probe = self.delivery.probe
        for command in commands:
            session.send(command)
        if not probe:
            session.send("DATA")
        await session.flush("sending MAIL FROM")
        ok = await self._mail_reply(await session.reply("sending MAIL FROM", self.client.seconds("mail_timeout")))
        for recipient in self.recipients:
            reply = await session.reply("sending RCPT TO", self.client.seconds("rcpt_timeout"))
            if ok:
                await self._recipient_reply(recipient, reply)
        if probe:
            return
        reply = await session.reply("sending DATA command", self.client.seconds("data_init_timeout"))
        await self._data_reply(reply, ok)

    async def _stepwise(self, commands: list[str]) -> None:
        session = self.session
        reply = await session.ask(commands[0], "sending MAIL FROM", self.client.seconds("mail_timeout"))
        if not await self._mail_reply(reply):
            return
        for recipient, command in zip(self.recipients, commands[1:], strict=True):
            reply = await session.ask(command, "sending RCPT TO", self.client.seconds("rcpt_timeout"))
            await self._recipient_reply(recipient, reply)
        if self.accepted and not self.delivery.probe:
            reply = await session.ask("DATA", "sending DATA command", self.client.seconds("data_init_timeout"))
            await self._data_reply(reply, True)

    async def _mail_reply(self, reply: Reply) -> bool:
        if reply.positive:
            return True
        await self._all(self.session.said(reply, "MAIL FROM command"))
        return False

    async def _recipient_reply(self, recipient: Recipient, reply: Reply) -> None:
        if not reply.positive:
            await self.delivery.failed(recipient, self.session, self.session.said(reply, "RCPT TO command"))
        elif self.delivery.probe:
            dsn = Dsn(reply.status, reply.shown(), "", "smtp", reply.shown(), "dns", self.session.host)
            await self.delivery.sent(recipient, self.session, dsn)
        else:
            self.accepted.append(recipient)

    async def _data_reply(self, reply: Reply, mail_ok: bool) -> None:
        if reply.code // 100 != 3:
            if self.accepted and mail_ok:
                await self._accepted(self.session.said(reply, "DATA command"))
            return
        if not self.accepted:
            self.session.stream.put(b".\r\n")
            await self.session.reply(DOT_DOING, self.client.seconds("data_done_timeout"))
            return
        self.session.stream.put(await self._content())
        self.session.stream.put(b".\r\n")
        await self.session.flush("sending message body")
        if self.client.lmtp:
            for recipient in list(self.accepted):
                one = await self.session.reply(DOT_DOING, self.client.seconds("data_done_timeout"))
                await self._done(recipient, one)
        else:
            one = await self.session.reply(DOT_DOING, self.client.seconds("data_done_timeout"))
            for recipient in list(self.accepted):
                await self._done(recipient, one)

    async def _done(self, recipient: Recipient, reply: Reply) -> None:
        if not reply.positive:
            await self.delivery.failed(recipient, self.session, self.session.said(reply, "end of DATA command"))
            return
        action = "delivered" if self.client.lmtp else "relayed"
        if "DSN" in self.session.features and not self.client.lmtp and recipient.notify & codes.SUCCESS:
            recipient.notify &= ~codes.SUCCESS
        dsn = Dsn(reply.status, reply.shown(), action, "smtp", reply.shown(), "dns", self.session.host)
        await self.delivery.sent(recipient, self.session, dsn)

    async def _all(self, dsn: Dsn) -> None:
        for recipient in list(self.recipients):
            await self.delivery.failed(recipient, self.session, dsn)

    async def _accepted(self, dsn: Dsn) -> None:
        for recipient in list(self.accepted):
            await self.delivery.failed(recipient, self.session, dsn)

    async def _content(self) -> bytes:
        """The content as it goes over the wire: CRLF, dots doubled, long lines folded, addresses mapped."""
        text = await self.delivery.filtered(self.delivery.request.content())
        limit = self.client.line_limit
        lines = text.split(b"\n")
        if lines and not lines[-1]:
            lines.pop()
        return b"".join((b"." if line.startswith(b".") else b"") + fold(line, limit) + b"\r\n" for line in lines)


__all__ = ["Broken", "Transfer", "fold", "xtext"]
