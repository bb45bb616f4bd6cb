"""smtp - Postfix SMTP+LMTP client

SYNOPSIS
    smtp [generic Postfix daemon options] [flags=DORX]

DESCRIPTION
    Delivers mail to other hosts, as the queue manager asks: finds the mail exchangers of the destination in the DNS, connects to
    them in order of preference, and tells the queue manager what became of each recipient. `[host]` turns the MX lookup off,
    `:port` chooses a port. Under the name lmtp it speaks LMTP (RFC 2033), also over local sockets (`unix:/path`).

    A destination that is this very host is a loop, and bounces.

CONFIGURATION PARAMETERS
    best_mx_transport, disable_dns_lookups, inet_interfaces, inet_protocols, relayhost, smtp_always_send_ehlo,
    smtp_bind_address, smtp_bind_address6, smtp_body_checks, smtp_connect_timeout, smtp_data_done_timeout,
    smtp_data_init_timeout, smtp_discard_ehlo_keywords, smtp_dns_support_level, smtp_fallback_relay, smtp_generic_maps,
    smtp_header_checks, smtp_helo_name, smtp_helo_timeout, smtp_host_lookup, smtp_line_length_limit, smtp_mail_timeout,
    smtp_mx_address_limit, smtp_mx_session_limit, smtp_never_send_ehlo, smtp_quit_timeout, smtp_rcpt_timeout,
    smtp_sasl_auth_enable, smtp_sasl_password_maps, smtp_sasl_security_options, smtp_skip_5xx_greeting,
    smtp_skip_quit_response, smtp_tls_policy_maps, smtp_tls_security_level, and lmtp_* of the same names

BUGS
    Connections are not cached. After STARTTLS the session goes on in clear text, and no certificate is ever verified: the levels
    above `encrypt` fail. SASL knows PLAIN and LOGIN. 8-bit mail is not converted for servers without 8BITMIME. Equal MX
    preferences are used in the order of the answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.postfix._server import Hooks, single_server
from maillab.sim.postfix.smtp.client import Client

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"postfix": ["/usr/lib/postfix/sbin/smtp", "/usr/lib/postfix/sbin/lmtp"]}


async def main(sys: Process, argv: list[str]) -> int:
    client = Client(lmtp=argv[0].rpartition("/")[2] == "lmtp")
    return await single_server(sys, argv, client.serve, Hooks(pre_jail=client.start, post_jail=client.jailed))
