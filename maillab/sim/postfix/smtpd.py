"""smtpd - Postfix SMTP server

SYNOPSIS
    smtpd [generic Postfix daemon options]
    sendmail -bs

DESCRIPTION
    Accepts connections, one at a time, and hands the mail it accepts to cleanup. It speaks SMTP and ESMTP: HELO EHLO MAIL RCPT
    DATA BDAT RSET NOOP VRFY ETRN QUIT, with PIPELINING, SIZE, ENHANCEDSTATUSCODES, 8BITMIME, DSN, SMTPUTF8, CHUNKING; AUTH,
    XCLIENT and XFORWARD where they are configured. Who may send what is decided by the smtpd_*_restrictions. With -S it speaks
    over its standard input.

BUGS
    STARTTLS makes no keys: a server with a certificate fails in the handshake. smtpd_proxy_filter and milters are reported as not
    simulated. AUTH knows PLAIN and LOGIN with saslauthd. VERP and smtpd_command_filter are not simulated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.postfix._server import Hooks, Service, single_server
from maillab.sim.postfix._smtpd.commands import Commands
from maillab.sim.postfix._smtpd.config import Config
from maillab.sim.postfix._smtpd.dialogue import Dialogue
from maillab.sim.postfix._smtpd.peer import find_client
from maillab.sim.postfix._smtpd.rates import Rates
from maillab.sim.postfix._smtpd.session import Client, Session
from maillab.sim.postfix._smtpd.starttls import certificates
from maillab.sim.postfix.lib import restart
from maillab.sim.postfix.lib.vstream import Stream
from maillab.sim.postfix.restrictions.checks import Checks, Shared

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"postfix": "/usr/lib/postfix/sbin/smtpd"}
NOT_SIMULATED = ("smtpd_proxy_filter", "smtpd_milters", "smtpd_command_filter")


class Smtpd:
    """One smtpd process."""

    async def pre_jail(self, service: Service) -> None:
        """Open the tables and read the certificates, before the jail hides them."""
        self.shared = Shared(service)
        self.config = Config(service)
        self.certificates = certificates(service)
        for name in NOT_SIMULATED:
            if service.params[name]:
                service.sys.unsimulated(f"{name} = {service.params[name]}")

    async def serve(self, service: Service, stream: Stream) -> None:
        """Talk to one client."""
        client = await find_client(service, stream.fd) if service.under_master else Client("localhost", "localhost", "127.0.0.1", "0", 2, 2)
        session = Session(service, stream, client)
        if service.under_master:
            service.log.info(f"connect from {client.shown}")
        rates = Rates(self.config)
        commands = Commands(self.config, session, Checks(service, self.config, session, self.shared), rates)
        commands.certificates = self.certificates
        await Dialogue(session, commands).run()
        stream.close()


async def main(sys: Process, argv: list[str]) -> int:
    """Run under master(8)."""
    daemon = Smtpd()
    return await single_server(sys, argv, daemon.serve, Hooks(pre_jail=daemon.pre_jail, pre_accept=restart.when_tables_change))
