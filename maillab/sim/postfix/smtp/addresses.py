"""addresses - where mail for a destination goes: MX records, addresses, best first (RFC 5321 section 5, RFC 7505)"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from maillab.sim.host import resolver
from maillab.sim.host.resolver import ResolverError
from maillab.sim.mail.address import valid_hostname, valid_ipv4, valid_ipv6
from maillab.sim.mail.dsn import Dsn

if TYPE_CHECKING:
    from maillab.sim.postfix._server import Service
    from maillab.sim.postfix.lib.own_addresses import OwnAddresses

TEXTS = {"nxdomain": "Host not found", "again": "Host not found, try again", "fail": "Non-recoverable error",
         "nodata": "Host found but no data record of requested type"}
STATUS = {"nxdomain": "5.4.4", "nodata": "5.4.4", "again": "4.4.3", "fail": "5.4.3"}
IMPLICIT = 0


@dataclass(frozen=True, slots=True)
class Address:
    """One address of a mail server."""

    name: str
    ip: str
    preference: int = IMPLICIT
    best: bool = True


class LookupFailed(Exception):
    """No address; `dsn` says why. `loop`: all addresses are ours."""

    def __init__(self, dsn: Dsn, loop: bool = False) -> None:
        super().__init__(dsn.reason)
        self.dsn = dsn
        self.loop = loop


class Finder:
    """Finds the servers of destinations, the way main.cf says."""

    def __init__(self, service: Service, own: OwnAddresses) -> None:
        self.service = service
        self.own = own
        self.sys = service.sys
        params = service.params
        if params.version >= (2, 11):
            self.dns = params["smtp_dns_support_level"] != "disabled" and (
                params["smtp_dns_support_level"] != "" or not params.boolean("disable_dns_lookups"))
        else:
            self.dns = not params.boolean("disable_dns_lookups")
        sources = params["smtp_host_lookup"].replace(",", " ").split()
        self.sources = [source for source in sources if source in ("dns", "native")] if self.dns else ["native"]
        if self.dns and len(self.sources) < len(sources):
            bad = next(source for source in sources if source not in ("dns", "native"))
            service.log.fatal(f"unknown smtp_host_lookup value \"{bad}\" in \"{params['smtp_host_lookup']}\"")
        self.families = params.protocols()

    async def domain(self, name: str, detect_loops: bool) -> list[Address]:
        """The servers of a mail domain. Raises LookupFailed."""
        if not self.dns or not valid_hostname(name):
            return await self.host(name, detect_loops)
        try:
            answer = await resolver.res_query(self.sys, name, "MX")
            records = sorted(answer.of_type("MX"), key=lambda record: record.preference)
            if not records:
                raise ResolverError("nodata")
        except ResolverError as error:
            if error.kind in ("nxdomain", "nodata"):
                return await self.host(name, detect_loops)
            raise self._failed(name, "MX", error) from None
        if len(records) == 1 and records[0].target.rstrip(".") == "":
            raise LookupFailed(Dsn("5.1.0", f"Domain {name} does not accept mail (nullMX)"))
        best = records[0].preference
        found = await self._exchangers([(record.target.rstrip("."), record.preference) for record in records])
        return self._without_self(name, found, best, detect_loops)

    async def _exchangers(self, targets: list[tuple[str, int]]) -> list[Address]:
        """The addresses of all exchangers; the last error when there are none. Raises LookupFailed."""
        found: list[Address] = []
        failure: LookupFailed | None = None
        best = targets[0][1]
        for target, preference in targets:
            try:
                found += [Address(target, ip, preference, preference == best) for ip in await self._addresses(target)]
            except LookupFailed as error:
                if failure is None or failure.dsn.status[0] == "5" or error.dsn.status[0] == "4":
                    failure = error
        if not found and failure is not None:
            raise failure
        return found

    def _without_self(self, name: str, found: list[Address], best: int, detect_loops: bool) -> list[Address]:
        """The servers that are better than ourselves. Raises LookupFailed when there are none."""
        if not detect_loops:
            return found
        ours = [one.preference for one in found if self.own.is_own(one.ip)]
        if not ours:
            return found
        left = [one for one in found if one.preference < min(ours)]
        if left:
            return left
        if best != found[0].preference:
            raise LookupFailed(Dsn("4.4.4", f"unable to find primary relay for {name}"))
        raise LookupFailed(Dsn("5.4.6", f"mail for {name} loops back to myself"), loop=True)

    async def host(self, name: str, detect_loops: bool) -> list[Address]:
        """The addresses of a host. Raises LookupFailed."""
        found = [Address(name, ip) for ip in await self._addresses(name)]
        if detect_loops and any(self.own.is_own(one.ip) for one in found):
            raise LookupFailed(Dsn("5.4.6", f"mail for {name} loops back to myself"), loop=True)
        return found

    async def _addresses(self, name: str) -> list[str]:
        """The addresses of a name, from the first source that knows it. Raises LookupFailed."""
        literal = name.removeprefix("IPv6:").removeprefix("ipv6:")
        if valid_ipv4(literal) or valid_ipv6(literal):
            return [literal]
        failure: LookupFailed | None = None
        for source in self.sources:
            try:
                return await (self._dns(name) if source == "dns" else self._native(name))
            except LookupFailed as error:
                if error.dsn.status[0] == "4":
                    raise
                failure = error
        assert failure is not None
        raise failure

    async def _dns(self, name: str) -> list[str]:
        if not valid_hostname(name):
            raise LookupFailed(Dsn("5.4.4", f"Name service error for {name}: invalid host or domain name"))
        found: list[str] = []
        failure: LookupFailed | None = None
        for family in self.families:
            rrtype = "AAAA" if family == "inet6" else "A"
            try:
                answer = await resolver.res_query(self.sys, name, rrtype)
                ips = [record.data for record in answer.of_type(rrtype)]
                if not ips:
                    raise ResolverError("nodata")
                found += ips
            except ResolverError as error:
                failure = self._failed(name, rrtype, error)
        if not found and failure is not None:
            raise failure
        return found

    def _failed(self, name: str, rrtype: str, error: ResolverError) -> LookupFailed:
        text = f"Host or domain name not found. Name service error for name={name} type={rrtype}: {TEXTS[error.kind]}"
        return LookupFailed(Dsn(STATUS[error.kind], text))

    async def _native(self, name: str) -> list[str]:
        try:
            found = await resolver.getaddrinfo(self.sys, name, None)
        except ResolverError as error:
            status = "4.4.3" if error.kind == "again" else "5.4.4"
            raise LookupFailed(Dsn(status, f"unable to look up host {name}: {error.text}")) from None
        wanted = [ip for ip in found if ("inet6" if ":" in ip else "inet") in self.families]
        if not wanted:
            raise LookupFailed(Dsn("5.4.4", f"{name}: host not found"))
        return wanted
