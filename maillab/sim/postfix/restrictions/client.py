"""Restrictions on the client: its name, its address, block lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.postfix.restrictions import blocklist
from maillab.sim.postfix.restrictions.access import address_keys, domain_keys, look_up
from maillab.sim.postfix.restrictions.compatibility import tell_old_neighbour
from maillab.sim.postfix.restrictions.servers import check_servers

if TYPE_CHECKING:
    from maillab.sim.postfix.restrictions.checks import Checks

OK = "ok"


async def permit_mynetworks(checks: Checks, argument: str) -> str | None:
    """Accept our own networks."""
    client = checks.session.client
    if not await checks.config.mynetworks.match_client(client.name, client.address):
        return None
    await tell_old_neighbour(checks)
    return OK


async def permit_inet_interfaces(checks: Checks, argument: str) -> str | None:
    """Accept ourselves."""
    own = await checks.params.own_addresses()
    return OK if checks.session.client.address != "unknown" and own.is_own(checks.session.client.address) else None


async def permit_naked_ip_address(checks: Checks, argument: str) -> str | None:
    """Gone from Postfix long ago, still warned about."""
    checks.log.warning("restriction permit_naked_ip_address is deprecated. Use permit_mynetworks instead")
    return None


async def reject_unknown_client_hostname(checks: Checks, argument: str) -> str | None:
    """Refuse clients without a name that points back to them."""
    client = checks.session.client
    if client.name == "unknown":
        code = checks.params.integer("unknown_client_reject_code") if client.name_code >= 5 else 450
        _no_name(checks, code, "hostname")
    return None


async def reject_unknown_reverse_client_hostname(checks: Checks, argument: str) -> str | None:
    """Refuse clients whose address has no name."""
    client = checks.session.client
    if client.reverse == "unknown":
        code = checks.params.integer("unknown_client_reject_code") if client.reverse_code >= 5 else 450
        _no_name(checks, code, "reverse hostname")
    return None


def _no_name(checks: Checks, code: int, what: str) -> None:
    status = "4.7.25" if checks.params.version >= (3, 0) else "4.7.1"
    checks.session.error_mask.add("policy")
    checks.say_no(code, status, f"Client host rejected: cannot find your {what}, [{checks.session.client.address}]")


async def check_client_access(checks: Checks, table: str) -> str | None:
    """Look the client's name and address up."""
    client = checks.session.client
    return await look_up(checks, table, [*domain_keys(checks, client.name), *address_keys(client.address)])


async def check_reverse_client_hostname_access(checks: Checks, table: str) -> str | None:
    """Look the unverified name of the client up."""
    return await look_up(checks, table, domain_keys(checks, checks.session.client.reverse))


async def check_client_mx_access(checks: Checks, table: str) -> str | None:
    """Look the mail servers of the client's name up."""
    return await check_servers(checks, table, checks.session.client.name, "MX")


async def check_client_ns_access(checks: Checks, table: str) -> str | None:
    """Look the name servers of the client's name up."""
    return await check_servers(checks, table, checks.session.client.name, "NS")


async def check_client_a_access(checks: Checks, table: str) -> str | None:
    """Look the addresses of the client's name up."""
    return await check_servers(checks, table, checks.session.client.name, "A")


async def reject_rbl_client(checks: Checks, argument: str) -> str | None:
    """Refuse clients in a DNS block list."""
    return await blocklist.reject_address(checks, argument)


async def permit_dnswl_client(checks: Checks, argument: str) -> str | None:
    """Accept clients in a DNS allow list."""
    return await blocklist.permit_address(checks, argument)


async def reject_rhsbl_client(checks: Checks, argument: str) -> str | None:
    """Refuse clients whose name is in a DNS block list."""
    return await blocklist.reject_name(checks, argument, checks.session.client.name)


async def reject_rhsbl_reverse_client(checks: Checks, argument: str) -> str | None:
    """Refuse clients whose unverified name is in a DNS block list."""
    return await blocklist.reject_name(checks, argument, checks.session.client.reverse)
