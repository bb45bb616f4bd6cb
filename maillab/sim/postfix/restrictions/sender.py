"""Restrictions on the envelope sender."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.mail.address import split_at
from maillab.sim.postfix.lib.maps import Maps
from maillab.sim.postfix.restrictions import blocklist
from maillab.sim.postfix.restrictions.access import look_up, mail_keys
from maillab.sim.postfix.restrictions.domains import full_address, known_domain
from maillab.sim.postfix.restrictions.servers import check_servers
from maillab.sim.postfix.restrictions.verified import verified

if TYPE_CHECKING:
    from maillab.sim.postfix.restrictions.checks import Checks

CLASS = "Sender address"


async def reject_non_fqdn_sender(checks: Checks, argument: str) -> str | None:
    """Refuse senders without a full domain."""
    full_address(checks, checks.sender, CLASS, "5.5.2")
    return None


async def reject_unknown_sender_domain(checks: Checks, argument: str) -> str | None:
    """Refuse senders whose domain the DNS does not know."""
    await known_domain(checks, checks.sender, CLASS, "4.1.8")
    return None


async def reject_unlisted_sender(checks: Checks, argument: str) -> str | None:
    """Refuse senders of our own domains that no table knows."""
    saved = checks.reply_name, checks.reply_class
    await checks.known_sender(checks.sender)
    checks.reply_name, checks.reply_class = saved
    return None


async def reject_unverified_sender(checks: Checks, argument: str) -> str | None:
    """Refuse senders that a probe cannot reach."""
    return await verified(checks, checks.sender, CLASS, "sender")


async def check_sender_access(checks: Checks, table: str) -> str | None:
    """Look the sender up; the empty one as smtpd_null_access_lookup_key."""
    if not checks.sender:
        return await look_up(checks, table, [checks.params["smtpd_null_access_lookup_key"]])
    return await look_up(checks, table, mail_keys(checks, checks.sender))


async def check_sender_mx_access(checks: Checks, table: str) -> str | None:
    """Look the mail servers of the domain up."""
    return await check_servers(checks, table, split_at(checks.sender)[1] or "", "MX")


async def check_sender_ns_access(checks: Checks, table: str) -> str | None:
    """Look the name servers of the domain up."""
    return await check_servers(checks, table, split_at(checks.sender)[1] or "", "NS")


async def check_sender_a_access(checks: Checks, table: str) -> str | None:
    """Look the addresses of the domain up."""
    return await check_servers(checks, table, split_at(checks.sender)[1] or "", "A")


async def reject_rhsbl_sender(checks: Checks, argument: str) -> str | None:
    """Refuse senders whose domain is in a DNS block list."""
    return await blocklist.reject_name(checks, argument, split_at(checks.sender)[1] or "", f"<{checks.sender}>", CLASS)


async def _owners(checks: Checks) -> list[str]:
    maps = Maps(checks.sys, checks.log, checks.params, "smtpd_sender_login_maps")
    for key in [*mail_keys(checks, checks.sender)[:2], "@" + (split_at(checks.sender)[1] or "")]:
        value = await maps.find(key)
        if value is not None:
            return value.replace(",", " ").split()
    return []


def _refuse(checks: Checks, reason: str) -> None:
    checks.session.error_mask.add("policy")
    checks.say_no(553, "5.7.1", f"<{checks.sender}>: {CLASS} rejected: {reason}")


async def reject_authenticated_sender_login_mismatch(checks: Checks, argument: str) -> str | None:
    """Users may only be themselves."""
    user = checks.session.sasl_username
    if user and user.lower() not in [owner.lower() for owner in await _owners(checks)]:
        _refuse(checks, f"not owned by user {user}")
    return None


async def reject_unauthenticated_sender_login_mismatch(checks: Checks, argument: str) -> str | None:
    """Addresses that belong to users need their password."""
    if not checks.session.sasl_username and checks.sender and await _owners(checks):
        _refuse(checks, "not logged in")
    return None


async def reject_known_sender_login_mismatch(checks: Checks, argument: str) -> str | None:
    """As reject_sender_login_mismatch, for addresses that some user owns."""
    return await reject_sender_login_mismatch(checks, argument) if checks.sender and await _owners(checks) else None


async def reject_sender_login_mismatch(checks: Checks, argument: str) -> str | None:
    """Both of the above."""
    if checks.sender:
        await reject_authenticated_sender_login_mismatch(checks, argument)
        await reject_unauthenticated_sender_login_mismatch(checks, argument)
    return None
