"""The parameters of smtpd(8), converted once when the process starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.postfix.lib.anvil_clnt import AnvilClient
from maillab.sim.postfix.lib.maps import LookupFailure, Maps
from maillab.sim.postfix.lib.match_list import MatchList
from maillab.sim.postfix.restrictions.lists import RestrictionLists

if TYPE_CHECKING:
    from maillab.sim.postfix._server import Service
    from maillab.sim.postfix._smtpd.session import Session

EHLO_WORDS = {
    "8bitmime": "8BITMIME",
    "auth": "AUTH",
    "etrn": "ETRN",
    "pipelining": "PIPELINING",
    "size": "SIZE",
    "verp": "VERP",
    "vrfy": "VRFY",
    "xclient": "XCLIENT",
    "xforward": "XFORWARD",
    "starttls": "STARTTLS",
    "enhancedstatuscodes": "ENHANCEDSTATUSCODES",
    "dsn": "DSN",
    "smtputf8": "EHLO_MASK_SMTPUTF8",
    "silent-discard": "SILENT-DISCARD",
    "chunking": "CHUNKING",
}
"""The keywords that can be hidden, with the names that the log gives them, in its order."""


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
        level = params["smtpd_tls_security_level"].lower()
        self.tls = level in ("may", "encrypt") or (not level and (params.boolean("smtpd_use_tls") or params.boolean("smtpd_enforce_tls")))
        self.need_tls = level == "encrypt" or (not level and params.boolean("smtpd_enforce_tls"))
        self.notify = frozenset(word.lower() for word in params.words("notify_classes"))
        self.anvil = AnvilClient(service.sys)
        self.lists = RestrictionLists(service)
        self.mynetworks = self.hosts("mynetworks")
        self.limit_exceptions = self.hosts("smtpd_client_event_limit_exceptions")
        self.xclient_hosts = self.hosts("smtpd_authorized_xclient_hosts")
        self.xforward_hosts = self.hosts("smtpd_authorized_xforward_hosts")
        self.commands = MatchList(service.sys, service.log, params, "smtpd_forbidden_commands", exact=True)
        self.hidden_words = self.mask(params["smtpd_discard_ehlo_keywords"])
        self.hidden_maps = Maps(service.sys, service.log, params, "smtpd_discard_ehlo_keyword_address_maps")

    def hosts(self, name: str) -> MatchList:
        """A parameter that lists networks and hosts."""
        return MatchList(self.service.sys, self.service.log, self.params, name, addresses=True)

    async def forbidden(self, name: str) -> bool:
        """Whether a command betrays a client that does not speak SMTP."""
        try:
            return await self.commands.match(name)
        except LookupFailure:
            return False

    async def lists_client(self, hosts: MatchList, session: Session) -> bool:
        """Whether a list of hosts holds the client; a list that cannot be read does not."""
        try:
            return await hosts.match_client(session.client.name, session.client.address)
        except LookupFailure:
            return False

    def mask(self, text: str) -> frozenset[str]:
        """EHLO keywords that are not announced; unknown ones are ignored."""
        return frozenset(text.replace(",", " ").lower().split()) & frozenset(EHLO_WORDS)

    async def hides(self, session: Session) -> frozenset[str]:
        """The keywords hidden from this client, with a line in the log."""
        hidden = self.hidden_words
        if self.hidden_maps:
            found = await self.hidden_maps.find(session.client.address)
            hidden = self.mask(found) if found is not None else hidden
        if hidden and "silent-discard" not in hidden:
            names = [shown for word, shown in EHLO_WORDS.items() if word in hidden]
            self.service.log.info(f"discarding EHLO keywords: {' '.join(names)}")
        return hidden
