"""The SMTP commands, one method each: `do_NAME(dialogue, words, line)` answers and says whether the command succeeded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.mail.smtp_grammar import Word
from maillab.sim.postfix._smtpd import envelope
from maillab.sim.postfix._smtpd.auth import Auth
from maillab.sim.postfix._smtpd.config import Config
from maillab.sim.postfix._smtpd.content import ContentReader
from maillab.sim.postfix._smtpd.dialogue import Dialogue, Handler
from maillab.sim.postfix._smtpd.proxies import do_xclient, do_xforward
from maillab.sim.postfix._smtpd.rates import Rates
from maillab.sim.postfix._smtpd.session import POLICY, PROTOCOL, Disconnect, Reject, Session, Transaction
from maillab.sim.postfix._smtpd.starttls import do_starttls
from maillab.sim.postfix.restrictions.checks import Checks

if TYPE_CHECKING:
    from maillab.sim.postfix._server import Service


class Commands:
    """The commands of one session."""

    PIPELINE = frozenset({"mail", "rcpt", "rset", "bdat", "xforward"})
    TLS_FREE = frozenset({"helo", "ehlo", "starttls", "noop", "quit", "xclient", "xforward"})

    def __init__(self, config: Config, session: Session, checks: Checks, rates: Rates) -> None:
        self.config = config
        self.params = config.params
        self.session = session
        self.checks = checks
        self.rates = rates
        self.content = ContentReader(self)
        self.auth = Auth(self)
        self.certificates = False

    @property
    def service(self) -> Service:
        """The daemon."""
        return self.config.service

    def find(self, name: str) -> Handler | None:
        """The method of a command, None when this server does not know it."""
        since = {"bdat": (3, 4), "xclient": (2, 1), "xforward": (2, 1)}
        if name in since and self.params.version < since[name]:
            return None
        if name in ("starttls", "auth") and self.params.version < (2, 8):
            offered = self.config.tls if name == "starttls" else self.config.sasl
            if not offered:
                return None
        handler: Handler | None = getattr(self, "do_" + name, None) if name.isascii() and name.isalpha() else None
        return handler

    # --- beginning and end -------------------------------------------------------------------------------------------

    async def greet(self, dialogue: Dialogue) -> None:
        """The banner, or a refusal."""
        session = self.session
        await self.rates.connect(session)
        try:
            await self.checks.connect()
        except Reject as no:
            session.access_denied = no.reply
            session.error_mask.add(POLICY)
            dialogue.reply(no.reply)
            await dialogue.flush()
            if no.reply.startswith(("421", "521")):
                raise Disconnect() from no
            return
        dialogue.reply("220 " + self.params["smtpd_banner"])
        await dialogue.flush()

    async def do_quit(self, dialogue: Dialogue, words: list[Word], line: str) -> bool:
        """QUIT."""
        if self.params.version >= (3, 4) and len(words) != 1:
            return self.bad(dialogue, "501 5.5.4 Syntax: QUIT")
        raise Disconnect("", "221 2.0.0 Bye")

    def bad(self, dialogue: Dialogue, reply: str, kind: str = PROTOCOL) -> bool:
        """Refuse a command."""
        self.session.error_mask.add(kind)
        dialogue.reply(reply)
        return False

    # --- helo --------------------------------------------------------------------------------------------------------

    async def do_helo(self, dialogue: Dialogue, words: list[Word], line: str) -> bool:
        """HELO hostname."""
        name = await self._hello(words, "HELO")
        self.session.protocol = "SMTP"
        self.session.helo = name
        dialogue.reply("250 " + self.params["myhostname"])
        return True

    async def _hello(self, words: list[Word], command: str) -> str:
        session = self.session
        if len(words) < 2:
            session.error_mask.add(PROTOCOL)
            raise Reject(f"501 Syntax: {command} hostname")
        if len(words) > 2:
            words[1:] = [Word(" ".join(words[1:]))]
        session.helo = None
        name = str(words[1])
        await self.checks.helo(name)
        await self.reset()
        return name

    async def do_ehlo(self, dialogue: Dialogue, words: list[Word], line: str) -> bool:
        """EHLO hostname."""
        session = self.session
        name = await self._hello(words, "EHLO")
        session.protocol = "ESMTP"
        session.helo = name
        session.ehlo_discard = await self.config.hides(session)
        dialogue.replies("250", await self._extensions())
        return True

    async def _extensions(self) -> list[str]:
        """The lines of the answer to EHLO."""
        config, params, session = self.config, self.params, self.session
        hidden = session.ehlo_discard
        offers = [("pipelining", "PIPELINING"), ("size", f"SIZE {config.size_limit}" if config.size_limit else "SIZE")]
        if config.vrfy:
            offers.append(("vrfy", "VRFY"))
        offers.append(("etrn", "ETRN"))
        if config.tls:
            offers.append(("starttls", "STARTTLS"))
        if config.sasl and self.auth.offered(session):
            mechanisms = await self.auth.mechanisms()
            offers.append(("auth", "AUTH " + mechanisms))
            if params.boolean("broken_sasl_auth_clients"):
                offers.append(("auth", "AUTH=" + mechanisms))
        if await config.lists_client(config.xclient_hosts, session):
            offers.append(("xclient", "XCLIENT NAME ADDR PROTO HELO REVERSE_NAME PORT LOGIN DESTADDR DESTPORT"))
        if await config.lists_client(config.xforward_hosts, session):
            offers.append(("xforward", "XFORWARD NAME ADDR PROTO HELO SOURCE PORT IDENT"))
        if params.version >= (2, 3):
            offers.append(("enhancedstatuscodes", "ENHANCEDSTATUSCODES"))
        offers.append(("8bitmime", "8BITMIME"))
        if params.version >= (2, 3):
            offers.append(("dsn", "DSN"))
        if config.utf8:
            offers.append(("smtputf8", "SMTPUTF8"))
        if params.version >= (3, 4):
            offers.append(("chunking", "CHUNKING"))
        return [params["myhostname"], *(text for word, text in offers if word not in hidden)]

    # --- mail --------------------------------------------------------------------------------------------------------

    def new_transaction(self) -> None:
        """Forget the current one."""
        self.session.transaction = Transaction()

    async def reset(self) -> None:
        """Abandon the current transaction."""
        transaction = self.session.transaction
        if transaction.submission is not None:
            transaction.submission.abandon()
        if transaction.proxy is not None:
            transaction.proxy.close()
        self.new_transaction()

    async def do_mail(self, dialogue: Dialogue, words: list[Word], line: str) -> bool:
        """MAIL FROM:<address> [options]."""
        return await envelope.mail(self, dialogue, words)

    async def do_rcpt(self, dialogue: Dialogue, words: list[Word], line: str) -> bool:
        """RCPT TO:<address> [options]."""
        return await envelope.rcpt(self, dialogue, words)

    async def do_data(self, dialogue: Dialogue, words: list[Word], line: str) -> bool:
        """DATA."""
        return await self.content.data(dialogue, words)

    async def do_bdat(self, dialogue: Dialogue, words: list[Word], line: str) -> bool:
        """BDAT count [LAST]."""
        return await self.content.bdat(dialogue, words)

    async def do_rset(self, dialogue: Dialogue, words: list[Word], line: str) -> bool:
        """RSET."""
        if len(words) != 1:
            return self.bad(dialogue, "501 5.5.4 Syntax: RSET")
        await self.reset()
        dialogue.reply("250 2.0.0 Ok")
        return True

    async def do_noop(self, dialogue: Dialogue, words: list[Word], line: str) -> bool:
        """NOOP."""
        dialogue.reply("250 2.0.0 Ok")
        return True

    # --- others ------------------------------------------------------------------------------------------------------

    async def do_vrfy(self, dialogue: Dialogue, words: list[Word], line: str) -> bool:
        """VRFY address."""
        if not self.config.vrfy:
            return self.bad(dialogue, "502 5.5.1 VRFY command is disabled", POLICY)
        utf8 = len(words) > 2 and words[-1].upper() == "SMTPUTF8" and self.config.utf8
        if utf8:
            words = words[:-1]
        shape = " [SMTPUTF8]" if self.config.utf8 else ""
        if len(words) < 2:
            return self.bad(dialogue, f"501 5.5.4 Syntax: VRFY address{shape}")
        text = " ".join(words[1:])
        transaction = self.session.transaction
        address = await envelope.extract(self, text, allow_empty=False, utf8=utf8)
        if address is None:
            return self.bad(dialogue, "501 5.1.3 Bad recipient address syntax")
        saved = transaction.recipient
        try:
            await self.checks.vrfy(address)
        finally:
            transaction.recipient = saved
        dialogue.reply(f"252 2.0.0 {text}")
        return True

    async def do_etrn(self, dialogue: Dialogue, words: list[Word], line: str) -> bool:
        """ETRN domain."""
        session = self.session
        if self.config.helo_required and not session.helo:
            return self.bad(dialogue, "503 Error: send HELO/EHLO first")
        if session.transaction.sender is not None:
            return self.bad(dialogue, "503 Error: MAIL transaction in progress")
        if len(words) != 2:
            return self.bad(dialogue, "500 Syntax: ETRN domain")
        domain = str(words[1]).lstrip("@#")
        if not envelope.valid_domain(domain):
            return self.bad(dialogue, "501 Error: invalid parameter syntax")
        await self.checks.etrn(domain)
        from maillab.sim.postfix.lib import flush_clnt

        status = await flush_clnt.send_site(self.service.sys, self.service.log, self.params, domain)
        if status == flush_clnt.OK:
            dialogue.reply("250 Queuing started")
            return True
        if status == flush_clnt.DENY:
            return self._no_flush(dialogue, domain)
        self.service.log.warning(f"ETRN {domain[:100]}... from {self.session.client.shown}: unable to queue messages")
        dialogue.reply("458 Unable to queue messages")
        return False

    def _no_flush(self, dialogue: Dialogue, domain: str) -> bool:
        self.service.log.warning(f"reject: ETRN {domain[:100]}... from {self.session.client.shown}")
        return self.bad(dialogue, f"459 <{domain}>: service unavailable", POLICY)

    async def do_starttls(self, dialogue: Dialogue, words: list[Word], line: str) -> bool:
        """STARTTLS."""
        return await do_starttls(self, dialogue, words)

    async def do_auth(self, dialogue: Dialogue, words: list[Word], line: str) -> bool:
        """AUTH mechanism [initial response]."""
        return await self.auth.do_auth(dialogue, words)

    async def do_xclient(self, dialogue: Dialogue, words: list[Word], line: str) -> bool:
        """XCLIENT attribute=value..."""
        return await do_xclient(self, dialogue, words)

    async def do_xforward(self, dialogue: Dialogue, words: list[Word], line: str) -> bool:
        """XFORWARD attribute=value..."""
        return await do_xforward(self, dialogue, words)
