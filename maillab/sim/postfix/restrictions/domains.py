"""Checks on the domain of an address, for senders and recipients alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.mail.address import split_at, valid_hostname
from maillab.sim.postfix.lib import resolve_clnt
from maillab.sim.postfix.restrictions.servers import exists

if TYPE_CHECKING:
    from maillab.sim.postfix.restrictions.checks import Checks


def full_address(checks: Checks, address: str, kind: str, status: str) -> None:
    """Refuse an address whose domain is missing or has no dot."""
    domain = split_at(address)[1]
    if not address or (domain is None and address.lower() == "postmaster"):
        return
    if domain is not None and domain.startswith("["):
        return
    if domain is None or not valid_hostname(domain.removesuffix(".")) or "." not in domain.removesuffix("."):
        checks.session.error_mask.add("policy")
        checks.say_no(checks.params.integer("non_fqdn_reject_code"), status, f"<{address}>: {kind} rejected: need fully-qualified address")


async def known_domain(checks: Checks, address: str, kind: str, status: str) -> None:
    """Refuse an address whose domain has neither MX nor address records; our own domains are not asked about."""
    if not address:
        return
    answer = await checks.resolve(address)
    domain = split_at(answer.recipient)[1]
    if domain is None or domain.startswith("["):
        return
    if answer.flags & (resolve_clnt.CLASS_FINAL | (resolve_clnt.CLASS_RELAY if kind.startswith("Recipient") else 0)):
        return
    known = await exists(checks, domain)
    text = f"<{address}>: {kind} rejected: Domain not found"
    if known is False:
        code = checks.params.integer("unknown_address_reject_code")
        checks.session.error_mask.add("policy")
        checks.say_no(code, status, text)
    elif known is None:
        checks.defer_if_permit(450, status, text)
