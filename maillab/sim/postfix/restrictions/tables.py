"""Is an address known here? The tables of local, aliased, virtual and relayed recipients (LOCAL_RECIPIENT_README)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.postfix.lib import resolve_clnt
from maillab.sim.postfix.lib.mail_addr_find import AddressFinder
from maillab.sim.postfix.lib.maps import Maps
from maillab.sim.postfix.lib.resolve_clnt import Resolved

if TYPE_CHECKING:
    from maillab.sim.postfix._server import Service

RETRY = "retry"


class RecipientTables:
    """The tables of one smtpd process, opened before the jail."""

    def __init__(self, service: Service) -> None:
        self.params = service.params

        def maps(name: str) -> Maps:
            return Maps(service.sys, service.log, service.params, name)

        self.finder = AddressFinder(service.sys, service.log, service.params)
        self.rewriting = [maps(name) for name in ("recipient_canonical_maps", "canonical_maps", "virtual_alias_maps")]
        self.by_class = {
            resolve_clnt.CLASS_LOCAL: (maps("local_recipient_maps"), "local recipient table", "unknown_local_recipient_reject_code"),
            resolve_clnt.CLASS_VIRTUAL: (maps("virtual_mailbox_maps"), "virtual mailbox table", "unknown_virtual_mailbox_reject_code"),
            resolve_clnt.CLASS_RELAY: (maps("relay_recipient_maps"), "relay recipient table", "unknown_relay_recipient_reject_code"),
        }

    async def problem(self, address: str, answer: Resolved, status: str) -> tuple[int, str, str] | None:
        """What is wrong with an address: (code, status, reason), an empty reason for a failed lookup. Raises LookupFailure."""
        if answer.flags & resolve_clnt.FAIL:
            return 451, "4.3.0", ""
        for maps in self.rewriting:
            if maps and await self.finder.find(maps, answer.recipient):
                return None
        if answer.transport == self.params["error_service_name"]:
            return self._error_transport(answer, status)
        if answer.transport == RETRY and self.params.version >= (2, 4):
            return self._error_transport(answer, f"4{status[1:]}")
        for address_class, (maps, title, parameter) in self.by_class.items():
            if not answer.flags & address_class:
                continue
            postmaster = address_class == resolve_clnt.CLASS_LOCAL and answer.recipient.lower().startswith("postmaster@")
            if not maps or postmaster or await self._listed(maps, answer, address_class):
                return None
            shown = f" in {title}" if self.params.boolean("show_user_unknown_table_name") else ""
            return self.params.integer(parameter), status, f"User unknown{shown}"
        return None

    async def _listed(self, maps: Maps, answer: Resolved, address_class: int) -> bool:
        """Whether the class's own table has the address (local_recipient_maps: also the bare user)."""
        if await self.finder.find(maps, answer.recipient):
            return True
        local, _, domain = answer.recipient.rpartition("@")
        own = (f"{self.params['double_bounce_sender']}@{self.params['myhostname']}", f"{self.params['address_verify_sender'].lstrip('<')}")
        if address_class == resolve_clnt.CLASS_LOCAL and domain.startswith("["):
            return await maps.find(local, whole=False) is not None
        return answer.recipient.lower() in (text.lower() for text in own)

    def _error_transport(self, answer: Resolved, status: str) -> tuple[int, str, str]:
        """The error transport says why in its next hop."""
        word, _, reason = answer.nexthop.partition(" ")
        if word[:1] in "45" and word.count(".") == 2:
            status = word
        else:
            reason = answer.nexthop
        if status.startswith("4"):
            return 450, status, reason
        alias = answer.flags & resolve_clnt.CLASS_ALIAS
        return (self.params.integer("unknown_virtual_alias_reject_code") if alias else 550), status, reason
