"""Search a table for an address: whole, without extension, as a local user, as `@domain` - and map addresses to addresses.

The order of the keys is that of canonical(5), virtual(5), relocated(5), generic(5): `user+ext@domain`, `user@domain`, then `user+ext` and
`user` when the domain is $myorigin, in $mydestination or our own network address, then `@domain`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from maillab.sim.mail.address import quote_local, split_at, strip_extension, valid_ipv4, valid_ipv6
from maillab.sim.mail.tok822 import addresses
from maillab.sim.postfix.lib.maps import Maps
from maillab.sim.postfix.lib.match_list import MatchList
from maillab.sim.postfix.lib.own_addresses import OwnAddresses

if TYPE_CHECKING:
    from maillab.sim.host.process import Process
    from maillab.sim.postfix.lib.msg import Msg
    from maillab.sim.postfix.lib.params import Params

Rewrite = Callable[[str, str], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Found:
    """A table entry, and the address extension (with its delimiter) that its key left out."""

    value: str
    extension: str | None = None


class AddressFinder:
    """Knows which domains are local. Raises LookupFailure from its searches."""

    def __init__(self, sys: Process, log: Msg, params: Params) -> None:
        self.delimiter = params["recipient_delimiter"]
        self.origin = params["myorigin"].lower()
        self.mydestination = MatchList(sys, log, params, "mydestination", params["mydestination"], exact=True)
        self.params = params

    async def is_local(self, domain: str) -> bool:
        """Whether mail for a domain stays here."""
        if domain.startswith("["):
            inside = domain[1:-1]
            return is_own_literal(await self.params.own_addresses(), inside)
        return await self.mydestination.match(domain.removesuffix("."))

    async def find(self, maps: Maps, address: str, at_domain: bool = True, local_part: bool = True) -> Found | None:
        """The first entry for an internal address."""
        value = await maps.find(quote_local(address))
        if value is not None:
            return Found(value)
        bare, extension = strip_extension(address, self.delimiter)
        if extension is not None:
            value = await maps.find(quote_local(bare), whole=False)
            if value is not None:
                return Found(value, extension)
        local, domain = split_at(address)
        if domain is None:
            return None
        if local_part and (domain.lower() == self.origin or await self.is_local(domain)):
            value = await maps.find(quote_local(local), whole=False)
            if value is not None:
                return Found(value)
            if extension is not None:
                value = await maps.find(quote_local(split_at(bare)[0]), whole=False)
                if value is not None:
                    return Found(value, extension)
        if at_domain:
            value = await maps.find("@" + domain, whole=False)
            if value is not None:
                return Found(value)
        return None

    async def map(self, maps: Maps, address: str, propagate: bool, rewrite: Rewrite) -> list[str] | None:
        """What a table makes of an address (internal forms); None when it has no entry.

        A result `@domain` replaces the domain only; the extension is added when `propagate`; results without domain are completed.
        """
        found = await self.find(maps, address)
        if found is None:
            return None
        extension = found.extension if propagate else None
        value = found.value.strip()
        if value.startswith("@"):
            value = quote_local(split_at(address)[0]) + value
            extension = None
        return [await crunch(text, extension, rewrite) for text in addresses(value)]


def is_own_literal(own: OwnAddresses, inside: str) -> bool:
    """Whether what stands between the brackets of a domain literal is an address of ours."""
    text = inside[5:] if inside[:5].lower() == "ipv6:" else inside
    return own.is_own(text) if valid_ipv4(text) or valid_ipv6(text) else False


async def crunch(text: str, extension: str | None, rewrite: Rewrite) -> str:
    """A result in standard form, with an extension."""
    address = await rewrite("local", text)
    if extension:
        local, domain = split_at(address)
        address = local + extension + (f"@{domain}" if domain is not None else "")
    return address
