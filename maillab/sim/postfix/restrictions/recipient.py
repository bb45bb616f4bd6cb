"""Restrictions on the envelope recipient: relaying above all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.mail.address import split_at
from maillab.sim.postfix.lib import resolve_clnt
from maillab.sim.postfix.restrictions import blocklist
from maillab.sim.postfix.restrictions.access import domain_keys, look_up, mail_keys
from maillab.sim.postfix.restrictions.domains import full_address, known_domain
from maillab.sim.postfix.restrictions.servers import check_servers, mail_servers
from maillab.sim.postfix.restrictions.verified import verified

if TYPE_CHECKING:
    from maillab.sim.postfix.restrictions.checks import Checks

OK = "ok"
CLASS = "Recipient address"


async def permit_auth_destination(checks: Checks, argument: str) -> str | None:
    """Accept mail that is for us or that we relay."""
    return OK if await authorized(checks) else None


async def authorized(checks: Checks) -> bool:
    """Whether the recipient is ours or in relay_domains, without routing tricks."""
    answer = await checks.resolve(checks.recipient)
    if answer.flags & resolve_clnt.FAIL:
        checks.say_no(451, "4.3.0", f"<{checks.recipient}>: Temporary lookup failure")
    if "@" not in answer.recipient:
        return True
    if answer.flags & resolve_clnt.CLASS_FINAL:
        return True
    if answer.flags & resolve_clnt.ROUTED:
        return False
    return bool(answer.flags & resolve_clnt.CLASS_RELAY)


async def reject_unauth_destination(checks: Checks, argument: str) -> str | None:
    """Refuse to relay."""
    if not await authorized(checks):
        checks.session.error_mask.add("policy")
        checks.say_no(checks.params.integer("relay_domains_reject_code"), "5.7.1", f"<{checks.recipient}>: Relay access denied")
    return None


async def defer_unauth_destination(checks: Checks, argument: str) -> str | None:
    """Refuse to relay, for now."""
    if not await authorized(checks):
        checks.session.error_mask.add("policy")
        checks.say_no(checks.params.integer("relay_domains_reject_code") - 100, "4.7.1", f"<{checks.recipient}>: Relay access denied")
    return None


async def check_relay_domains(checks: Checks, argument: str) -> str | None:
    """The restriction of old: accept our own, refuse the rest."""
    checks.log.warning(
        'support for restriction "check_relay_domains" will be removed from Postfix; use "reject_unauth_destination" instead'
    )
    if await authorized(checks):
        return OK
    checks.say_no(checks.params.integer("relay_domains_reject_code"), "5.7.1", f"<{checks.recipient}>: Relay access denied")
    return None


async def permit_mx_backup(checks: Checks, argument: str) -> str | None:
    """Accept mail for domains whose backup server we are."""
    if await authorized(checks):
        return OK
    own = await checks.params.own_addresses()
    for _, addresses in await mail_servers(checks, split_at(checks.recipient)[1] or ""):
        if any(own.is_own(ip) for ip in addresses):
            return OK
    return None


async def reject_non_fqdn_recipient(checks: Checks, argument: str) -> str | None:
    """Refuse recipients without a full domain."""
    full_address(checks, checks.recipient, CLASS, "5.5.2")
    return None


async def reject_unknown_recipient_domain(checks: Checks, argument: str) -> str | None:
    """Refuse recipients whose domain the DNS does not know."""
    await known_domain(checks, checks.recipient, CLASS, "4.1.2")
    return None


async def reject_unlisted_recipient(checks: Checks, argument: str) -> str | None:
    """Refuse recipients that no table knows."""
    saved = checks.reply_name, checks.reply_class
    await checks.known_recipient(checks.recipient)
    checks.reply_name, checks.reply_class = saved
    return None


async def check_recipient_maps(checks: Checks, argument: str) -> str | None:
    """The old name of reject_unlisted_recipient."""
    return await reject_unlisted_recipient(checks, argument)


async def reject_unverified_recipient(checks: Checks, argument: str) -> str | None:
    """Refuse recipients that a probe cannot reach."""
    return await verified(checks, checks.recipient, CLASS, "recipient")


async def check_recipient_access(checks: Checks, table: str) -> str | None:
    """Look the recipient up."""
    return await look_up(checks, table, mail_keys(checks, checks.recipient)) if checks.recipient else None


async def check_recipient_mx_access(checks: Checks, table: str) -> str | None:
    """Look the mail servers of the domain up."""
    return await check_servers(checks, table, split_at(checks.recipient)[1] or "", "MX")


async def check_recipient_ns_access(checks: Checks, table: str) -> str | None:
    """Look the name servers of the domain up."""
    return await check_servers(checks, table, split_at(checks.recipient)[1] or "", "NS")


async def check_recipient_a_access(checks: Checks, table: str) -> str | None:
    """Look the addresses of the domain up."""
    return await check_servers(checks, table, split_at(checks.recipient)[1] or "", "A")


async def reject_rhsbl_recipient(checks: Checks, argument: str) -> str | None:
    """Refuse recipients whose domain is in a DNS block list."""
    return await blocklist.reject_name(checks, argument, split_at(checks.recipient)[1] or "", f"<{checks.recipient}>", CLASS)


async def check_etrn_access(checks: Checks, table: str) -> str | None:
    """Look the domain of ETRN up."""
    return await look_up(checks, table, domain_keys(checks, checks.reply_name.strip("<>")))
