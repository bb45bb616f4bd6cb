"""The parameters of smtpd(8), converted once when the process starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.postfix._smtpd.session import Session
from maillab.sim.postfix.lib.match_list import MatchList
from maillab.sim.postfix.restrictions.lists import RestrictionLists

if TYPE_CHECKING:
    from maillab.sim.postfix._server import Service

EHLO_WORDS = ("pipelining", "size", "vrfy", "etrn", "starttls", "auth", "enhancedstatuscodes", "8bitmime", "dsn", "smtputf8", "chunking")
MASK_NAMES = {"smtputf8": "EHLO_MASK_SMTPUTF8"}


class Config:
    """What one smtpd process works with."""

    def __init__(self, service: Service) -> None:
        params = service.params
        self.service = service
        self.params = params
        self.version = params.version
        self.utf8 = self.version >= (3, 0) and params.boolean("smtputf8_enable")
        self.soft_errors = params.integer("smtpd_soft_error_limit")
        self.hard_errors = params.integer("smtpd_hard_error_limit")
        self.junk = params.integer("smtpd_junk_command_limit")
        self.error_sleep = params.seconds("smtpd_error_sleep_time")
        self.helo_required = params.boolean("smtpd_helo_required")
        self.size_limit = params.integer("message_size_limit")
        self.recipient_limit = params.integer("smtpd_recipient_limit")
        self.overshoot_limit = params.integer("smtpd_recipient_overshoot_limit")
        self.delay_reject = params.boolean("smtpd_delay_reject")
        self.strict_rfc821 = params.boolean("strict_rfc821_envelopes")
        self.vrfy = not params.boolean("disable_vrfy_command")
        self.sasl = params.boolean("smtpd_sasl_auth_enable")
        level = params["smtpd_tls_security_level"].lower() if self.version >= (2, 3) else ""
        self.tls = level in ("may", "encrypt") or (not level and (params.boolean("smtpd_use_tls") or params.boolean("smtpd_enforce_tls")))
        self.need_tls = level == "encrypt" or (not level and params.boolean("smtpd_enforce_tls"))
        self.notify = frozenset(params["notify_classes"].replace(",", " ").lower().split())
        self.lists = RestrictionLists(service)

        def hosts(name: str) -> MatchList:
            return MatchList(service.sys, service.log, params, name, params[name], addresses=True)

        self.mynetworks = hosts("mynetworks")
        self.limit_exceptions = hosts("smtpd_client_event_limit_exceptions")
        self.xclient_hosts = hosts("smtpd_authorized_xclient_hosts")
        self.xforward_hosts = hosts("smtpd_authorized_xforward_hosts")
        self.forbidden_commands = MatchList(service.sys, service.log, params, "smtpd_forbidden_commands",
                                            params["smtpd_forbidden_commands"], subdomains=False)
        self.discard_words = self.mask(params["smtpd_discard_ehlo_keywords"], "smtpd_discard_ehlo_keywords")

    async def forbidden(self, name: str) -> bool:
        """Whether a command betrays a client that does not speak SMTP."""
        return await self.forbidden_commands.match(name)

    def mask(self, text: str, parameter: str) -> frozenset[str]:
        """EHLO keywords that are not announced."""
        words = text.replace(",", " ").lower().split()
        for word in words:
            if word not in EHLO_WORDS and word != "silent-discard":
                self.service.log.warning(f'unknown {parameter} value "{word}" in "{text}"' if False else f"unknown EHLO keyword \"{word}\" in \"{text}\"")
        return frozenset(words)

    async def hides(self, session: Session) -> frozenset[str]:
        """The keywords hidden from this client."""
        return self.discard_words


async def matches_client(hosts: MatchList, session: Session) -> bool:
    """Whether a list of networks and names holds the client."""
    return await hosts.match_client(session.client.name, session.client.address)
