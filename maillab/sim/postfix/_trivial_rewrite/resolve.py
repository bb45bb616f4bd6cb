"""Where an address goes: its class, the transport, the next hop and the address that the delivery agent will see.

The classes and their parameters: ADDRESS_CLASS_README; the order of decisions and the flags were observed by asking the rewrite
service of Postfix 3.7.11. An address of the mail system's own domain loses that domain while its local part still holds routing
(`user%elsewhere@here` goes elsewhere).
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from maillab.sim.mail.address import valid_hostname, valid_literal
from maillab.sim.mail.tok822 import Token, internalize, scan
from maillab.sim.postfix._trivial_rewrite.rewrite import Rewriter, first, last, strip_final_dot
from maillab.sim.postfix._trivial_rewrite.transport import TransportMaps
from maillab.sim.postfix.lib import resolve_clnt as flags
from maillab.sim.postfix.lib.mail_addr_find import AddressFinder
from maillab.sim.postfix.lib.maps import LookupFailure, Maps
from maillab.sim.postfix.lib.match_list import MatchList

if TYPE_CHECKING:
    from maillab.sim.postfix._server import Service

ROUNDS = 100


@dataclass(slots=True)
class Resolved:
    """The answer to a resolve request."""

    flags: int = 0
    transport: str = ""
    nexthop: str = ""
    recipient: str = ""


class Resolver:
    """Resolves with the parameters of ordinary mail, or with those of address probes (`address_verify_*`)."""

    def __init__(self, service: Service, rewriter: Rewriter, prefix: str = "") -> None:
        params, log = service.params, service.log
        self.service = service
        self.log = log
        self.params = params
        self.rewriter = rewriter

        def name(parameter: str) -> str:
            return prefix + parameter

        def maps(parameter: str) -> Maps:
            return Maps(service.sys, log, params, name(parameter))

        def domains(parameter: str) -> MatchList:
            return MatchList(service.sys, log, params, parameter, params[parameter], exact=True)

        self.prefix = prefix
        self.alias_domains = domains("virtual_alias_domains")
        self.mailbox_domains = domains("virtual_mailbox_domains")
        self.relay_domains = MatchList(service.sys, log, params, "relay_domains")
        self.relocated = Maps(service.sys, log, params, "relocated_maps")
        self.transports = TransportMaps(service.sys, log, params, name("transport_maps"))
        self.sender_relayhost = maps("sender_dependent_relayhost_maps")
        self.sender_transport = maps("sender_dependent_default_transport_maps") if params.version >= (2, 7) else None
        self.finder = AddressFinder(service.sys, log, params)

    def parameter(self, name: str) -> str:
        """A parameter of this way of resolving."""
        return self.params[self.prefix + name]

    async def resolve(self, sender: str, address: str) -> Resolved:
        """Resolve an internal address."""
        answer = Resolved()
        try:
            tokens, local = await self._find_domain(address)
            await self._decide(answer, sender, tokens, local)
        except LookupFailure as failure:
            self.log.warning(f"{failure.title} lookup failure")
            answer.flags |= flags.FAIL
            answer.recipient = answer.recipient or "NEXTRCPT NOT UPDATED"
        return answer

    async def _find_domain(self, address: str) -> tuple[list[Token], bool]:
        """The address once local domains with routed local parts are peeled off, and whether it is local."""
        tokens = scan(address or self.params["empty_address_recipient"])
        for _ in range(ROUNDS):
            strip_final_dot(tokens)
            at = last(tokens, "@")
            if at < 0:
                if self.rewriter.routing(tokens):
                    self.rewriter.rewrite_tokens(tokens)
                    continue
                return [*tokens, Token("@"), *scan(self.params["myhostname"])], True
            domain = internalize(tokens[at + 1 :])
            if not domain or not await self.finder.is_local(domain):
                return tokens, False
            user = scan(internalize(tokens[:at])) if self.params.boolean("resolve_dequoted_address") else tokens[:at]
            if last(user, "@") > 0 or self.rewriter.routing(user):
                tokens = user
                self.rewriter.rewrite_tokens(tokens)
                continue
            if not user:
                user = scan(self.params["empty_address_recipient"])
            return [*user, *tokens[at:]], True
        return tokens, False

    async def _decide(self, answer: Resolved, sender: str, tokens: list[Token], local: bool) -> None:
        at = last(tokens, "@")
        domain = internalize(tokens[at + 1 :])
        answer.recipient = internalize(tokens[:at]) + "@" + domain
        user = tokens[:at]
        if not local and any(first(user, kind) >= 0 for kind in "@!%"):
            answer.flags |= flags.ROUTED
        good = valid_literal(domain) if domain.startswith("[") else valid_hostname(domain)
        if not good:
            answer.flags |= flags.ERROR | flags.CLASS_DEFAULT
            answer.transport, answer.nexthop = "CHANNEL NOT UPDATED", "NEXTHOP NOT UPDATED"
            return
        if local:
            await self._local(answer, domain)
        else:
            await self._remote(answer, sender, domain)
        await self._exceptions(answer, domain)

    async def _local(self, answer: Resolved, domain: str) -> None:
        for title, domains in (("virtual_alias_domains", self.alias_domains), ("virtual_mailbox_domains", self.mailbox_domains)):
            with suppress(LookupFailure):  # only a warning is at stake
                if not domain.startswith("[") and await domains.match(domain):
                    self.log.warning(f"do not list domain {domain} in BOTH mydestination and {title}")
        answer.flags |= flags.CLASS_LOCAL
        self._route(answer, "local_transport", self.params["myhostname"])

    async def _remote(self, answer: Resolved, sender: str, domain: str) -> None:
        if await self.alias_domains.match(domain):
            if await self.mailbox_domains.match(domain):
                self.log.warning(f"do not list domain {domain} in BOTH virtual_alias_domains and virtual_mailbox_domains")
            shown = " in virtual alias table" if self.params.boolean("show_user_unknown_table_name") else ""
            answer.flags |= flags.CLASS_ALIAS
            answer.transport, answer.nexthop = "error", f"5.1.1 User unknown{shown}"
        elif await self.mailbox_domains.match(domain):
            answer.flags |= flags.CLASS_VIRTUAL
            self._route(answer, "virtual_transport", domain)
        else:
            await self._elsewhere(answer, sender, domain)

    async def _elsewhere(self, answer: Resolved, sender: str, domain: str) -> None:
        """Relayed and other domains: a relayhost may come before the domain."""
        relay = await self.relay_domains.match(domain)
        answer.flags |= flags.CLASS_RELAY if relay else flags.CLASS_DEFAULT
        own = await self._by_sender(self.sender_relayhost, sender)
        relayhost = self.parameter("relayhost")
        nexthop = (own if own.upper() != "DUNNO" else "") or relayhost or domain
        transport = "" if relay or self.sender_transport is None else await self._by_sender(self.sender_transport, sender)
        if transport and transport.upper() != "DUNNO":
            answer.transport, nexthop = self._split(transport, nexthop)
            answer.nexthop = nexthop
        else:
            self._route(answer, "relay_transport" if relay else "default_transport", nexthop)

    async def _by_sender(self, maps: Maps, sender: str) -> str:
        if not maps:
            return ""
        key = (
            "empty_address_default_transport_maps_lookup_key"
            if maps is self.sender_transport
            else "empty_address_relayhost_maps_lookup_key"
        )
        found = await self.finder.find(maps, sender or self.params[key] or "<>", local_part=False)
        return found.value if found else ""

    def _split(self, text: str, nexthop: str) -> tuple[str, str]:
        transport, _, destination = text.partition(":")
        return transport, destination or nexthop

    def _route(self, answer: Resolved, parameter: str, nexthop: str) -> None:
        value = self.parameter(parameter)
        answer.transport, answer.nexthop = self._split(value, nexthop)
        if not answer.transport:
            self.log.fatal(
                f"file {self.params['config_directory']}/main.cf: parameter {self.prefix}{parameter}: null transport is not allowed"
            )

    async def _exceptions(self, answer: Resolved, domain: str) -> None:
        """relocated_maps, then transport_maps, may say otherwise."""
        if self.relocated:
            found = await self.finder.find(self.relocated, answer.recipient)
            if found:
                answer.transport, answer.nexthop = "error", f"5.1.6 User has moved to {found.value}"
                return
        if self.transports:
            await self.transports.apply(answer, domain)
