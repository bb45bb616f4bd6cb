"""Restrictions on the HELO name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.mail.address import valid_hostname, valid_ipv4, valid_ipv6, valid_literal
from maillab.sim.postfix.restrictions import blocklist
from maillab.sim.postfix.restrictions.access import domain_keys, look_up
from maillab.sim.postfix.restrictions.servers import check_servers, exists

if TYPE_CHECKING:
    from maillab.sim.postfix.restrictions.checks import Checks

CLASS = "Helo command"


def _numeric(name: str) -> bool:
    return name.startswith("[") or valid_ipv4(name) or valid_ipv6(name)


def _say(checks: Checks, code: int, status: str, reason: str) -> None:
    checks.session.error_mask.add("policy")
    checks.say_no(code, status, f"<{checks.session.helo}>: {CLASS} rejected: {reason}")


async def reject_invalid_helo_hostname(checks: Checks, argument: str) -> str | None:
    """Refuse names with a bad syntax."""
    name = checks.session.helo or ""
    if not name:
        return None
    good = valid_literal(name) if name.startswith("[") else valid_hostname(name.removesuffix(".")) or valid_ipv4(name)
    if not good:
        _say(
            checks,
            checks.params.integer("invalid_hostname_reject_code"),
            "5.5.2",
            "invalid ip address" if name.startswith("[") else "Invalid name",
        )
    return None


async def reject_non_fqdn_helo_hostname(checks: Checks, argument: str) -> str | None:
    """Refuse names without a dot."""
    name = (checks.session.helo or "").removesuffix(".")
    if not name or name.startswith("["):
        return None
    if not valid_hostname(name) or "." not in name:
        _say(checks, checks.params.integer("non_fqdn_reject_code"), "5.5.2", "need fully-qualified hostname")
    return None


async def reject_unknown_helo_hostname(checks: Checks, argument: str) -> str | None:
    """Refuse names that the DNS does not know."""
    name = checks.session.helo or ""
    if not name or _numeric(name):
        return None
    known = await exists(checks, name)
    if known is False:
        _say(checks, checks.params.integer("unknown_hostname_reject_code"), "4.7.1", "Host not found")
    elif known is None:
        checks.defer_if_permit(450, "4.7.1", f"<{name}>: {CLASS} rejected: Host not found")
    return None


async def check_helo_access(checks: Checks, table: str) -> str | None:
    """Look the name up."""
    name = checks.session.helo
    return await look_up(checks, table, domain_keys(checks, name)) if name else None


async def check_helo_mx_access(checks: Checks, table: str) -> str | None:
    """Look the mail servers of the name up."""
    return await check_servers(checks, table, checks.session.helo or "", "MX")


async def check_helo_ns_access(checks: Checks, table: str) -> str | None:
    """Look the name servers of the name up."""
    return await check_servers(checks, table, checks.session.helo or "", "NS")


async def check_helo_a_access(checks: Checks, table: str) -> str | None:
    """Look the addresses of the name up."""
    return await check_servers(checks, table, checks.session.helo or "", "A")


async def reject_rhsbl_helo(checks: Checks, argument: str) -> str | None:
    """Refuse names in a DNS block list."""
    return await blocklist.reject_name(checks, argument, checks.session.helo or "")
