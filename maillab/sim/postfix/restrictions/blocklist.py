"""DNS block and allow lists, by address (reject_rbl_client) and by name (reject_rhsbl_*)."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from maillab.sim.mail.address import valid_hostname
from maillab.sim.postfix.restrictions.servers import query

if TYPE_CHECKING:
    from maillab.sim.postfix.restrictions.checks import Checks

OK = "ok"


def reverse(address: str) -> str:
    """An address as lists name it: `1.2.3.4` is `4.3.2.1`."""
    pointer = ipaddress.ip_address(address).reverse_pointer
    return pointer.removesuffix(".in-addr.arpa").removesuffix(".ip6.arpa")


async def listed(checks: Checks, name: str, zone: str) -> tuple[str, str] | None:
    """The (domain, text) of a list that has a name; `zone` is `domain` or `domain=d.d.d.d`."""
    domain, equals, wanted = zone.partition("=")
    found = await query(checks, f"{name}.{domain}", "A")
    if found is None:
        checks.log.warning(
            f"{name}.{domain}: RBL lookup error: Host or domain name not found. "
            f"Name service error for name={name}.{domain} type=A: Host not found, try again"
        )
        return None
    if not found or (equals and not any(_matches(ip, wanted) for ip in found)):
        return None
    texts = await query(checks, f"{name}.{domain}", "TXT") or []
    return domain, "".join(texts[:1]).strip('"')


def _matches(address: str, pattern: str) -> bool:
    """Each byte of an answer against a number, `[1;2]` or `[1..9]`."""
    parts = pattern.split(".") if ".." not in pattern else pattern.replace("..", "-").split(".")
    bytes_ = address.split(".")
    if len(parts) != len(bytes_):
        return False
    for part, byte in zip(parts, bytes_, strict=True):
        choices = part.strip("[]").split(";")
        if not any(
            choice == byte or ("-" in choice and int(choice.split("-")[0]) <= int(byte) <= int(choice.split("-")[1])) for choice in choices
        ):
            return False
    return True


def _refuse(checks: Checks, what: str, kind: str, domain: str, text: str) -> None:
    code = checks.params.integer("maps_rbl_reject_code")
    reason = f"Service unavailable; {kind} [{what}] blocked using {domain}" + (f"; {text}" if text else "")
    checks.session.error_mask.add("policy")
    checks.say_no(code, "5.7.1", reason)


async def reject_address(checks: Checks, zone: str) -> str | None:
    """Refuse the client's address when a list has it."""
    address = checks.session.client.address
    if address == "unknown":
        return None
    found = await listed(checks, reverse(address), zone)
    if found is not None:
        _refuse(checks, address, "Client host", *found)
    return None


async def permit_address(checks: Checks, zone: str) -> str | None:
    """Accept the client's address when a list has it."""
    address = checks.session.client.address
    return OK if address != "unknown" and await listed(checks, reverse(address), zone) is not None else None


async def reject_name(checks: Checks, zone: str, name: str, shown: str = "", kind: str = "") -> str | None:
    """Refuse a domain when a list has it."""
    if not name or name == "unknown" or not valid_hostname(name):
        return None
    found = await listed(checks, name, zone)
    if found is not None:
        _refuse(checks, (shown or name).strip("<>"), kind or checks.reply_class, *found)
    return None
