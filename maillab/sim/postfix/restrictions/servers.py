"""The DNS for restrictions: does a name exist, which servers and addresses has it?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.host.resolver import ResolverError, getaddrinfo, res_query
from maillab.sim.mail.address import valid_hostname
from maillab.sim.postfix.restrictions.access import address_keys, domain_keys, look_up

if TYPE_CHECKING:
    from maillab.sim.postfix.restrictions.checks import Checks


async def query(checks: Checks, name: str, kind: str) -> list[str] | None:
    """The data of a name's records of one type: [] when there are none, None when the DNS does not answer."""
    if not valid_hostname(name):
        return []
    try:
        answer = await res_query(checks.sys, name, kind)
    except ResolverError as error:
        return None if error.kind in ("again", "fail") else []
    return [record.data for record in answer.records if record.rrtype == kind]


async def exists(checks: Checks, name: str) -> bool | None:
    """Whether a name has an MX or address record; None when the DNS does not answer."""
    unknown = False
    for kind in ("MX", "A", "AAAA"):
        found = await query(checks, name, kind)
        if found:
            return True
        unknown = unknown or found is None
    return None if unknown else False


async def mail_servers(checks: Checks, domain: str) -> list[tuple[str, list[str]]]:
    """The mail servers of a domain with their addresses (the domain itself without MX records)."""
    found = await query(checks, domain, "MX") or []
    names = [text.split()[-1].rstrip(".") for text in found] or [domain]
    return [(name, await _addresses(checks, name)) for name in names]


async def _addresses(checks: Checks, name: str) -> list[str]:
    try:
        return await getaddrinfo(checks.sys, name)
    except ResolverError:
        return []


async def check_servers(checks: Checks, table: str, domain: str, kind: str) -> str | None:
    """Look the MX, NS or A servers of a domain up, by name and address."""
    if not domain or domain == "unknown" or domain.startswith("["):
        return None
    if kind == "MX":
        servers = await mail_servers(checks, domain)
    elif kind == "NS":
        servers = [(text.rstrip("."), await _addresses(checks, text.rstrip("."))) for text in await query(checks, domain, "NS") or []]
    else:
        servers = [(domain, await _addresses(checks, domain))]
    for name, addresses in servers:
        verdict = await look_up(checks, table, domain_keys(checks, name))
        if verdict is not None:
            return verdict
        for ip in addresses:
            verdict = await look_up(checks, table, address_keys(ip))
            if verdict is not None:
                return verdict
    return None
